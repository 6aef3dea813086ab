// SPDX-License-Identifier: Apache-2.0
// The connections, and what libcurl's many results mean. See libcurl-multi(3), libcurl-errors(3).
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "http_exchange.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

// OpenSSL writes to connections that are gone: an error there is enough. See signal(7).
static void begin(void)
{
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct transfer_web *transfer_web_make(void)
{
    pthread_once(&once, begin);
    struct transfer_web *web = calloc(1, sizeof *web);
    if (!web)
        return NULL;
    web->multi = curl_multi_init();
    if (!web->multi) {
        free(web);
        return NULL;
    }
    return web;
}

void transfer_web_free(struct transfer_web *web)
{
    curl_multi_cleanup(web->multi);
    free(web);
}

static int failure_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return TRANSFER_DONE;
    case CURLE_COULDNT_RESOLVE_HOST:
        return TRANSFER_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return TRANSFER_CONNECT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return TRANSFER_CERTIFICATE;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
        return TRANSFER_TLS;
    case CURLE_OPERATION_TIMEDOUT:
        return TRANSFER_TIMEOUT;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return TRANSFER_BROKEN;
    case CURLE_WRITE_ERROR:
    case CURLE_ABORTED_BY_CALLBACK:
        return TRANSFER_STOPPED;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return TRANSFER_PROXY;
    case CURLE_OUT_OF_MEMORY:
        return TRANSFER_MEMORY;
    default:
        return TRANSFER_OTHER;
    }
}

static void *over(struct transfer_web *web, int *failure)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(web->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            struct transfer_exchange *exchange = NULL;
            *failure = failure_of(message->data.result);
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&exchange);
            return exchange ? exchange->context : NULL;
        }
    return NULL;
}

void *transfer_web_step(struct transfer_web *web, int milliseconds, int *failure)
{
    int running;
    void *context = over(web, failure);
    if (context)
        return context;
    curl_multi_perform(web->multi, &running);
    context = over(web, failure);
    if (!context)
        curl_multi_poll(web->multi, NULL, 0, milliseconds, NULL);
    return context;
}

const char *transfer_authorities(void)
{
    const char *file = NULL;
#if LIBCURL_VERSION_NUM >= 0x075400
    CURL *easy = curl_easy_init();
    if (easy) {
        curl_easy_getinfo(easy, CURLINFO_CAINFO, &file);
        curl_easy_cleanup(easy);
    }
#endif
    return file ? file : "";
}

int64_t transfer_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
