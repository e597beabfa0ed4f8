/* SPDX-License-Identifier: Apache-2.0 */
/* A message that is read never verifies by accident, and what it names lies within it. */
#include "fuzz.h"
#include "link/cose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ob_span secret = OB_SPAN("0123456789abcdef0123456789abcdef");
    ob_err err = {0};
    ob_span text = {(const char *)data, size};
    uint8_t work[4096];
    uint8_t out[8192];
    obi_cose cose;
    ob_span plain;
    ob_span made;
    if (size > sizeof work || !obi_cose_read(&cose, 0, text, &err)) {
        return 0;
    }
    hold(within(text, cose.protected_));
    hold(within(text, cose.unprotected));
    hold(within(text, cose.content));
    hold(within(text, cose.proof));
    hold(within(text, cose.iv));
    hold(within(text, cose.kid));
    obi_cose_key key = {.secret =
                            ob_span_sub(secret, 0, cose.alg == 10 || cose.alg == 1 ? 16 : 32)};
    if (cose.kind == OBI_COSE_SIGN1 || !obi_cose_has_alg(&cose)) {
        return 0;
    }
    /* A tag of 8 bytes is not guessed: the seeds with this key are what holds. */
    bool holds =
        cose.kind == OBI_COSE_ENCRYPT0
            ? obi_cose_decrypt(&cose, ob_link_libcrypto(), &key, (ob_span){0}, work, sizeof work,
                               &plain)
            : obi_cose_verify(&cose, ob_link_libcrypto(), &key, (ob_span){0}, plain = (ob_span){0});
    if (holds && !cose.detached) {
        obi_cose again = cose;
        again.content = cose.kind == OBI_COSE_ENCRYPT0 ? plain : cose.content;
        hold(obi_cose_make(&again, ob_link_libcrypto(), &key, (ob_span){0}, out, sizeof out, &made,
                           &err));
        hold(obi_cose_read(&again, 0, made, &err));
        hold(ob_span_is(cose.proof, again.proof));
        hold(cose.kind != OBI_COSE_ENCRYPT0 || ob_span_is(cose.content, again.content));
    }
    return 0;
}
