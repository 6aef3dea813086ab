// SPDX-License-Identifier: Apache-2.0
// What Swift sees of libcurl, ISA-L, zlib and zstd: plain calls over opaque pointers. The headers
// of the libraries stay in the .c files, since they are wide, and variadic calls cannot be made
// from Swift.
#pragma once
#include <stdint.h>
#include <stddef.h>

#include "Sandboxing.h"
#include "Unpacking.h"
#include "HTTP.h"

// The versions of the libraries that are linked, as one line. The text is never freed.
const char *_Nonnull transfer_versions(void);
