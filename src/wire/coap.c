/* SPDX-License-Identifier: Apache-2.0 */
/* CoAP messages, RFC 7252 section 3. */
#include <ombud/coap.h>

#define HEADER 4

static uint8_t byte_at(ob_span text, size_t at)
{
    return (uint8_t)text.ptr[at];
}

/* The delta or length that begins in a nibble and goes on in up to two bytes at *at. */
static bool read_extended(ob_span text, size_t *at, unsigned nibble, uint32_t *value)
{
    *value = nibble;
    if (nibble < 13) {
        return true;
    }
    size_t more = nibble - 12;
    if (nibble == 15 || text.len - *at < more) {
        return false;
    }
    *value = more == 1 ? 13U + byte_at(text, *at)
                       : 269U + 256U * byte_at(text, *at) + byte_at(text, *at + 1);
    *at += more;
    return true;
}

/* The option at *at, which ends before text does; *number holds the one before. */
static bool read_option(ob_span text, size_t *at, uint32_t *number, ob_span *value)
{
    unsigned first = byte_at(text, *at);
    uint32_t delta = 0;
    uint32_t len = 0;
    (*at)++;
    if (!read_extended(text, at, first >> 4, &delta) ||
        !read_extended(text, at, first & 15, &len) || text.len - *at < len ||
        *number + delta > 65535) {
        return false;
    }
    *number += delta;
    *value = ob_span_sub(text, *at, *at + len);
    *at += len;
    return true;
}

bool ob_coap_read_body(ob_coap_msg *msg, ob_span text, size_t at, ob_err *err)
{
    size_t i = 0;
    uint32_t number = 0;
    for (size_t count = 0; i < text.len && byte_at(text, i) != 0xff; count++) {
        size_t from = i;
        ob_span value;
        if (count == OB_COAP_OPTIONS_MAX) {
            return ob_fail(err, OB_ERR_PEER, "byte %zu: more than %d options", at + from,
                           OB_COAP_OPTIONS_MAX);
        }
        if (!read_option(text, &i, &number, &value)) {
            return ob_fail(err, OB_ERR_PEER,
                           "byte %zu: an option that is damaged or goes on "
                           "behind the message",
                           at + from);
        }
    }
    if (i + 1 == text.len) {
        return ob_fail(err, OB_ERR_PEER, "byte %zu: a payload marker without a payload", at + i);
    }
    msg->options = ob_span_sub(text, 0, i);
    msg->payload = ob_span_sub(text, i + 1, text.len);
    return true;
}

bool ob_coap_read(ob_coap_msg *msg, ob_span datagram, ob_err *err)
{
    if (datagram.len < HEADER) {
        return ob_fail(err, OB_ERR_PEER, "byte %zu: a CoAP message has 4 bytes or more",
                       datagram.len);
    }
    unsigned first = byte_at(datagram, 0);
    size_t token = first & 15;
    if (first >> 6 != 1) {
        return ob_fail(err, OB_ERR_PEER, "byte 0: version %u of CoAP, and 1 is wanted", first >> 6);
    }
    if (token > OB_COAP_TOKEN_MAX || datagram.len < HEADER + token) {
        return ob_fail(err, OB_ERR_PEER, "byte 0: a token of %zu bytes, and %s", token,
                       token > OB_COAP_TOKEN_MAX ? "8 are the most" : "the message ends before");
    }
    ob_coap_msg read = {.type = (first >> 4) & 3,
                        .code = byte_at(datagram, 1),
                        .id = (uint16_t)(256U * byte_at(datagram, 2) + byte_at(datagram, 3)),
                        .token_len = (uint8_t)token};
    if (read.code == OB_COAP_EMPTY && datagram.len != HEADER) {
        return ob_fail(err, OB_ERR_PEER, "byte 4: an empty message has its header only");
    }
    memcpy(read.token, datagram.ptr + HEADER, token);
    if (!ob_coap_read_body(&read, ob_span_sub(datagram, HEADER + token, datagram.len),
                           HEADER + token, err)) {
        return false;
    }
    *msg = read;
    return true;
}

ob_coap_iter ob_coap_options(const ob_coap_msg *msg)
{
    return (ob_coap_iter){.rest = msg->options};
}

bool ob_coap_next(ob_coap_iter *iter, ob_coap_option *option)
{
    size_t at = 0;
    uint32_t number = iter->number;
    ob_span value;
    if (iter->rest.len == 0 || !read_option(iter->rest, &at, &number, &value)) {
        return false;
    }
    iter->rest = ob_span_sub(iter->rest, at, iter->rest.len);
    iter->number = (uint16_t)number;
    *option = (ob_coap_option){.number = (uint16_t)number, .value = value};
    return true;
}

