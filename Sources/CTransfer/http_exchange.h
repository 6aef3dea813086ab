// SPDX-License-Identifier: Apache-2.0
// What http.c and http_exchange.c share.
#pragma once
#include <curl/curl.h>

#include "HTTP.h"

struct transfer_web {
    CURLM *multi;
};

struct transfer_exchange {
    CURL *easy;
    CURLM *multi; // while started
    struct curl_slist *headers;
    void *context;
    transfer_taker head, body, sent;
    int descriptor;
    int64_t offset, count, done;
    char words[CURL_ERROR_SIZE];
};
