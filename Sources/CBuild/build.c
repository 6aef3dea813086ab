// SPDX-License-Identifier: Apache-2.0
#include "CBuild.h"

#ifndef ROOST_COMMIT
#define ROOST_COMMIT "unknown"
#endif

const char *build_commit(void)
{
    return ROOST_COMMIT;
}
