// SPDX-License-Identifier: Apache-2.0
// The suite that holds all others: they run one after another, since each looks at the whole host.
import TestSupport
import Testing

@Suite("roost-oci behaves as runc and crun do", .serialized, .enabled(if: isRoot))
struct ConformanceTests {}
