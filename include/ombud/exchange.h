/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges of CoAP messages over datagrams: what is sent again and what arrived twice (RFC 7252,
 * 4), bodies in blocks (RFC 7959), and the order of notifications (RFC 7641).
 *
 * No socket, clock, random number or memory of its own: datagrams, milliseconds of any clock that
 * only goes forward, and random numbers are arguments; the tables are the caller's. One object, one
 * thread.
 */
#ifndef OMBUD_EXCHANGE_H
#define OMBUD_EXCHANGE_H

#include <ombud/coap.h>

OB_BEGIN

#define OB_COAP_DATAGRAM_MAX 1280 /* bytes; RFC 7252 4.6 counts with 1,152 */
#define OB_COAP_REMOTE_MAX   28   /* an IPv6 socket address */

/* Where a datagram comes from or goes to: bytes that are only compared. */
typedef struct ob_coap_remote {
    uint8_t len;
    uint8_t bytes[OB_COAP_REMOTE_MAX];
} ob_coap_remote;

OB_API bool ob_coap_same_remote(const ob_coap_remote *a, const ob_coap_remote *b);

/* RFC 7252, 4.8. A zero stands for the value of the RFC, which is named here. */
typedef struct ob_coap_times {
    uint32_t ack_ms;          /* ACK_TIMEOUT: 2,000 */
    uint32_t spread_ms;       /* what a random part adds at most: 1,000 (a factor of 1.5) */
    uint32_t tries;           /* MAX_RETRANSMIT: 4 */
    uint32_t lifetime_ms;     /* EXCHANGE_LIFETIME: 247,000 */
    uint32_t non_lifetime_ms; /* NON_LIFETIME: 145,000 */
} ob_coap_times;

/* A confirmable message that nobody has acknowledged yet. */
typedef struct ob_coap_sent {
    bool used;
    uint8_t tries; /* how often it was sent again */
    uint16_t id;
    uint32_t tag; /* the caller's */
    uint32_t wait_ms;
    uint64_t due_ms;
    ob_coap_remote remote;
    size_t len;
    uint8_t bytes[OB_COAP_DATAGRAM_MAX];
} ob_coap_sent;

/* A message that arrived, and what it was answered. */
typedef struct ob_coap_seen {
    bool used;
    bool confirmable;
    uint16_t id;
    uint64_t until_ms;
    ob_coap_remote remote;
    size_t len; /* of the answer; 0: none yet */
    uint8_t bytes[OB_COAP_DATAGRAM_MAX];
} ob_coap_seen;

typedef struct ob_coap_peer_options {
    ob_coap_sent *sent; /* as many messages of one's own may be on their way */
    size_t sent_count;
    ob_coap_seen *seen; /* as many that arrived are remembered; the oldest goes when all are used */
    size_t seen_count;
    ob_coap_times times;
    uint16_t first_id; /* random: who comes after a restart uses other numbers */
} ob_coap_peer_options;

/* One end. The fields that count may be read. */
typedef struct ob_coap_peer {
    ob_coap_peer_options options;
    uint16_t id;
    uint64_t sent_again; /* messages of one's own */
    uint64_t came_again; /* messages that were here before */
} ob_coap_peer;

/* Empties the tables. */
OB_API void ob_coap_peer_init(ob_coap_peer *peer, const ob_coap_peer_options *options);
/* The message id for the next message of one's own. */
OB_API uint16_t ob_coap_peer_id(ob_coap_peer *peer);
/* Keeps a confirmable message that the caller sends now: ob_coap_peer_due gives it again until it
 * is acknowledged. random: any 32 bits. tag comes back with what happens to it. OB_ERR_LIMIT where
 * the table is full or the datagram too long. */
OB_MUST OB_API bool ob_coap_peer_keep(ob_coap_peer *peer, const ob_coap_remote *remote,
                                      ob_span datagram, uint32_t tag, uint64_t now_ms,
                                      uint32_t random, ob_err *err);

typedef enum ob_coap_event {
    OB_COAP_NOTHING,      /* for the caller; answer may be something to send */
    OB_COAP_REQUEST,      /* to be answered: see ob_coap_peer_answer */
    OB_COAP_RESPONSE,     /* piggybacked, or on its own */
    OB_COAP_ACKNOWLEDGED, /* a message of one's own arrived; its response comes later, if any */
    OB_COAP_REJECTED      /* the other side does not want that message: it answered by a reset */
} ob_coap_event;

typedef struct ob_coap_arrival {
    ob_coap_event event;
    ob_coap_msg msg; /* borrows from the datagram */
    ob_span answer;  /* to be sent back at once; borrows from the tables; empty: nothing */
    bool has_tag;    /* it belongs to a message that was kept, */
    uint32_t tag;    /* which had this tag */
    size_t seen;     /* its place in the table, for what is answered; SIZE_MAX: none */
} ob_coap_arrival;

