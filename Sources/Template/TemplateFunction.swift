// SPDX-License-Identifier: Apache-2.0
// The functions there are: Go's own and docker's.
// Source: https://pkg.go.dev/text/template#hdr-Functions, https://docs.docker.com/engine/cli/formatting/

/// A function of templates.
enum TemplateFunction: String, Sendable, CaseIterable {
    case and, or, not
    case eq, ne, lt, le, gt, ge
    case len, index, slice
    case print, printf, println
    case html, js, urlquery
    case json, join, split, lower, upper, title, pad, truncate

    static var names: [String] { allCases.map { $0.rawValue } }

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .and, .or, .index, .slice, .printf: 1...1000
        case .eq: 2...1000
        case .print, .println, .html, .js, .urlquery: 0...1000
        case .not, .len, .json, .lower, .upper, .title: 1...1
        case .ne, .lt, .le, .gt, .ge, .join, .split, .truncate: 2...2
        case .pad: 3...3
        }
    }

    /// What it makes of a header, where docker's functions leave the column's name as it is.
    var keepsHeader: Bool {
        switch self {
        case .json, .join, .split, .lower, .upper, .title, .truncate: true
        default: false
        }
    }
}
