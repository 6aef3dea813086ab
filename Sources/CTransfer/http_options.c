// SPDX-License-Identifier: Apache-2.0
// What an exchange may be given besides its address. See curl_easy_setopt(3).
#include <errno.h>
#include <stdlib.h>

#include "http_exchange.h"

int transfer_exchange_header(struct transfer_exchange *exchange, const char *line)
{
    struct curl_slist *more = curl_slist_append(exchange->headers, line);
    if (!more)
        return -ENOMEM;
    exchange->headers = more;
    return 0;
}

void transfer_exchange_agent(struct transfer_exchange *exchange, const char *name)
{
    curl_easy_setopt(exchange->easy, CURLOPT_USERAGENT, name);
}

int transfer_exchange_send_bytes(
    struct transfer_exchange *exchange, const uint8_t *bytes, size_t count)
{
    curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return curl_easy_setopt(exchange->easy, CURLOPT_COPYPOSTFIELDS, bytes) ? -ENOMEM : 0;
}

void transfer_exchange_patience(struct transfer_exchange *exchange, int seconds)
{
    curl_easy_setopt(exchange->easy, CURLOPT_LOW_SPEED_TIME, (long)seconds);
}

void transfer_exchange_trust_all(struct transfer_exchange *exchange)
{
    curl_easy_setopt(exchange->easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(exchange->easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

int transfer_exchange_trust(struct transfer_exchange *exchange, const uint8_t *pem, size_t count)
{
    struct curl_blob blob = {(void *)(uintptr_t)pem, count, CURL_BLOB_COPY};
    return curl_easy_setopt(exchange->easy, CURLOPT_CAINFO_BLOB, &blob) ? -ENOMEM : 0;
}

void transfer_exchange_identify(
    struct transfer_exchange *exchange, const char *certificate, const char *key)
{
    curl_easy_setopt(exchange->easy, CURLOPT_SSLCERT, certificate);
    curl_easy_setopt(exchange->easy, CURLOPT_SSLKEY, key);
}

static const char *environment(const char *lower, const char *upper)
{
    const char *value = getenv(lower);
    if (!value || !*value)
        value = getenv(upper);
    return value ? value : "";
}

void transfer_exchange_proxy(struct transfer_exchange *exchange, int with_tls)
{
    curl_easy_setopt(exchange->easy, CURLOPT_PROXY,
        with_tls ? environment("https_proxy", "HTTPS_PROXY")
                 : environment("http_proxy", "HTTP_PROXY"));
    curl_easy_setopt(exchange->easy, CURLOPT_NOPROXY, environment("no_proxy", "NO_PROXY"));
}

int transfer_exchange_start(struct transfer_web *web, struct transfer_exchange *exchange)
{
    // No word from the server is waited for before a body is sent.
    int failed = transfer_exchange_header(exchange, "Expect:");
    if (failed)
        return failed;
    curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
    if (curl_multi_add_handle(web->multi, exchange->easy))
        return -ENOMEM;
    exchange->multi = web->multi;
    return 0;
}

const char *transfer_exchange_words(const struct transfer_exchange *exchange)
{
    return exchange->words;
}

int transfer_exchange_errno(const struct transfer_exchange *exchange)
{
    long number = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_OS_ERRNO, &number);
    return (int)number;
}