bool ob_coap_find(const ob_coap_msg *msg, uint16_t number, ob_span *value)
{
    ob_coap_option option;
    for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) {
        if (option.number == number) {
            *value = option.value;
            return true;
        }
    }
    return false;
}

/* Bytes of an option of format uint, where its RFC says less than 4: one that is longer is as if it
 * were not known (RFC 7252, 5.4.3). */
static size_t longest(uint16_t number)
{
    switch (number) {
    case OB_COAP_HOP_LIMIT:
    case OB_COAP_NO_RESPONSE:
        return 1;
    case OB_COAP_URI_PORT:
    case OB_COAP_CONTENT_FORMAT:
    case OB_COAP_ACCEPT:
        return 2;
    case OB_COAP_OBSERVE:
    case OB_COAP_BLOCK1:
    case OB_COAP_BLOCK2:
        return 3;
    default:
        return 4;
    }
}

bool ob_coap_find_uint(const ob_coap_msg *msg, uint16_t number, uint32_t *value)
{
    ob_span bytes;
    if (!ob_coap_find(msg, number, &bytes) || bytes.len > longest(number)) {
        return false;
    }
    *value = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        *value = *value << 8 | byte_at(bytes, i);
    }
    return true;
}

bool ob_coap_is_critical(uint16_t number)
{
    return number % 2 == 1;
}

ob_coap_writer ob_coap_writer_on(void *bytes, size_t cap)
{
    return (ob_coap_writer){.ptr = bytes, .cap = cap};
}

static void put(ob_coap_writer *w, const void *bytes, size_t len)
{
    if (w->failed || w->cap - w->len < len) {
        w->failed = true;
        return;
    }
    if (len > 0) {
        memmove(w->ptr + w->len, bytes, len); /* a payload may stand in the same bytes already */
    }
    w->len += len;
}

void ob_coap_begin(ob_coap_writer *w, const ob_coap_msg *msg)
{
    uint8_t header[HEADER] = {(uint8_t)(0x40U | (msg->type & 3U) << 4 | msg->token_len), msg->code,
                              (uint8_t)(msg->id >> 8), (uint8_t)msg->id};
    if (msg->token_len > OB_COAP_TOKEN_MAX) {
        w->failed = true;
        return;
    }
    put(w, header, sizeof header);
    put(w, msg->token, msg->token_len);
}

/* The nibble of a delta or length; what does not fit into it goes to more. */
static unsigned extend(uint32_t value, uint8_t more[2], size_t *count)
{
    if (value < 13) {
        *count = 0;
        return value;
    }
    if (value < 269) {
        *count = 1;
        more[0] = (uint8_t)(value - 13);
        return 13;
    }
    *count = 2;
    more[0] = (uint8_t)((value - 269) >> 8);
    more[1] = (uint8_t)(value - 269);
    return 14;
}

void ob_coap_add(ob_coap_writer *w, uint16_t number, ob_span value)
{
    uint8_t delta[2];
    uint8_t len[2];
    size_t delta_count = 0;
    size_t len_count = 0;
    if (number < w->last || value.len > 65535 + 269) {
        w->failed = true;
        return;
    }
    unsigned high = extend((uint32_t)(number - w->last), delta, &delta_count);
    unsigned low = extend((uint32_t)value.len, len, &len_count);
    uint8_t first = (uint8_t)(high << 4 | low);
    put(w, &first, 1);
    put(w, delta, delta_count);
    put(w, len, len_count);
    put(w, value.ptr, value.len);
    w->last = number;
}

void ob_coap_add_uint(ob_coap_writer *w, uint16_t number, uint32_t value)
{
    char bytes[4];
    size_t count = 0;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        uint32_t rest = value >> (shift - 8);
        if (rest != 0 || count > 0) {
            bytes[count++] = (char)(rest & 255);
        }
    }
    ob_coap_add(w, number, (ob_span){bytes, count});
}

void ob_coap_payload(ob_coap_writer *w, ob_span payload)
{
    if (payload.len > 0) {
        put(w, &(uint8_t){0xff}, 1);
        put(w, payload.ptr, payload.len);
    }
}

bool ob_coap_end(const ob_coap_writer *w, ob_span *datagram, ob_err *err)
{
    if (w->failed) {
        return ob_fail(err, OB_ERR_LIMIT, "a CoAP message does not fit into %zu bytes", w->cap);
    }
    *datagram = (ob_span){(const char *)w->ptr, w->len};
    return true;
}
