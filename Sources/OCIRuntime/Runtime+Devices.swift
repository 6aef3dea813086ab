// SPDX-License-Identifier: Apache-2.0
// The device list of a container: put on its group while the first process makes its mounts, before
// anything of the container runs in it; replaced while it runs.
internal import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

extension Runtime {
    /// Puts the plan's list on the group. A host that refuses gets a warning: as other walls that this host
    /// cannot give, it is missed, and named (docs/decisions/0014).
    func installDeviceList(_ step: HostStep, _ plan: LaunchPlan) throws(RuntimeError) {
        guard let filter = plan.deviceFilter, case .deviceList(_, let path) = step else { return }
        let begin = Clock.monotonic()
        do throws(SyscallError) {
            let group = try Cgroup(path: path).open()
            try DeviceProgram.install(filter, on: group.number)
        } catch {
            guard error.number.isRefusal else {
                throw RuntimeError(
                    "cannot put the device list on the control group `\(path)`: \(error.number.text) (bpf)")
            }
            warn(
                "no device list: this host refuses bpf(2) (\(error.number.text)); the container can open every"
                    + " device that it can make a node of")
            return
        }
        narrator?.host(step, Clock.monotonic() - begin)
    }

    /// Gives a container that runs another device list, in one step: `devices` replaces the whole list of its
    /// configuration. What is open stays open.
    func replaceDevices(_ devices: [DeviceCgroupSpec], of record: RuntimeRecord) throws(RuntimeError) {
        let filter = DeviceFilter(try DeviceList.rules(devices, prefix: ""))
        guard !record.cgroup.isEmpty else {
            throw RuntimeError(
                "cannot change the device list of `\(record.id)`: it was made without a control group")
        }
        try explaining("change the device list of `\(record.id)`") { () throws(SyscallError) in
            let group = try Cgroup(path: record.cgroup).open()
            try DeviceProgram.install(filter, on: group.number)
        }
    }
}
