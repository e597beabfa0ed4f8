/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/codings.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

static size_t bytes_max(const ob_views *views)
{
    return views->most == 0 ? OB_DECODE_MAX : views->most;
}

bool obi_weave_start(obi_weave *weave, ob_views *views, const ob_view *from)
{
    *weave = (obi_weave){.views = views, .from = from};
    if (views->count >= views->cap || views->bytes >= bytes_max(views)) {
        views->cut = true;
        return false;
    }
    return true;
}

/* Room for count more bytes and the last boundary; grows by doubling, as an arena gives nothing
 * back. */
static bool weave_room(obi_weave *weave, size_t *count, ob_err *err)
{
    size_t limit = bytes_max(weave->views) - weave->views->bytes;
    if (*count > limit - weave->len) {
        *count = limit - weave->len;
        weave->full = true;
    }
    size_t need = weave->len + *count;
    if (weave->out != NULL && need <= weave->cap) {
        return true;
    }
    size_t cap = weave->cap < 64 ? 64 : weave->cap * 2;
    cap = cap < need ? need : cap;
    cap = cap > limit ? limit : cap;
    char *out = OB_NEW(weave->views->arena, char, cap, err);
    uint32_t *map = OB_NEW(weave->views->arena, uint32_t, cap + 1, err);
    if (out == NULL || map == NULL) {
        return false;
    }
    if (weave->len > 0 && weave->out != NULL && weave->map != NULL) {
        memcpy(out, weave->out, weave->len);
        memcpy(map, weave->map, weave->len * sizeof *map);
    }
    weave->out = out;
    weave->map = map;
    weave->cap = cap;
    return true;
}

bool obi_weave_put(obi_weave *weave, ob_span bytes, size_t at, ob_err *err)
{
    size_t count = bytes.len;
    if (weave->full) {
        return true;
    }
    if (!weave_room(weave, &count, err)) {
        return false;
    }
    uint32_t place = weave->from->map[at];
    for (size_t i = 0; i < count; i++) {
        weave->out[weave->len] = bytes.ptr[i];
        weave->map[weave->len++] = place;
    }
    return true;
}

bool obi_weave_copy(obi_weave *weave, size_t start, size_t end, ob_err *err)
{
    size_t count = end - start;
    if (weave->full || count == 0) {
        return true;
    }
    if (!weave_room(weave, &count, err)) {
        return false;
    }
    memcpy(weave->out + weave->len, weave->from->text.ptr + start, count);
    memcpy(weave->map + weave->len, weave->from->map + start, count * sizeof *weave->map);
    weave->len += count;
    return true;
}

bool obi_weave_part(obi_weave *weave, size_t end, ob_err *err)
{
    return obi_weave_put(weave, OB_SPAN("\n"), end, err);
}

bool obi_weave_done(obi_weave *weave, size_t end, uint64_t steps, uint64_t turned, ob_err *err)
{
    ob_views *views = weave->views;
    if (weave->full) {
        views->cut = true;
    }
    if (weave->len == 0) {
        return true;
    }
    if (OB_NEVER(views->count >= views->cap)) {
        return ob_fail(err, OB_ERR_BUG, "no room for a view");
    }
    weave->map[weave->len] = weave->full ? weave->map[weave->len - 1] : weave->from->map[end];
    views->items[views->count++] = (ob_view){
        .text = {weave->out, weave->len},
        .map = weave->map,
        .steps = weave->from->steps | steps,
        .turned = turned,
        .depth = weave->from->depth + 1,
    };
    views->bytes += weave->len;
    return true;
}

bool obi_mostly_text(ob_span text)
{
    size_t runes = 0;
    size_t good = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(text, &pos, &rune); runes++) {
        good += (rune >= 0x20 && rune < 0x7f) || rune == '\n' || rune == '\t' || rune == '\r' ||
                (rune >= 0xa0 && rune != 0xfffd);
    }
    return good >= 6 && good * 5 >= runes * 4;
}

/* Whether at least six bytes in a row may be text: printable ones of ASCII and white space, the
 * first byte of a longer character with one behind it, and those that follow one. Of random bytes
 * that is seldom so, and the look costs little. */
static bool has_run_slow(const char *bytes, size_t len)
{
    unsigned run = 0; /* bit i: the byte i before may be text */
    unsigned before = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned c = (unsigned char)bytes[i];
        unsigned next = i + 1 < len ? (unsigned char)bytes[i + 1] : 0;
        unsigned ascii = (c - 0x20 < 0x5f) | (c - '\t' <= '\r' - '\t');
        unsigned first = (c >= 0xc0) & ((next & 0xc0) == 0x80);
        unsigned more = ((c & 0xc0) == 0x80) & (before >= 0x80);
        run = run << 1 | (ascii | first | more);
        before = c;
        if ((run & 0x3f) == 0x3f) {
            return true;
        }
    }
    return false;
}

#ifdef __SSE2__

/* Bytes that a number has bits for; what decoders ask about is not longer. */
#    define AT_ONCE 64

static bool has_run(const char *bytes, size_t len)
{
    const __m128i low = _mm_set1_epi8(-128);
    char all[AT_ONCE] = {0};
    uint64_t ascii = 0;
    uint64_t high = 0;
    uint64_t more = 0; /* the bytes that follow the first one of a character */
    if (len > AT_ONCE) {
        return has_run_slow(bytes, len);
    }
    memcpy(all, bytes, len);
    for (unsigned i = 0; i < AT_ONCE; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(all + i));
        /* Moved to where the signed numbers begin, a range is one comparison. */
        __m128i shown = _mm_cmplt_epi8(_mm_add_epi8(some, _mm_set1_epi8((char)(128 - 0x20))),
                                       _mm_add_epi8(low, _mm_set1_epi8(0x5f)));
        __m128i white = _mm_cmplt_epi8(_mm_add_epi8(some, _mm_set1_epi8((char)(128 - '\t'))),
                                       _mm_add_epi8(low, _mm_set1_epi8('\r' - '\t' + 1)));
        __m128i follows = _mm_cmplt_epi8(some, _mm_set1_epi8((char)0xc0));
        ascii |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(shown, white)) << i;
        high |= (uint64_t)(unsigned)_mm_movemask_epi8(some) << i;
        more |= (uint64_t)(unsigned)_mm_movemask_epi8(follows) << i;
    }
    uint64_t two = ascii | (high & ~more & more >> 1) | (more & high << 1);
    two &= two >> 1;
    return (two & two >> 2 & two >> 4) != 0;
}

#else

static bool has_run(const char *bytes, size_t len)
{
    return has_run_slow(bytes, len);
}

#endif

bool obi_textlike(const char *bytes, size_t len)
{
    ob_span text = {bytes, len};
    size_t run = 0;
    if (!has_run(bytes, len)) {
        return false;
    }
    for (size_t pos = 0; pos < len;) {
        unsigned char c = (unsigned char)bytes[pos];
        size_t before = pos;
        uint32_t rune = c;
        if (c >= 0x80) {
            (void)ob_utf8_next(text, &pos, &rune);
        } else {
            pos++;
        }
        bool good = c >= 0x80 ? pos - before > 1 && rune >= 0xa0
                              : (c >= 0x20 && c < 0x7f) || (c >= '\t' && c <= '\r');
        run = good ? run + 1 : 0;
        if (run >= 6) {
            return true;
        }
    }
    return false;
}
