/* SPDX-License-Identifier: Apache-2.0 */
#include "link/cbor.h"

static bool read_head(obi_cbor_reader *r, obi_cbor_item *item)
{
    ob_span text = r->text;
    if (r->at >= text.len) {
        return false;
    }
    unsigned first = (uint8_t)text.ptr[r->at];
    unsigned low = first & 31;
    item->major = (obi_cbor_major)(first >> 5);
    item->value = low;
    if (low < 24) {
        r->at++;
        return true;
    }
    size_t more = (size_t)1 << (low - 24);
    if (low > 27 || text.len - r->at - 1 < more) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 1; i <= more; i++) {
        value = value << 8 | (uint8_t)text.ptr[r->at + i];
    }
    /* Each length must be needed; of simple values, those of one byte begin at 32, and what is
     * longer is a floating-point number. */
    static const uint64_t least[] = {24, 256, 65536, (uint64_t)1 << 32};
    if (item->major == OBI_CBOR_SIMPLE ? more == 1 && value < 32 : value < least[low - 24]) {
        return false;
    }
    item->value = value;
    r->at += 1 + more;
    return true;
}

bool obi_cbor_next(obi_cbor_reader *r, obi_cbor_item *item)
{
    obi_cbor_reader ahead = *r;
    obi_cbor_item read = {0};
    if (!read_head(&ahead, &read)) {
        return false;
    }
    if (read.major == OBI_CBOR_BYTES || read.major == OBI_CBOR_TEXT) {
        if (ahead.text.len - ahead.at < read.value) {
            return false;
        }
        read.bytes = ob_span_sub(ahead.text, ahead.at, ahead.at + (size_t)read.value);
        ahead.at += (size_t)read.value;
    }
    *r = ahead;
    *item = read;
    return true;
}

bool obi_cbor_skip(obi_cbor_reader *r, ob_span *whole)
{
    obi_cbor_reader ahead = *r;
    uint64_t left[OBI_CBOR_DEPTH + 1] = {1};
    size_t depth = 0;
    for (;;) {
        obi_cbor_item item;
        if (!obi_cbor_next(&ahead, &item)) {
            return false;
        }
        left[depth]--;
        uint64_t inside = item.major == OBI_CBOR_ARRAY ? item.value
                          : item.major == OBI_CBOR_MAP ? item.value * 2
                          : item.major == OBI_CBOR_TAG ? 1
                                                       : 0;
        /* Each item has a byte at least, so a count beyond the text is a lie. */
        if (item.value > ahead.text.len &&
            (item.major == OBI_CBOR_ARRAY || item.major == OBI_CBOR_MAP)) {
            return false;
        }
        if (inside > 0) {
            if (depth == OBI_CBOR_DEPTH) {
                return false;
            }
            left[++depth] = inside;
        }
        while (left[depth] == 0) {
            if (depth == 0) {
                *whole = ob_span_sub(r->text, r->at, ahead.at);
                *r = ahead;
                return true;
            }
            depth--;
        }
    }
}

bool obi_cbor_bytes(obi_cbor_reader *r, ob_span *bytes)
{
    obi_cbor_reader ahead = *r;
    obi_cbor_item item;
    if (!obi_cbor_next(&ahead, &item) || item.major != OBI_CBOR_BYTES) {
        return false;
    }
    *r = ahead;
    *bytes = item.bytes;
    return true;
}

bool obi_cbor_int(obi_cbor_reader *r, int64_t *value)
{
    obi_cbor_reader ahead = *r;
    obi_cbor_item item;
    if (!obi_cbor_next(&ahead, &item) || item.major > OBI_CBOR_NEGATIVE || item.value > INT64_MAX) {
        return false;
    }
    *r = ahead;
    *value = item.major == OBI_CBOR_UINT ? (int64_t)item.value : -1 - (int64_t)item.value;
    return true;
}

bool obi_cbor_many(obi_cbor_reader *r, obi_cbor_major major, uint64_t *count)
{
    obi_cbor_reader ahead = *r;
    obi_cbor_item item;
    if (!obi_cbor_next(&ahead, &item) || item.major != major || item.value > r->text.len) {
        return false;
    }
    *r = ahead;
    *count = item.value;
    return true;
}

bool obi_cbor_done(const obi_cbor_reader *r)
{
    return r->at >= r->text.len;
}

bool obi_cbor_is(const obi_cbor_reader *r, obi_cbor_major major)
{
    return r->at < r->text.len && (uint8_t)r->text.ptr[r->at] >> 5 == (unsigned)major;
}

void obi_cbor_put_raw(obi_cbor_writer *w, ob_span items)
{
    if (w->full || w->cap - w->len < items.len) {
        w->full = true;
        return;
    }
    if (items.len > 0) {
        memcpy(w->ptr + w->len, items.ptr, items.len);
    }
    w->len += items.len;
}

void obi_cbor_put_head(obi_cbor_writer *w, obi_cbor_major major, uint64_t value)
{
    char head[9];
    unsigned more = value < 24 ? 0 : value < 256 ? 1 : value < 65536 ? 2 : value >> 32 == 0 ? 4 : 8;
    unsigned low = more == 0   ? (unsigned)value
                   : more == 1 ? 24
                   : more == 2 ? 25
                   : more == 4 ? 26
                               : 27;
    head[0] = (char)((unsigned)major << 5 | low);
    for (unsigned i = 0; i < more; i++) {
        head[1 + i] = (char)(value >> 8 * (more - 1 - i) & 255);
    }
    obi_cbor_put_raw(w, (ob_span){head, 1 + more});
}

void obi_cbor_put_int(obi_cbor_writer *w, int64_t value)
{
    if (value < 0) {
        obi_cbor_put_head(w, OBI_CBOR_NEGATIVE, (uint64_t)(-1 - value));
    } else {
        obi_cbor_put_head(w, OBI_CBOR_UINT, (uint64_t)value);
    }
}

void obi_cbor_put_bytes(obi_cbor_writer *w, ob_span bytes)
{
    obi_cbor_put_head(w, OBI_CBOR_BYTES, bytes.len);
    obi_cbor_put_raw(w, bytes);
}

void obi_cbor_put_text(obi_cbor_writer *w, ob_span text)
{
    obi_cbor_put_head(w, OBI_CBOR_TEXT, text.len);
    obi_cbor_put_raw(w, text);
}

ob_span obi_cbor_written(const obi_cbor_writer *w)
{
    return w->full ? ((ob_span){0}) : (ob_span){(const char *)w->ptr, w->len};
}
