// SPDX-License-Identifier: Apache-2.0
// eq, ne, lt, le, gt, ge: numbers with numbers, strings with strings, nothing else has an order.
import JSON

extension TemplateFunction {
    /// `eq` holds if the first equals any of the others.
    func compare(_ arguments: [JSONTree]) throws(FunctionFault) -> Bool {
        let first = arguments[0]
        switch self {
        case .eq:
            for other in arguments.dropFirst() where try Self.equal(first, other) { return true }
            return false
        case .ne: return try !Self.equal(first, arguments[1])
        case .lt: return try Self.less(first, arguments[1])
        case .gt: return try Self.less(arguments[1], first)
        case .le: return try !Self.less(arguments[1], first)
        default: return try !Self.less(first, arguments[1])
        }
    }

    private static func equal(_ left: JSONTree, _ right: JSONTree) throws(FunctionFault) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.number(let left), .number(let right)): return DecimalNumber(left) == DecimalNumber(right)
        default: throw incomparable(left, right)
        }
    }

    private static func less(_ left: JSONTree, _ right: JSONTree) throws(FunctionFault) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.number(let one), .number(let other)):
            guard let one = DecimalNumber(one), let other = DecimalNumber(other) else {
                throw incomparable(left, right)
            }
            return one < other
        default: throw incomparable(left, right)
        }
    }

    private static func incomparable(_ left: JSONTree, _ right: JSONTree) -> FunctionFault {
        FunctionFault(text: "\(left.kindName) cannot be compared with \(right.kindName)")
    }
}
