// SPDX-License-Identifier: Apache-2.0
// Compression: gzip by zlib (deflate(3)), zstd by libzstd. The header of a gzip stream has neither
// name nor time: the same bytes give the same stream.
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "CTransfer.h"

struct deflater {
    int format;
    ZSTD_CStream *zstd;
    z_stream zlib;
};

void *transfer_deflate_new(int format, int level)
{
    struct deflater *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->format = format;
    int ready;
    if (format == TRANSFER_ZSTD) {
        state->zstd = ZSTD_createCStream();
        ready = state->zstd && !ZSTD_isError(ZSTD_initCStream(state->zstd, level));
    } else {
        ready =
            deflateInit2(&state->zlib, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    if (ready)
        return state;
    ZSTD_freeCStream(state->zstd);
    free(state);
    return NULL;
}

void transfer_deflate_free(void *opaque)
{
    struct deflater *state = opaque;
    if (state->format == TRANSFER_ZSTD)
        ZSTD_freeCStream(state->zstd);
    else
        deflateEnd(&state->zlib);
    free(state);
}

static int step_zstd(struct deflater *state, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, int last, struct transfer_step *step)
{
    ZSTD_inBuffer input = {in, in_count, 0};
    ZSTD_outBuffer output = {out, out_count, 0};
    size_t left =
        ZSTD_compressStream2(state->zstd, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left))
        return -EINVAL;
    step->used = input.pos;
    step->made = output.pos;
    step->ended = last && left == 0;
    return 0;
}

int transfer_deflate_step(void *opaque, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, int last, struct transfer_step *step)
{
    struct deflater *state = opaque;
    if (state->format == TRANSFER_ZSTD)
        return step_zstd(state, in, in_count, out, out_count, last, step);
    if (in_count > 1u << 30 || out_count > 1u << 30)
        return -EINVAL;
    state->zlib.next_in = (uint8_t *)in;
    state->zlib.avail_in = (uint32_t)in_count;
    state->zlib.next_out = out;
    state->zlib.avail_out = (uint32_t)out_count;
    int result = deflate(&state->zlib, last ? Z_FINISH : Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return -EINVAL;
    step->used = in_count - state->zlib.avail_in;
    step->made = out_count - state->zlib.avail_out;
    step->ended = result == Z_STREAM_END;
    return 0;
}
