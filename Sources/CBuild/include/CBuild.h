// SPDX-License-Identifier: Apache-2.0
// What the build knows and the source cannot. A module of its own, so that a new commit does not
// compile the others anew.
#pragma once

// The commit as 40 hexadecimal digits, `-dirty` behind it when files differ; or `unknown`.
const char *_Nonnull build_commit(void);
