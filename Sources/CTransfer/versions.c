// SPDX-License-Identifier: Apache-2.0
// The libraries' own words about their versions: see curl_version(3).
#include <curl/curl.h>
#include <isa-l.h>
#include <stdio.h>
#include <zstd.h>

#include "CTransfer.h"

const char *transfer_versions(void)
{
    static char text[512];
    snprintf(text, sizeof text, "%s; isa-l %d.%d.%d; zstd %s", curl_version(), ISAL_MAJOR_VERSION,
        ISAL_MINOR_VERSION, ISAL_PATCH_VERSION, ZSTD_versionString());
    return text;
}
