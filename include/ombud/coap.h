/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CoAP messages (RFC 7252, 3): bytes in, fields out, and back. No memory is allocated: a message
 * that was read borrows from its datagram, and a writer fills the caller's bytes.
 */
#ifndef OMBUD_COAP_H
#define OMBUD_COAP_H

#include <ombud/span.h>

OB_BEGIN

#define OB_COAP_TOKEN_MAX   8
#define OB_COAP_OPTIONS_MAX 64 /* options of one message that is read */

typedef enum ob_coap_type {
    OB_COAP_CON,
    OB_COAP_NON,
    OB_COAP_ACK,
    OB_COAP_RST
} ob_coap_type;

/* A code is class * 32 + detail: OB_COAP_CODE(4, 4) is 4.04. */
#define OB_COAP_CODE(class_, detail) ((uint8_t)((class_)*32 + (detail)))

enum {
    OB_COAP_EMPTY = 0,
    OB_COAP_GET = 1,
    OB_COAP_POST = 2,
    OB_COAP_PUT = 3,
    OB_COAP_DELETE = 4,
    OB_COAP_FETCH = 5, /* RFC 8132 */
    OB_COAP_PATCH = 6,
    OB_COAP_IPATCH = 7
};

/* Numbers of options: RFC 7252 5.10, 7641, 7959, 8613, 8768, 9175, 9668, 7967. */
enum {
    OB_COAP_IF_MATCH = 1,
    OB_COAP_URI_HOST = 3,
    OB_COAP_ETAG = 4,
    OB_COAP_IF_NONE_MATCH = 5,
    OB_COAP_OBSERVE = 6,
    OB_COAP_URI_PORT = 7,
    OB_COAP_LOCATION_PATH = 8,
    OB_COAP_OSCORE = 9,
    OB_COAP_URI_PATH = 11,
    OB_COAP_CONTENT_FORMAT = 12,
    OB_COAP_MAX_AGE = 14,
    OB_COAP_URI_QUERY = 15,
    OB_COAP_HOP_LIMIT = 16,
    OB_COAP_ACCEPT = 17,
    OB_COAP_LOCATION_QUERY = 20,
    OB_COAP_EDHOC = 21,
    OB_COAP_BLOCK2 = 23,
    OB_COAP_BLOCK1 = 27,
    OB_COAP_SIZE2 = 28,
    OB_COAP_PROXY_URI = 35,
    OB_COAP_PROXY_SCHEME = 39,
    OB_COAP_SIZE1 = 60,
    OB_COAP_ECHO = 252,
    OB_COAP_NO_RESPONSE = 258,
    OB_COAP_REQUEST_TAG = 292
};

typedef struct ob_coap_msg {
    uint8_t type; /* ob_coap_type */
    uint8_t code;
    uint16_t id;
    uint8_t token_len;
    uint8_t token[OB_COAP_TOKEN_MAX];
    ob_span options; /* as they stand in the message, well-formed; read them with an iterator */
    ob_span payload;
} ob_coap_msg;

/* Reads a datagram, which msg borrows. OB_ERR_PEER with "byte N: what" where it is malformed: too
 * short, another version, a token of 9 bytes or more, an option that leaves the message, a payload
 * marker without payload, an empty message with more than its header. */
OB_MUST OB_API bool ob_coap_read(ob_coap_msg *msg, ob_span datagram, ob_err *err);
/* Checks options and the payload behind them, as they follow the code in an OSCORE plaintext
 * (RFC 8613, 5.3). Sets options and payload of msg; at: where text begins, for the error. */
OB_MUST OB_API bool ob_coap_read_body(ob_coap_msg *msg, ob_span text, size_t at, ob_err *err);

typedef struct ob_coap_option {
    uint16_t number;
    ob_span value;
} ob_coap_option;

typedef struct ob_coap_iter {
    ob_span rest;
    uint16_t number;
} ob_coap_iter;

/* for (ob_coap_iter it = ob_coap_options(msg); ob_coap_next(&it, &option);) */
OB_API ob_coap_iter ob_coap_options(const ob_coap_msg *msg);
OB_API bool ob_coap_next(ob_coap_iter *iter, ob_coap_option *option);
/* The first option with that number; false if there is none. */
OB_API bool ob_coap_find(const ob_coap_msg *msg, uint16_t number, ob_span *value);
/* An option of format uint: up to 4 bytes, or as many as its RFC allows, big-endian, leading zeros
 * allowed when read. False where the option is absent or longer. */
OB_API bool ob_coap_find_uint(const ob_coap_msg *msg, uint16_t number, uint32_t *value);
/* An option that nobody who does not know it may ignore (RFC 7252, 5.4.6). */
OB_API bool ob_coap_is_critical(uint16_t number);

/* Fills bytes; what does not fit or comes out of order makes it fail at the end. */
typedef struct ob_coap_writer {
    uint8_t *ptr;
    size_t cap;
    size_t len;
    uint16_t last; /* number of the last option */
    bool failed;
} ob_coap_writer;

OB_API ob_coap_writer ob_coap_writer_on(void *bytes, size_t cap);
/* The header and token of msg; options and payload follow by the functions below. */
OB_API void ob_coap_begin(ob_coap_writer *w, const ob_coap_msg *msg);
/* Options come in ascending order of their numbers. */
OB_API void ob_coap_add(ob_coap_writer *w, uint16_t number, ob_span value);
OB_API void ob_coap_add_uint(ob_coap_writer *w, uint16_t number, uint32_t value);
/* The marker and the payload; nothing for an empty one. */
OB_API void ob_coap_payload(ob_coap_writer *w, ob_span payload);
/* OB_ERR_LIMIT where the bytes were too few or options were out of order. */
OB_MUST OB_API bool ob_coap_end(const ob_coap_writer *w, ob_span *datagram, ob_err *err);

OB_END

#endif
