// SPDX-License-Identifier: Apache-2.0
#include "CShims.h"
const uint64_t *shim_default_filter(uint32_t *count)
{
    *count = 0;
    return 0;
}
