// SPDX-License-Identifier: Apache-2.0
// libcrypto, for SHA-256 only: see SHA256_Init(3). Declared here, since its headers are wide. Not the EVP calls:
// they bring 4 MB of providers into a static program.
#pragma once
#include <stddef.h>

typedef struct SHA256state_st {
    unsigned int h[8];
    unsigned int Nl, Nh;
    unsigned int data[16];
    unsigned int num, md_len;
} SHA256_CTX;
int SHA256_Init(SHA256_CTX *context);
int SHA256_Update(SHA256_CTX *context, const void *bytes, size_t count);
int SHA256_Final(unsigned char *digest, SHA256_CTX *context);
