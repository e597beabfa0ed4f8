/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by the files that read a service file or a judge's; nobody else includes it. A template or
 * expression is only noted while the file is read: names may be extracted further down, and all
 * expressions become one program.
 */
#ifndef OB_DRIVE_SERVICE_READ_H
#define OB_DRIVE_SERVICE_READ_H

#include "drive/mapping.h"
#include "drive/service.h"

typedef struct obi_use {
    struct obi_use *next;
    const ob_yaml *node;
    bool in_turn;    /* {{say}} is known here */
    bool in_backend; /* {{call.NAME}} is known here */
    bool at_start;   /* expanded once, before anybody takes part: {{run.id}} and secrets only */
    bool with_all;   /* goes with every request, so also with those that give names */
} obi_use;

typedef struct obi_service_reader {
    ob_service *service;
    const ob_yaml_doc *doc;
    ob_arena *arena;
    obi_use *uses;
    ob_vars names; /* every {{name}} that some call or account gives */
    ob_vars secrets;
    ob_span expressions[OB_MAPPING_EXPRESSIONS_MAX];
    const ob_yaml *expressions_at[OB_MAPPING_EXPRESSIONS_MAX];
    size_t expressions_count;
    const ob_yaml *turn; /* the request of a turn, or NULL where the driver makes it */
    bool says;           /* it holds {{say}} */
    bool in_turn;
    bool in_backend;
    bool at_start;
    bool with_all;
} obi_service_reader;

/* A text or {secret: NAME}; absent leaves *out. */
OB_MUST bool obi_read_value(obi_service_reader *r, const ob_yaml *map, const char *key,
                            ob_value *out, ob_err *err);
/* A map of names to values, as HTTP headers when headers is set. */
OB_MUST bool obi_read_fields(obi_service_reader *r, const ob_yaml *map, const char *key,
                             bool headers, const ob_field **out, size_t *count, ob_err *err);
/* Notes the jq expression under key; absent leaves *index. */
OB_MUST bool obi_read_expression(obi_service_reader *r, const ob_yaml *map, const char *key,
                                 int *index, ob_err *err);
/* As obi_read_expression; expression, a constant, where the file says none. */
OB_MUST bool obi_read_expression_or(obi_service_reader *r, const ob_yaml *map, const char *key,
                                    const char *expression, int *index, ob_err *err);
OB_MUST bool obi_read_request(obi_service_reader *r, const ob_yaml *node, ob_request_template *out,
                              ob_err *err);
/* A call: request, extract, writes. prefix is that of the extracted names, or NULL. */
OB_MUST bool obi_read_call(obi_service_reader *r, const ob_yaml *node, ob_span name,
                           const char *prefix, bool secret, ob_call_template *out, ob_err *err);
/* What a back-end call stands on: values of the procedure, a login, a session. */
OB_MUST bool obi_read_asks(obi_service_reader *r, const ob_yaml *node, ob_call_template *call,
                           ob_err *err);
/* service_command.c: the section of driver command. */
OB_MUST bool obi_read_command(obi_service_reader *r, ob_err *err);
/* The sections that a judge's file has, too: where to, over which TLS, within which limits. */
OB_MUST bool obi_read_address(obi_service_reader *r, ob_err *err);
OB_MUST bool obi_read_tls(obi_service_reader *r, ob_err *err);
OB_MUST bool obi_read_limits(obi_service_reader *r, ob_err *err);
/* Every template's names are known; secrets are gathered. Then the program is compiled. */
OB_MUST bool obi_check_uses(obi_service_reader *r, ob_err *err);

#endif
