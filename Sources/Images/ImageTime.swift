// SPDX-License-Identifier: Apache-2.0
// Times of configurations, which others wrote: RFC 3339 into seconds and docker's words.
internal import Kernel

/// A time of an image.
public enum ImageTime {
    /// Seconds after 1970 of `2024-01-01T00:00:00.5Z` or with an offset; nil when it is nothing like that.
    public static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
            let offset = offset(bytes[19...].drop { $0 == UInt8(ascii: ".") || isDigit($0) })
        else { return nil }
        return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    /// `2 weeks ago`, `N/A` for a time that is not told.
    public static func age(_ text: String, now: Int64) -> String {
        // Images without a time say the year 1.
        guard let then = seconds(text), then > -62_135_596_800 else { return "N/A" }
        return HumanText.duration(seconds: max(0, now - then)) + " ago"
    }

    /// `2024-01-01 00:00:00 +0000 UTC`, as `--format {{.CreatedAt}}` has it.
    public static func plain(_ text: String) -> String {
        guard let then = seconds(text), then > 0 else { return text }
        let written = Array(Clock.timestamp(seconds: then).utf8)
        return String(decoding: written[0..<10], as: UTF8.self) + " "
            + String(decoding: written[11..<19], as: UTF8.self) + " +0000 UTC"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ isDigit($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// `Z`, `+01:00`.
    private static func offset(_ rest: ArraySlice<UInt8>) -> Int64? {
        if rest.count == 1, let zone = rest.first, zone | 0x20 == UInt8(ascii: "z") { return 0 }
        let bytes = Array(rest)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let value = hours * 3600 + minutes * 60
        return bytes[0] == UInt8(ascii: "+") ? value : bytes[0] == UInt8(ascii: "-") ? -value : nil
    }

    /// Days from 1970 to a date of the Gregorian calendar, by eras of 400 years that begin in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
