// SPDX-License-Identifier: Apache-2.0
// HTTP by libcurl, many exchanges on one thread. Swift owns both objects and frees the exchanges
// first. Redirects are not followed, no file of the user's is read, and no protocol but HTTP(S) is
// spoken.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct transfer_web;
struct transfer_exchange;

// Why an exchange has no whole answer; 0 when it has one.
enum transfer_failure {
    TRANSFER_DONE,
    TRANSFER_RESOLVE,     // the host has no address
    TRANSFER_CONNECT,     // nobody answers there
    TRANSFER_CERTIFICATE, // the host is not who it says
    TRANSFER_TLS,         // no TLS is spoken
    TRANSFER_TIMEOUT,     // too slow, or not at all
    TRANSFER_BROKEN,      // the connection broke off
    TRANSFER_STOPPED,     // a callback said so
    TRANSFER_PROXY,       // the proxy cannot be used
    TRANSFER_MEMORY,
    TRANSFER_OTHER,
};

// Takes bytes; anything but 0 stops the exchange.
typedef int (*transfer_taker)(void *_Nonnull context, const uint8_t *_Nonnull bytes, size_t count);

// The connections. See libcurl-multi(3). NULL: out of memory.
struct transfer_web *_Nullable transfer_web_make(void);
void transfer_web_free(struct transfer_web *_Nonnull web);

// Moves data, waits up to `milliseconds` when there is none, and returns the context of an exchange
// that is over, with why; NULL when none is. See curl_multi_perform(3), curl_multi_poll(3).
void *_Nullable transfer_web_step(
    struct transfer_web *_Nonnull web, int milliseconds, int *_Nonnull failure);

// An exchange: `head` gets the lines of the answer's head one by one, `body` the bytes of its body.
// Texts are copied. See libcurl-easy(3). NULL: out of memory.
struct transfer_exchange *_Nullable transfer_exchange_make(const char *_Nonnull method,
    const char *_Nonnull url, void *_Nonnull context, transfer_taker _Nonnull head,
    transfer_taker _Nonnull body);
void transfer_exchange_free(struct transfer_exchange *_Nonnull exchange);
int transfer_exchange_header(
    struct transfer_exchange *_Nonnull exchange, const char *_Nonnull line);
void transfer_exchange_agent(
    struct transfer_exchange *_Nonnull exchange, const char *_Nonnull name);
int transfer_exchange_send_bytes(
    struct transfer_exchange *_Nonnull exchange, const uint8_t *_Nonnull bytes, size_t count);
// Sends `count` bytes of a file from `offset` on; the descriptor is not closed. `sent` is told of
// each part: its pointer is NULL-less but without meaning.
void transfer_exchange_send_file(struct transfer_exchange *_Nonnull exchange, int descriptor,
    int64_t offset, int64_t count, transfer_taker _Nonnull sent);
// How long the exchange may wait for an answer, or go on with less than 1 KB a second.
void transfer_exchange_patience(struct transfer_exchange *_Nonnull exchange, int seconds);
// Takes any certificate.
void transfer_exchange_trust_all(struct transfer_exchange *_Nonnull exchange);
// The authorities in PEM, in place of the system's bundle; copied.
int transfer_exchange_trust(
    struct transfer_exchange *_Nonnull exchange, const uint8_t *_Nonnull pem, size_t count);
// Who we are, as files in PEM.
void transfer_exchange_identify(struct transfer_exchange *_Nonnull exchange,
    const char *_Nonnull certificate, const char *_Nonnull key);
// Uses the proxy of the environment (http_proxy, https_proxy, no_proxy, also in capitals), for a
// URL with or without TLS; without this call none is used.
void transfer_exchange_proxy(struct transfer_exchange *_Nonnull exchange, int with_tls);
int transfer_exchange_start(
    struct transfer_web *_Nonnull web, struct transfer_exchange *_Nonnull exchange);
// What libcurl says about a failure; may be empty. Valid as long as the exchange.
const char *_Nonnull transfer_exchange_words(const struct transfer_exchange *_Nonnull exchange);
// The errno of a failed connect(2), or 0.
int transfer_exchange_errno(const struct transfer_exchange *_Nonnull exchange);

// The file with the system's certificate authorities; empty when libcurl knows none.
const char *_Nonnull transfer_authorities(void);
// Milliseconds of a clock that only goes forward. See clock_gettime(2).
int64_t transfer_clock(void);
