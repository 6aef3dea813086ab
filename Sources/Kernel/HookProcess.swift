// SPDX-License-Identifier: Apache-2.0
// A hook run by the runtime itself. See runtime-spec config.md#posix-platform-hooks.
internal import CShims

/// How a hook failed.
public struct HookFailure: Error, Equatable, Sendable {
    /// The error, `ECANCELED` when the hook ran and failed.
    public let number: ErrorNumber
    /// How it ended.
    public let detail: LaunchFailure.Detail
    /// Its exit status or signal.
    public let detailIndex: UInt32
}

/// Programs that are run at points of a container's life.
public enum HookProcess {
    /// Runs one hook to its end, `input` on its standard input. `timeoutMilliseconds` < 0: none.
    /// - Parameter directory: where it begins; nil: where this process is.
    public static func run(
        path: String, arguments: [String], environment: [String], directory: String? = nil, input: [UInt8],
        timeoutMilliseconds: Int64
    ) throws(HookFailure) {
        var end = shim_hook_end()
        var result: Int32 = 0
        withArgumentVector(arguments) { argv in
            withArgumentVector(environment) { envp in
                input.withUnsafeBytes { bytes in
                    path.withCString { path in
                        guard let base = bytes.baseAddress else { return }
                        var hook = shim_hook(
                            path: path, argv: argv, envp: envp, input: base,
                            input_length: UInt32(bytes.count), timeout_ms: timeoutMilliseconds,
                            directory: nil)
                        guard let directory else { return result = shim_run_hook(&hook, &end) }
                        directory.withCString {
                            hook.directory = $0
                            result = shim_run_hook(&hook, &end)
                        }
                    }
                }
            }
        }
        guard result < 0 else { return }
        throw HookFailure(
            number: ErrorNumber(-result), detail: LaunchFailure.Detail(rawValue: end.detail) ?? .none,
            detailIndex: end.detail_index)
    }
}
