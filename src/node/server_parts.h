/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the server. */
#ifndef OB_NODE_SERVER_PARTS_H
#define OB_NODE_SERVER_PARTS_H

#include "node/server.h"
#include "node/trust.h"
#include "node/uri.h"

#define OBI_SENT       32
#define OBI_SEEN       256
#define OBI_OBSERVERS  32
#define OBI_LEARNT     16 /* contexts that EDHOC made */
#define OBI_KEYS       (OB_NODE_CONTEXTS_MAX + OBI_LEARNT)
#define OBI_SESSIONS   8
#define OBI_SESSION_MS 60000
#define OBI_UPLOADS    8
#define OBI_UPLOAD_MS  247000
#define OBI_KEPT       8
#define OBI_EDHOC_MAX  ((size_t)OB_EDHOC_MESSAGE_MAX + 64) /* a message and what goes with it */
#define OBI_FAULTS     64
#define OBI_BODY_MAX   ((size_t)64 * 1024)
#define OBI_NOBODY     SIZE_MAX
#define OBI_NO_FORMAT  0xffffffffU

enum {
    OBI_FORMAT_TEXT = 0,
    OBI_FORMAT_LINKS = 40,
    OBI_FORMAT_JSON = 50,
    OBI_FORMAT_EDHOC = 64,
    OBI_FORMAT_CID_EDHOC = 65
};

/* A security context and whose it is. */
typedef struct obi_key {
    bool used;
    bool learnt; /* by EDHOC: not in the state file, gone with the process */
    ob_span name;
    ob_digest cert; /* of a device that shares its name with others; else zeros */
    uint64_t since_ms;
    uint8_t echo[8];
    ob_oscore context;
} obi_key;

/* A run of EDHOC that waits for message 3, known by the identifier that the server chose. */
typedef struct obi_session {
    bool used;
    uint8_t id;
    uint64_t since_ms;
    int64_t wall_ms;
    ob_node_server *server;
    ob_node_found found; /* who it is; its peer OBI_NOBODY: not known yet */
    ob_edhoc edhoc;
} obi_session;

/* A body that comes in blocks. */
typedef struct obi_upload {
    bool used;
    size_t key; /* of the sender, or OBI_NOBODY */
    uint64_t since_ms;
    ob_coap_remote remote;
    char path[OB_NODE_PATH_MAX];
    ob_coap_body body;
} obi_upload;

/* A message of EDHOC that goes out in blocks: who got the first may ask for the others. */
typedef struct obi_kept {
    bool used;
    uint64_t since_ms;
    ob_coap_remote remote;
    bool reached; /* by an Echo value: it does receive there */
    size_t len;
    uint8_t bytes[OBI_EDHOC_MAX];
} obi_kept;

typedef struct obi_fault {
    char *ptr;
    size_t len;
    uint32_t format;
} obi_fault;

/* What belongs to an observer beside what the protocol needs. */
typedef struct obi_watch {
    size_t key;
    uint16_t id; /* of the last notification */
    uint8_t szx;
    ob_oscore_bind bind;
} obi_watch;

struct ob_node_server {
    ob_node_server_options options;
    ob_node_config none; /* stands for a configuration that is not there */
    ob_node_state state;
    ob_err broken;
    ob_link_crypto crypto; /* keeps the ciphers of the contexts that are in use */
    ob_coap_peer peer;
    ob_coap_sent sent[OBI_SENT];
    ob_coap_seen seen[OBI_SEEN];
    obi_key keys[OBI_KEYS];
    ob_node_trust trust;
    obi_session sessions[OBI_SESSIONS];
    obi_upload uploads[OBI_UPLOADS];
    obi_kept kept[OBI_KEPT];
    uint8_t reach_key[32]; /* of Echo values for addresses */
    obi_fault faults[OBI_FAULTS];
    size_t fault_count;
    ob_coap_observer observers[OBI_OBSERVERS];
    obi_watch watches[OBI_OBSERVERS];
    uint64_t sensor_due_ms;
    uint32_t reading;        /* of the sensor: how often it changed */
    bool on;                 /* the actuator */
    char text[OBI_BODY_MAX]; /* the representation that is being sent */
};

