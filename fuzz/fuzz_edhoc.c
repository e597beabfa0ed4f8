/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says which message arrives, the rest is it: a session that fails has no key left,
 * one that goes on has read a message in the only form it has.
 */
#include "fuzz.h"
#include "link/edhoc.h"

static bool find(void *ctx, ob_span id, ob_edhoc_cred *peer)
{
    const ob_edhoc_cred *known = ctx;
    *peer = *known;
    return id.len > 0;
}

static ob_edhoc_cred credential(uint8_t bytes[80], uint8_t x[32], uint8_t key[32])
{
    memset(key, 5, 32);
    hold(ob_link_libcrypto()->public_key(NULL, OB_P256, (ob_span){(const char *)key, 32}, x, NULL));
    obi_cbor_writer w = {.ptr = bytes, .cap = 80};
    obi_cbor_put_head(&w, OBI_CBOR_MAP, 0);
    return (ob_edhoc_cred){
        .id = OB_SPAN("\xa1\x04\x41x"), .cred = obi_cbor_written(&w), .x = {(const char *)x, 32}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ob_err err = {0};
    uint8_t bytes[80];
    uint8_t x[32];
    uint8_t key[32];
    uint8_t out[256];
    ob_edhoc session;
    ob_span made;
    ob_span ead = {0};
    if (size == 0) {
        return 0;
    }
    ob_edhoc_cred own = credential(bytes, x, key);
    ob_span message = {(const char *)data + 1, size - 1};
    ob_edhoc_options options = {.method = data[0] >> 4 & 3,
                                .suites = {2, 3},
                                .suite_count = 2,
                                .connection_id = OB_SPAN("me"),
                                .own = own,
                                .private_key = {(const char *)key, 32},
                                .find = find,
                                .ctx = &own};
    bool initiator = data[0] % 2 == 1;
    bool read = false;
    ob_edhoc_start(&session, &options, initiator);
    if (!initiator) {
        read = ob_edhoc_read_1(&session, message, &ead, &err);
        hold(!read ||
             ob_edhoc_write_2(&session, OB_SPAN("an ephemeral key is 32 bytes,yes"), (ob_span){0},
                              out, sizeof out, &made, &err) ||
             session.peer_id_len == 2);
    } else {
        hold(ob_edhoc_write_1(&session, OB_SPAN("an ephemeral key is 32 bytes,yes"), (ob_span){0},
                              out, sizeof out, &made, &err));
        read = ob_edhoc_read_2(&session, message, &ead, &err);
    }
    hold(read ||
         (session.state == OB_EDHOC_FAILED && session.prk[0] == 0 && session.ephemeral[0] == 0));
    /* The plaintexts of 2 and 3, as if they had been decrypted. */
    obi_edhoc_plain plain = {0};
    session.plain_len = message.len < sizeof session.plain ? message.len : sizeof session.plain;
    memcpy(session.plain, message.ptr, session.plain_len);
    if (obi_edhoc_read_plain(&session, 2 + (data[0] >> 6 & 1), &plain)) {
        hold(plain.id.len > 0 && plain.proof.len + plain.ead.len < session.plain_len);
    }
    ob_edhoc_problem problem = {0};
    hold(!ob_edhoc_error_read(&problem, message) ||
         (problem.code != 0 && problem.text.len < size &&
          problem.suite_count <= OB_EDHOC_PEER_SUITES_MAX));
    size_t suite = 0;
    hold(!ob_edhoc_next_suite(&session, message, &suite) || suite == 1);
    return 0;
}
