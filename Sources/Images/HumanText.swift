// SPDX-License-Identifier: Apache-2.0
// Sizes and ages as docker's lists write them.
// Source: https://github.com/docker/go-units/blob/v0.5.0/size.go, duration.go

/// Numbers for people.
public enum HumanText {
    /// Bytes in powers of 1000 with `digits` significant digits: `943MB`, `1.22GB`, `0B`.
    public static func size(_ bytes: Int64, digits: Int = 3) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(max(bytes, 0))
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return significant(value, digits) + units[unit]
    }

    /// As `%.Ng` writes it for values from 0 up to 1000.
    private static func significant(_ value: Double, _ digits: Int) -> String {
        let whole = value >= 100 ? 3 : value >= 10 ? 2 : 1
        var scale: Int64 = 1
        for _ in 0..<max(0, digits - whole) { scale *= 10 }
        let scaled = Int64((value * Double(scale)).rounded(.toNearestOrEven))
        let rest = scaled % scale
        guard rest != 0 else { return "\(scaled / scale)" }
        var fraction = "\(rest)"
        fraction = String(repeating: "0", count: max(0, digits - whole - fraction.utf8.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(scaled / scale).\(fraction)"
    }

    /// How long something is ago, or lasted: `Less than a second`, `28 seconds`, `About a minute`,
    /// `37 minutes`, `About an hour`, `7 days`, `3 weeks`, `4 months`, `2 years`.
    public static func duration(seconds: Int64) -> String {
        let (minutes, hours) = (seconds / 60, Int64((Double(seconds) / 3600).rounded()))
        switch seconds {
        case ..<1: return "Less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        default: break
        }
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(seconds / 3600 / 24 / 365) years"
    }
}
