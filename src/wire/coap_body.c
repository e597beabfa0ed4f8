/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in blocks (RFC 7959) and who is notified, in which order (RFC 7641). */
#include <ombud/exchange.h>

#define NUMBER_MAX 0xfffffU /* 20 bits */

size_t ob_coap_block_size(unsigned szx)
{
    return (size_t)16 << (szx > OB_COAP_BLOCK_SZX_MAX ? OB_COAP_BLOCK_SZX_MAX : szx);
}

bool ob_coap_block_read(ob_span value, ob_coap_block *block)
{
    uint32_t number = 0;
    if (value.len > 3) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        number = number << 8 | (uint8_t)value.ptr[i];
    }
    if ((number & 7) > OB_COAP_BLOCK_SZX_MAX) {
        return false;
    }
    *block = (ob_coap_block){
        .number = number >> 4, .more = (number & 8) != 0, .szx = (uint8_t)(number & 7)};
    return true;
}

uint32_t ob_coap_block_value(const ob_coap_block *block)
{
    return (block->number & NUMBER_MAX) << 4 | (block->more ? 8U : 0U) | (block->szx & 7U);
}

bool ob_coap_block_slice(ob_span body, ob_coap_block *block, ob_span *slice)
{
    size_t size = ob_coap_block_size(block->szx);
    size_t from = block->number * size;
    if (from >= body.len && block->number > 0) {
        return false;
    }
    *slice = ob_span_sub(body, from, from + size);
    block->more = from + size < body.len;
    return true;
}

ob_coap_body_step ob_coap_body_add(ob_coap_body *body, const ob_coap_block *block, ob_span payload)
{
    size_t size = ob_coap_block_size(block->szx);
    size_t from = block->number * size;
    if (block->number == 0) {
        body->len = 0;
        body->last = 0;
    }
    if (payload.len > size || (block->more && payload.len != size) ||
        (from != body->len && from != body->last)) {
        return OB_COAP_BODY_GAP;
    }
    if (from > body->cap || payload.len > body->cap - from) {
        return OB_COAP_BODY_LARGE;
    }
    if (payload.len > 0) {
        memcpy(body->ptr + from, payload.ptr, payload.len);
    }
    body->last = from;
    body->len = from + payload.len;
    return block->more ? OB_COAP_BODY_MORE : OB_COAP_BODY_DONE;
}

bool ob_coap_is_newer(uint32_t before, uint64_t before_ms, uint32_t number, uint64_t now_ms)
{
    const uint32_t half = 1U << 23;
    return (before < number && number - before < half) ||
           (before > number && before - number > half) || now_ms > before_ms + 128000;
}

static bool is_of(const ob_coap_observer *o, const ob_coap_remote *remote, const ob_coap_msg *msg)
{
    return o->used && o->token_len == msg->token_len &&
           memcmp(o->token, msg->token, msg->token_len) == 0 &&
           ob_coap_same_remote(&o->remote, remote);
}

ob_coap_observer *ob_coap_observe(ob_coap_observer *list, size_t count,
                                  const ob_coap_remote *remote, const ob_coap_msg *msg,
                                  uint32_t resource)
{
    ob_coap_observer *place = NULL;
    for (size_t i = 0; i < count; i++) {
        if (is_of(&list[i], remote, msg)) {
            list[i].resource = resource;
            return &list[i];
        }
        place = place == NULL && !list[i].used ? &list[i] : place;
    }
    if (place != NULL) {
        *place = (ob_coap_observer){
            .used = true, .token_len = msg->token_len, .resource = resource, .remote = *remote};
        memcpy(place->token, msg->token, msg->token_len);
    }
    return place;
}

bool ob_coap_unobserve(ob_coap_observer *list, size_t count, const ob_coap_remote *remote,
                       const ob_coap_msg *msg)
{
    for (size_t i = 0; i < count; i++) {
        if (is_of(&list[i], remote, msg)) {
            list[i].used = false;
            return true;
        }
    }
    return false;
}
