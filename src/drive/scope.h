/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scope: the owner's written permission. Nothing is sent without it, except reads from
 * loopback. doc/scope-file.md describes the format. Addresses are checked as they are contacted,
 * after name resolution, so a name that moves does not carry the permission along.
 */
#ifndef OB_DRIVE_SCOPE_H
#define OB_DRIVE_SCOPE_H

#include "input/yaml.h"

#include <sys/socket.h>

typedef enum ob_effect {
    OB_EFFECT_NONE,
    OB_EFFECT_READ,
    OB_EFFECT_WRITE,
    OB_EFFECT_LOAD,
    OB_EFFECT_FAULT
} ob_effect;

#define OB_EFFECTS 5
extern const char *const ob_effect_names[OB_EFFECTS];

typedef struct ob_scope_address {
    ob_span host;      /* name or literal as written, for messages and TLS names; may be empty */
    uint8_t bytes[16]; /* network in IPv6 form (IPv4 mapped) */
    unsigned prefix;   /* 0 .. 128; 128 = one host */
    bool by_name;  /* host is a name: whatever it resolves to is allowed while asked by that name */
    uint16_t port; /* 0 = any */
} ob_scope_address;

typedef struct ob_scope {
    ob_yaml_doc doc;
    bool present;    /* false: only reads from loopback */
    ob_span owner;   /* who gives leave */
    ob_span service; /* what the leave is for, free text */
    const ob_scope_address *addresses;
    size_t addresses_count;
    unsigned effects;   /* bit per ob_effect */
    double rate;        /* most requests/s, 0 = not stated */
    unsigned in_flight; /* 0 = not stated */
    uint64_t requests;  /* most in a run, 0 = not stated */
    int64_t from_ms;    /* valid from, wall ms */
    int64_t until_ms;   /* valid until (exclusive) */
} ob_scope;

OB_MUST bool ob_scope_load(ob_scope *scope, ob_arena *arena, const char *path, ob_err *err);
OB_MUST bool ob_scope_parse(ob_scope *scope, ob_arena *arena, ob_span name, ob_span text,
                            ob_err *err);
/* Dates hold now. */
OB_MUST bool ob_scope_check_time(const ob_scope *scope, int64_t wall_ms, ob_err *err);
/* The effect is allowed. Above read a scope must be present, on loopback too. */
OB_MUST bool ob_scope_check_effect(const ob_scope *scope, ob_effect effect, ob_err *err);
/* This resolved address, asked for under that host name, may be contacted. */
OB_MUST bool ob_scope_check_address(const ob_scope *scope, ob_span host,
                                    const struct sockaddr *address, ob_err *err);
/* The host (name or literal) and port of a URL, to be refused early and without resolving where
 * that is possible already. */
OB_MUST bool ob_scope_check_url(const ob_scope *scope, ob_span url, ob_err *err);
/* The same for a URL that a proxy is asked for. What its name resolves to is the proxy's to know,
 * so the name itself, or the literal, must be covered; without a scope it must be loopback as
 * written.
 */
OB_MUST bool ob_scope_check_behind_proxy(const ob_scope *scope, ob_span url, ob_err *err);
/* A local program may be spoken to: without a scope it may, as loopback; a scope must list
 * "command" among its addresses. */
OB_MUST bool ob_scope_check_command(const ob_scope *scope, ob_err *err);
bool ob_address_is_loopback(const struct sockaddr *address);
/* "127.0.0.1:8080", "[::1]:443" */
void ob_address_show(const struct sockaddr *address, char out[64]);

#endif
