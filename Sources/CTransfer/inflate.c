// SPDX-License-Identifier: Apache-2.0
// Decompression: gzip by ISA-L (igzip_lib.h) or zlib (inflate(3)), zstd by libzstd. One call is one
// step over the caller's buffers.
#include <errno.h>
#include <isa-l.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "CTransfer.h"

struct inflater {
    int format;
    ZSTD_DStream *zstd;
    z_stream zlib;
    struct inflate_state isal;
};

void *transfer_inflate_new(int format)
{
    struct inflater *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->format = format;
    int ready = 1;
    if (format == TRANSFER_ZSTD) {
        state->zstd = ZSTD_createDStream();
        // 32 MiB: what a frame may want to have in memory.
        ready = state->zstd &&
                !ZSTD_isError(ZSTD_DCtx_setParameter(state->zstd, ZSTD_d_windowLogMax, 25));
    } else if (format == TRANSFER_GZIP_BY_ZLIB) {
        ready = inflateInit2(&state->zlib, 15 + 16) == Z_OK;
    } else {
        isal_inflate_init(&state->isal);
        state->isal.crc_flag = ISAL_GZIP;
    }
    if (ready)
        return state;
    free(state);
    return NULL;
}

void transfer_inflate_free(void *opaque)
{
    struct inflater *state = opaque;
    if (state->format == TRANSFER_ZSTD)
        ZSTD_freeDStream(state->zstd);
    if (state->format == TRANSFER_GZIP_BY_ZLIB)
        inflateEnd(&state->zlib);
    free(state);
}

// The lengths of ISA-L and zlib have 32 bits.
static uint32_t narrow(size_t count)
{
    return count > 1u << 30 ? 1u << 30 : (uint32_t)count;
}

static int step_isal(struct inflater *state, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, struct transfer_step *step)
{
    struct inflate_state *isal = &state->isal;
    uint32_t in_size = narrow(in_count), out_size = narrow(out_count);
    isal->next_in = (uint8_t *)in;
    isal->avail_in = in_size;
    isal->next_out = out;
    isal->avail_out = out_size;
    int result = isal_inflate(isal);
    if (result == ISAL_UNSUPPORTED_METHOD || result == ISAL_NEED_DICT)
        return -ENOTSUP;
    if (result < 0)
        return -EBADMSG;
    step->used = in_size - isal->avail_in;
    step->made = out_size - isal->avail_out;
    step->ended = isal->block_state == ISAL_BLOCK_FINISH;
    if (step->ended) {
        isal_inflate_reset(isal);
        isal->crc_flag = ISAL_GZIP;
    }
    return 0;
}

static int step_zlib(struct inflater *state, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, struct transfer_step *step)
{
    z_stream *zlib = &state->zlib;
    uint32_t in_size = narrow(in_count), out_size = narrow(out_count);
    zlib->next_in = (uint8_t *)in;
    zlib->avail_in = in_size;
    zlib->next_out = out;
    zlib->avail_out = out_size;
    int result = inflate(zlib, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return result == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
    step->used = in_size - zlib->avail_in;
    step->made = out_size - zlib->avail_out;
    step->ended = result == Z_STREAM_END;
    return step->ended && inflateReset(zlib) != Z_OK ? -EBADMSG : 0;
}

static int step_zstd(struct inflater *state, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, struct transfer_step *step)
{
    ZSTD_inBuffer input = {in, in_count, 0};
    ZSTD_outBuffer output = {out, out_count, 0};
    size_t result = ZSTD_decompressStream(state->zstd, &output, &input);
    if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge)
        return -EFBIG;
    if (ZSTD_isError(result))
        return -EBADMSG;
    step->used = input.pos;
    step->made = output.pos;
    step->ended = result == 0;
    return 0;
}

int transfer_inflate_step(void *opaque, const uint8_t *in, size_t in_count, uint8_t *out,
    size_t out_count, struct transfer_step *step)
{
    struct inflater *state = opaque;
    if (state->format == TRANSFER_ZSTD)
        return step_zstd(state, in, in_count, out, out_count, step);
    if (state->format == TRANSFER_GZIP_BY_ZLIB)
        return step_zlib(state, in, in_count, out, out_count, step);
    return step_isal(state, in, in_count, out, out_count, step);
}