/* A request on its way through the server. */
typedef struct obi_request {
    const ob_coap_remote *remote;
    const ob_coap_msg *msg; /* as it was before protection */
    size_t key;             /* OBI_NOBODY: it was not protected */
    ob_oscore_bind bind;
    uint64_t now_ms;
    int64_t wall_ms;
    char path[OB_NODE_PATH_MAX];
    ob_span body; /* the whole of it, once it is there */
} obi_request;

/* What is answered; options are written in the order of their numbers when all are known. */
typedef struct obi_reply {
    uint8_t code;
    ob_span payload;
    uint32_t format;
    bool observe;
    uint32_t observe_value;
    char location[2][16]; /* segments; empty: none */
    bool has_block1;
    ob_coap_block block1;
    bool has_block2;
    ob_coap_block block2;
    uint32_t etag;
    uint32_t size1;   /* 0: not told */
    uint8_t reach[8]; /* what echo may point to */
    ob_span echo;
} obi_reply;

/* server_resources.c: answers a request that may be made. */
void obi_node_serve(ob_node_server *s, obi_request *q, obi_reply *r);
/* The representation of /sensor. */
ob_span obi_node_sensor(ob_node_server *s);
/* Puts the block of the representation that is asked for into the reply. */
void obi_node_cut(obi_reply *r, ob_span body, uint8_t szx, const ob_coap_block *asked);
/* Block1: true when the body of the request is there as a whole, in q->body. *upload then has it,
 * if it came in blocks, and is free again when its used is cleared. max: bytes of a body. */
OB_MUST bool obi_node_gather(ob_node_server *s, obi_request *q, obi_reply *r, size_t max,
                             obi_upload **upload);
void obi_node_refuse(obi_reply *r, uint8_t code, const char *why);

/* server_edhoc.c */
OB_MUST bool obi_node_edhoc_prepare(ob_node_server *s, ob_arena *arena, ob_err *err);
void obi_node_edhoc_serve(ob_node_server *s, obi_request *q, obi_reply *r);
/* A request that brings message 3 along (RFC 9668): reads it, which makes the context that opens
 * the rest; outer is left with that rest. False: the reply says why. */
OB_MUST bool obi_node_edhoc_combined(ob_node_server *s, obi_request *q, ob_coap_msg *outer,
                                     obi_reply *r);
/* Ends sessions that waited too long for message 3, and says when the next one will have. */
void obi_node_edhoc_tick(ob_node_server *s, uint64_t now_ms);
uint64_t obi_node_edhoc_wake(const ob_node_server *s);
void obi_node_forget_key(ob_node_server *s, size_t key);

/* server_observe.c */
void obi_node_watch_begin(ob_node_server *s, const obi_request *q, obi_reply *r);
/* Ends what somebody observes under that key. */
void obi_node_watch_forget(ob_node_server *s, size_t key);
void obi_node_sensor_changed(ob_node_server *s, uint64_t now_ms, int64_t wall_ms);
void obi_node_notified(ob_node_server *s, uint32_t tag, bool wanted, uint64_t now_ms,
                       int64_t wall_ms);
/* A reset that belongs to no confirmable message: who rejects a notification wants no more of them
 * (RFC 7641, 3.6). */
void obi_node_unwanted(ob_node_server *s, const ob_coap_remote *from, uint16_t id);

/* server.c: sends a reply, protected where key says so. head: type, id and token; bind: of the
 * request. The datagram, for the table of what was answered; empty where it failed. */
ob_span obi_node_send(ob_node_server *s, const ob_coap_remote *to, const ob_coap_msg *head,
                      const obi_reply *r, size_t key, ob_oscore_bind *bind,
                      uint8_t out[OB_COAP_DATAGRAM_MAX]);
void obi_node_say(ob_node_server *s, const char *format, ...) OB_PRINTF(2, 3);
uint32_t obi_node_random(ob_node_server *s);
ob_span obi_node_name_of(const ob_node_server *s, size_t key);

#endif
