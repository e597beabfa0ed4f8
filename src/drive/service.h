/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service file: everything about how to speak with one service, read once, read-only
 * afterwards. doc/service-file.md describes the format for users. Secrets are named here, never
 * held: their values come in through ob_secrets.
 */
#ifndef OB_DRIVE_SERVICE_H
#define OB_DRIVE_SERVICE_H

#include "input/template.h"
#include "input/yaml.h"

struct ob_driver;
struct ob_mapping;

typedef struct ob_secrets {
    const ob_var *items; /* name, value; secret is true */
    size_t count;
} ob_secrets;

/* A value that may be {secret: NAME}. */
typedef struct ob_value {
    ob_span text;   /* template */
    ob_span secret; /* name of a secret; then text is empty */
} ob_value;

typedef struct ob_field {
    ob_span name;
    ob_value value;
} ob_field;

typedef struct ob_request_template {
    ob_span method; /* GET where no body, else POST, unless the file says */
    ob_value url;   /* template: absolute, or a path below the service's address */
    const ob_field *headers;
    size_t headers_count;
    const ob_yaml *body; /* becomes JSON: scalars are templates; NULL = none */
    ob_span body_text;   /* instead of body: sent as it is after expansion */
} ob_request_template;

typedef struct ob_extract {
    ob_span name;
    unsigned expression; /* index into the service's one jq program */
    bool secret;
} ob_extract;

/* A request and what is taken out of its answer. */
typedef struct ob_call_template {
    bool present;
    ob_span name;
    ob_request_template request;
    const ob_extract *extracts;
    size_t extracts_count;
    bool writes; /* changes the service beyond reading: fresh connection, needs a scope */
    /* Back-end calls only: */
    const ob_span *asks; /* "call.NAME" that its templates take from the procedure's step */
    size_t asks_count;
    bool uses_login;   /* a template holds what the login gives: the actor's own rights */
    bool uses_session; /* a template holds what opening a session gives */
} ob_call_template;

typedef enum ob_ability {
    OB_CAN_SESSION = 1 << 0,
    OB_CAN_STREAM = 1 << 1,
    OB_CAN_LEDGER = 1 << 2,
    OB_CAN_STATE = 1 << 3,
    OB_CAN_KB = 1 << 4,
    OB_CAN_FAULT = 1 << 5, /* a back-end call that makes the back end fail, and one that mends it */
    OB_CAN_ACTOR = 1 << 6, /* accounts can be created */
    OB_CAN_PROXY = 1 << 7
} ob_ability;

#define OB_ABILITIES 8
extern const char *const ob_ability_names[OB_ABILITIES];

typedef enum ob_policy_429 {
    OB_429_WAIT,
    OB_429_STOP,
    OB_429_MEASURE
} ob_policy_429;

typedef struct ob_service_limits {
    uint64_t connect_ms;    /* default 5 s */
    uint64_t first_byte_ms; /* default 30 s */
    uint64_t total_ms;      /* default 60 s */
    size_t reply_bytes;     /* default OB_REPLY_MAX_DEFAULT */
    double rate;            /* requests/s; 0 = 2/s off loopback, unlimited on it */
    unsigned in_flight;     /* 0 = 4 off loopback, 16 on it */
    uint64_t requests;      /* most in a run; 0 = 5,000 off loopback, unlimited on it */
    unsigned retries;       /* default 2; only before the first reply byte */
    ob_policy_429 on_429;   /* default wait */
} ob_service_limits;

/* One account that exists already, instead of actors.create. */
typedef struct ob_account {
    const ob_field *fields; /* become actor.NAME */
    size_t count;
} ob_account;

/* A service that is a local program: driver command. */
typedef struct ob_service_command {
    const ob_span *words; /* the program and its arguments, each with an uncounted NUL */
    size_t words_count;
    ob_span folder; /* its working directory, with an uncounted NUL; from where Ombud runs */
    const ob_field *environment;
    size_t environment_count;
    unsigned processes; /* at least 1 */
} ob_service_command;

typedef struct ob_service {
    ob_yaml_doc doc;
    ob_span title;
    ob_span profile;
    const struct ob_driver *driver;
    ob_span address;   /* scheme://host[:port], no trailing slash; "command:WORDS" of a program */
    double time_scale; /* default 1 */
    ob_value proxy;    /* empty = none, whatever the environment says */
    ob_span ca_file;
    ob_span client_cert;
    ob_value client_key;     /* a path, or a secret that holds the PEM text */
    const ob_field *headers; /* sent with every request */
    size_t headers_count;
    /* driver openai */
    ob_span path; /* default /v1/chat/completions */
    ob_span model;
    ob_value system; /* optional system message */
    bool stream;
    ob_span temperature;        /* of a judge: a JSON number; empty = not sent */
    bool json_mode;             /* of a judge: asks for an answer that is a JSON object */
    ob_service_command command; /* driver command */
    /* driver json; the expressions also of driver command */
    ob_request_template say; /* {{say}}, {{session.*}}, {{actor.*}} */
    int reply;               /* jq expressions, -1 = none; reply is there with both */
    int tools;
    int citations;
    int usage;
    ob_call_template login;
    ob_call_template session_open;
    const ob_field *session_send; /* headers that carry the session */
    size_t session_send_count;
    bool session_key;      /* the turn holds {{session.key}}: the client names the conversation */
    bool uses_session_key; /* something does */
    ob_call_template session_end;
    ob_call_template actor_create;
    ob_call_template actor_remove;
    const ob_account *accounts;
    size_t accounts_count;
    const ob_call_template
        *backend; /* ledger, state, kb, break, mend and whatever the file names */
    size_t backend_count;
    const ob_var
        *facts; /* what the operator states of its service, {{service.NAME}} in procedures */
    size_t facts_count;
    bool fault_scope_actor;     /* break/mend touch one actor only, so trials may overlap */
    const ob_span *allow_hosts; /* hosts that links in replies may point to */
    size_t allow_hosts_count;
    unsigned abilities;
    ob_service_limits limits;
    const ob_span *secrets; /* names the file asks for, sorted and unique */
    size_t secrets_count;
    struct ob_mapping *mapping; /* the compiled jq program; closed with the arena */
} ob_service;

/* Reads and checks a service file. Everything lives in arena, the jq program too (deferred). */
OB_MUST bool ob_service_load(ob_service *service, ob_arena *arena, const char *path, ob_err *err);
OB_MUST bool ob_service_parse(ob_service *service, ob_arena *arena, ob_span name, ob_span text,
                              ob_err *err);
/* Back-end call by name, or NULL. */
const ob_call_template *ob_service_backend(const ob_service *service, ob_span name);
/* A fact by name, or NULL. */
const ob_var *ob_service_fact(const ob_service *service, ob_span name);
/* Names of all secrets that the file asks for, sorted and unique. */
OB_MUST bool ob_service_secret_names(const ob_service *service, ob_arena *arena,
                                     const ob_span **names, size_t *count, ob_err *err);

#endif