/*
 * A datagram arrived. A message that was here before is not given again: what it was answered is
 * given as answer where it asks for confirmation. What cannot be read, and an empty confirmable
 * message ("ping"), is answered by a reset (RFC 7252 4.2, 4.3).
 */
OB_API void ob_coap_peer_receive(ob_coap_peer *peer, const ob_coap_remote *remote, ob_span datagram,
                                 uint64_t now_ms, ob_coap_arrival *arrival);
/* What the caller sends in answer to an arrival, so that a repeated message gets it, too. For a
 * request it is the response in an ACK (or NON for NON); one that is too long is not kept. */
OB_API void ob_coap_peer_answer(ob_coap_peer *peer, const ob_coap_arrival *arrival,
                                ob_span datagram);
/* An empty ACK: of a response that was expected, or of a request whose response comes later. Empty
 * where nothing is to be sent because the message was not confirmable. Borrows from the tables. */
OB_API ob_span ob_coap_peer_ack(ob_coap_peer *peer, ob_coap_arrival *arrival);
/* A reset: of a response or notification that nobody waits for. */
OB_API ob_span ob_coap_peer_reset(ob_coap_peer *peer, ob_coap_arrival *arrival);

typedef struct ob_coap_again {
    const ob_coap_remote *remote; /* both borrow from the tables */
    ob_span datagram;
    uint32_t tag;
    bool gave_up; /* nothing is to be sent: the message with that tag was never acknowledged */
} ob_coap_again;

/* The next thing that is due at now_ms; false when there is none (any more). */
OB_API bool ob_coap_peer_due(ob_coap_peer *peer, uint64_t now_ms, ob_coap_again *again);
/* When something will be due; UINT64_MAX: nothing is on its way. */
OB_API uint64_t ob_coap_peer_wake(const ob_coap_peer *peer);
/* Does not send messages with that tag again. */
OB_API void ob_coap_peer_forget(ob_coap_peer *peer, uint32_t tag);

/* --- Blocks, RFC 7959 --------------------------------------------------------------------- */

#define OB_COAP_BLOCK_SZX_MAX 6 /* 1,024 bytes */

typedef struct ob_coap_block {
    uint32_t number;
    bool more;
    uint8_t szx; /* 0 to 6: 16 to 1,024 bytes */
} ob_coap_block;

OB_API size_t ob_coap_block_size(unsigned szx);
/* The value of a Block1 or Block2 option; false for one that is reserved or too long. */
OB_API bool ob_coap_block_read(ob_span value, ob_coap_block *block);
OB_API uint32_t ob_coap_block_value(const ob_coap_block *block);
/* The part of body that block names; sets block->more. False where it begins behind the end (block
 * 0 of an empty body is there). */
OB_API bool ob_coap_block_slice(ob_span body, ob_coap_block *block, ob_span *slice);

/* A body that arrives in blocks, in order. */
typedef struct ob_coap_body {
    uint8_t *ptr;
    size_t cap;
    size_t len;
    size_t last; /* where the last block began, which may come again */
} ob_coap_body;

typedef enum ob_coap_body_step {
    OB_COAP_BODY_MORE,
    OB_COAP_BODY_DONE,
    OB_COAP_BODY_GAP,  /* a block before it is missing: 4.08 */
    OB_COAP_BODY_LARGE /* it does not fit: 4.13 */
} ob_coap_body_step;

/* Block 0 begins anew. A block that is not the last has its full size, else it is a gap. */
OB_API ob_coap_body_step ob_coap_body_add(ob_coap_body *body, const ob_coap_block *block,
                                          ob_span payload);

/* --- Observe, RFC 7641 -------------------------------------------------------------------- */

/* Whether a notification is newer than the one before (3.4): numbers have 24 bits and go round. */
OB_API bool ob_coap_is_newer(uint32_t before, uint64_t before_ms, uint32_t number, uint64_t now_ms);

/* Somebody who asked to be notified. */
typedef struct ob_coap_observer {
    bool used;
    bool waiting; /* a confirmable notification is on its way: no other is sent until then, */
    bool behind;  /* and the state has changed since */
    uint8_t token_len;
    uint8_t token[OB_COAP_TOKEN_MAX];
    uint32_t resource; /* the caller's number of it */
    uint32_t count;    /* notifications */
    ob_coap_remote remote;
} ob_coap_observer;

/* The entry for that remote and token, a new one if there is none; NULL: all are used. */
OB_API ob_coap_observer *ob_coap_observe(ob_coap_observer *list, size_t count,
                                         const ob_coap_remote *remote, const ob_coap_msg *msg,
                                         uint32_t resource);
/* Forgets it; false if there was none. */
OB_API bool ob_coap_unobserve(ob_coap_observer *list, size_t count, const ob_coap_remote *remote,
                              const ob_coap_msg *msg);

OB_END

#endif
