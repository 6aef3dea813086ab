// SPDX-License-Identifier: Apache-2.0
// Hooks that the runtime itself runs. See runtime-spec config.md#posix-platform-hooks.
internal import JSON
internal import Kernel
internal import OCISpec
internal import Plan
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

    /// Runs one hook to its end; `place` is its name in the configuration.
    func run(_ hook: HookSpec, _ place: String, directory: String?, input: [UInt8]) throws(RuntimeError) {
        do throws(HookFailure) {
            try HookProcess.run(
                path: hook.path, arguments: hook.args.isEmpty ? [hook.path] : hook.args,
                environment: hook.env, directory: directory,
                input: input, timeoutMilliseconds: hook.timeout.map { $0 * 1000 } ?? -1)
        } catch {
            throw RuntimeError(
                Self.sentence(place, hook.path, error.detail, error.detailIndex, error.number))
        }
    }

    /// The state that hooks of the creation get; those inside get it through the page that parent and
    /// child share.
    func shareState(_ launch: borrowing Launch) throws(RuntimeError) -> [UInt8] {
        guard launch.record.hasHooks else { return [] }
        let text = Self.stateText(launch.record, .creating)
        let isInside = launch.plan.container.contains { step in
            if case .hook = step { return true }
            return false
        }
        guard text.count <= LaunchPage.stateTextSize || !isInside else {
            throw RuntimeError(
                "`annotations`: the state for `hooks.createContainer` and `hooks.startContainer` has"
                    + " \(text.count) bytes, more than \(LaunchPage.stateTextSize)")
        }
        launch.page.setStateText(text, index: 0)
        launch.page.setStateText(Self.stateText(launch.record, .created), index: 1)
        return text
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
        for (index, hook) in hooks.enumerated() { runPoststop(hook, index, record) }
    }

    func runPoststop(_ hook: HookSpec, _ index: Int, _ record: RuntimeRecord) {
        // Not in the bundle, which may be gone.
        var ended = record
        ended.pid = 0
        do throws(RuntimeError) {
            try run(
                hook, "poststop[\(index)]", directory: nil, input: Self.stateText(ended, .stopped))
        } catch { warn(error.description + " (hook \(index))") }
    }

    /// The copy of config.json that was made when the container was created.
    func configuration(of record: RuntimeRecord) throws(RuntimeError) -> RuntimeSpec {
        let bytes = try storing { () throws(StoreError) in try store.configuration(record.id) }
        do throws(JSONError) { return try RuntimeSpec.decode(bytes) } catch {
            throw unreadable(record, error)
        }
    }

    /// The same, with its filter.
    func loadConfiguration(of record: RuntimeRecord) throws(RuntimeError) -> LoadedConfiguration {
        let bytes = try storing { () throws(StoreError) in try store.configuration(record.id) }
        do throws(JSONError) { return try decode(bytes) } catch { throw unreadable(record, error) }
    }

    private func unreadable(_ record: RuntimeRecord, _ error: JSONError) -> RuntimeError {
        RuntimeError("`\(store.directory(of: record.id))/state.json`: \(error)")
    }
}
