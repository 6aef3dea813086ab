// SPDX-License-Identifier: Apache-2.0
// One exchange: its options, all of them. See curl_easy_setopt(3).
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_exchange.h"

static size_t take_head(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer_exchange *exchange = user;
    int stop = exchange->head(exchange->context, (const uint8_t *)bytes, size * count);
    return stop ? CURL_WRITEFUNC_ERROR : size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer_exchange *exchange = user;
    int stop = exchange->body(exchange->context, (const uint8_t *)bytes, size * count);
    return stop ? CURL_WRITEFUNC_ERROR : size * count;
}

static size_t give(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer_exchange *exchange = user;
    int64_t left = exchange->count - exchange->done;
    size_t room = size * count;
    if ((int64_t)room > left)
        room = (size_t)left;
    if (!room)
        return 0;
    ssize_t got;
    do
        got = pread(exchange->descriptor, bytes, room, exchange->offset + exchange->done);
    while (got < 0 && errno == EINTR);
    if (got <= 0 || exchange->sent(exchange->context, (const uint8_t *)bytes, (size_t)got))
        return CURL_READFUNC_ABORT;
    exchange->done += got;
    return (size_t)got;
}

static void set_method(CURL *easy, const char *method)
{
    if (!strcmp(method, "HEAD"))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (strcmp(method, "GET"))
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_limits(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1024L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 60L);
}

struct transfer_exchange *transfer_exchange_make(
    const char *method, const char *url, void *context, transfer_taker head, transfer_taker body)
{
    struct transfer_exchange *exchange = calloc(1, sizeof *exchange);
    CURL *easy = exchange ? curl_easy_init() : NULL;
    if (!easy) {
        free(exchange);
        return NULL;
    }
    exchange->easy = easy;
    exchange->context = context;
    exchange->head = head;
    exchange->body = body;
    set_limits(easy);
    set_method(easy, method);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->words);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    return exchange;
}

void transfer_exchange_free(struct transfer_exchange *exchange)
{
    if (exchange->multi)
        curl_multi_remove_handle(exchange->multi, exchange->easy);
    curl_easy_cleanup(exchange->easy);
    curl_slist_free_all(exchange->headers);
    free(exchange);
}

void transfer_exchange_send_file(struct transfer_exchange *exchange, int descriptor, int64_t offset,
    int64_t count, transfer_taker sent)
{
    exchange->descriptor = descriptor;
    exchange->offset = offset;
    exchange->count = count;
    exchange->sent = sent;
    curl_easy_setopt(exchange->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(exchange->easy, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(exchange->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)count);
    curl_easy_setopt(exchange->easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(exchange->easy, CURLOPT_READDATA, exchange);
    // No way back to the first byte: libcurl would send all of it again when an old connection
    // breaks, and the registry has kept what came before.
}
