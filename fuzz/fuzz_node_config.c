/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration that is refused is refused at a place in the file; one that is taken keeps what
 * it promises: names of the table are known, files are named, what no row allows is denied. A state
 * file is taken whole or not at all.
 */
#include "fuzz.h"
#include "node/config.h"
#include "node/state.h"

static void ask(const ob_node_config *c)
{
    hold(c->context_count <= OB_NODE_CONTEXTS_MAX &&
         (c->context_count == 0 || c->state_file.len > 0));
    for (size_t i = 0; i < c->context_count; i++) {
        hold(c->contexts[i].name.len > 0 && c->contexts[i].secret_file.len > 0);
        hold(c->contexts[i].options.sender_id.len <= OB_OSCORE_ID_MAX);
    }
    hold(!c->edhoc.present || (c->edhoc.peer_count > 0 && c->edhoc.key_file.len > 0 &&
                               c->edhoc.suite_count > 0 && c->edhoc.methods != 0));
    hold(!c->edhoc.send_certificate || c->edhoc.own.certificate_file.len > 0);
    hold(c->edhoc.revoked_file.len == 0 || c->edhoc.authority_file.len > 0);
    for (size_t i = 0; i < c->edhoc.peer_count; i++) {
        const ob_node_cred *p = &c->edhoc.peers[i];
        hold((p->ccs.len > 0) + (p->certificate_file.len > 0) + (p->serial.len > 0) == 1);
        hold(p->serial.len == 0 || c->edhoc.authority_file.len > 0);
        for (size_t k = 0; k < c->context_count; k++) {
            hold(!ob_span_is(p->name, c->contexts[k].name));
        }
    }
    hold(!c->has_rights || !ob_node_may(c, OB_SPAN("nobody at all"), OB_SPAN("/none"), 31, 0));
    for (size_t i = 0; i < c->right_count; i++) {
        const ob_node_right *r = &c->rights[i];
        hold(r->resource.len == 0 || r->resource.ptr[0] == '/');
        hold(!ob_span_has_suffix(r->resource, OB_SPAN("/")));
        for (uint8_t method = 1; method < 8; method++) {
            bool may = ob_node_may(c, r->who, r->resource, method, r->until_ms - 1);
            hold(may || (r->methods >> method & 1) == 0 || r->resource.len == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    static ob_node_state state;
    ob_err err = {0};
    ob_node_config config = {0};
    ob_span text = {(const char *)data, size};
    if (ob_node_config_parse(&config, &arena, OB_SPAN("f.yaml"), text, &err)) {
        ask(&config);
    } else {
        hold(err.kind == OB_ERR_INPUT && strstr(err.text, "f.yaml:") == err.text);
        hold_sentence(err.text);
        hold_place(&err, "f.yaml", text);
        hold(config.context_count == 0 && !config.has_rights);
    }
    err = (ob_err){0};
    if (ob_node_state_parse(&state, text, "s", &err)) {
        hold(state.count <= OB_NODE_STATES_MAX && size > 0 && data[size - 1] != 0);
        for (size_t i = 0; i < state.count; i++) {
            hold(state.rows[i].limit <= OB_OSCORE_SEQUENCE_MAX + 1);
        }
    } else {
        hold(err.kind == OB_ERR_INPUT);
    }
    return 0;
}
