// SPDX-License-Identifier: Apache-2.0
// Hooks that the runtime itself runs. See runtime-spec config.md#posix-platform-hooks.
internal import JSON
internal import Kernel
internal import OCISpec
internal import StateStore

extension Runtime {
    /// The state that a hook gets on standard input.
    static func stateText(_ record: RuntimeRecord, _ status: ContainerStatus) -> [UInt8] {
        ContainerState(
            ociVersion: record.ociVersion, id: record.id, status: status, pid: record.pid,
            bundle: record.bundle,
            annotations: record.annotations
        ).encode()
    }

    /// Runs hooks of one kind in order, in the bundle; the first failure ends it.
    func run(
        _ hooks: [HookSpec], kind: String, directory: String?, input: [UInt8]
    ) throws(RuntimeError) {
        for (index, hook) in hooks.enumerated() {
            do throws(HookFailure) {
                try HookProcess.run(
                    path: hook.path, arguments: hook.args.isEmpty ? [hook.path] : hook.args,
                    environment: hook.env, directory: directory,
                    input: input, timeoutMilliseconds: hook.timeout.map { $0 * 1000 } ?? -1)
            } catch {
                throw RuntimeError(
                    Self.sentence(
                        "\(kind)[\(index)]", hook.path, error.detail, error.detailIndex, error.number))
            }
        }
    }

    static func sentence(
        _ place: String, _ path: String, _ detail: LaunchFailure.Detail, _ index: UInt32,
        _ number: ErrorNumber
    ) -> String {
        switch detail {
        case .hookExit: "the hook `hooks.\(place)` (`\(path)`) failed with exit status \(index)"
        case .hookSignal: "the hook `hooks.\(place)` (`\(path)`) was ended by signal \(index)"
        case .hookTimeout:
            "the hook `hooks.\(place)` (`\(path)`) did not end within its timeout and was killed"
        default: "cannot run the hook `hooks.\(place)` (`\(path)`): \(number.text)"
        }
    }

    /// The hooks for after the end, from the copy of the configuration that `create` kept.
    func poststopHooks(_ record: RuntimeRecord) -> [HookSpec] {
        (try? configuration(of: record))?.hooks?.poststop ?? []
    }

    /// A failing poststop hook is a warning: the container is gone, whatever it says.
    func runPoststop(_ hooks: [HookSpec], _ record: RuntimeRecord) {
        guard !hooks.isEmpty else { return }
        // Not in the bundle, which may be gone.
        var ended = record
        ended.pid = 0
        for (index, hook) in hooks.enumerated() {
            do throws(RuntimeError) {
                try run([hook], kind: "poststop", directory: nil, input: Self.stateText(ended, .stopped))
            } catch { warn(error.description + " (hook \(index))") }
        }
    }

    /// The copy of config.json that was made when the container was created.
    func configuration(of record: RuntimeRecord) throws(RuntimeError) -> RuntimeSpec {
        let bytes = try storing { () throws(StoreError) in try store.configuration(record.id) }
        do throws(JSONError) { return try RuntimeSpec.decode(bytes) } catch {
            throw RuntimeError("`\(store.directory(of: record.id))/state.json`: \(error)")
        }
    }
}
