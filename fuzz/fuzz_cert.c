/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is read as certificates is judged the same each time and in each form; a rule speaks
 * once a certificate, of its roles only, and the counts are what was said. What is refused has a
 * place.
 */
#include "fuzz.h"
#include "node/authority.h"
#include "node/cert_parts.h"

#define WALL INT64_C(1800000000000)

static const ob_cert_role roles[] = {OB_CERT_ANY, OB_CERT_DEVICE, OB_CERT_SERVER,
                                     OB_CERT_AUTHORITY};

static void hold_look(const ob_cert_set *set, const ob_cert_look *look, unsigned *must,
                      unsigned *should)
{
    size_t said = 0;
    hold(look->cert < set->count && set->given[look->cert] + set->anchor[look->cert] > 0);
    hold(look->role == OB_CERT_DEVICE || look->role == OB_CERT_SERVER ||
         look->role == OB_CERT_AUTHORITY);
    for (size_t k = 0; k < OB_CERT_RULES; k++) {
        const ob_cert_rule *rule = ob_cert_rule_of((ob_cert_rule_id)k);
        bool its = (rule->roles & (unsigned)look->role) != 0;
        hold(look->verdicts[k] <= OB_CERT_BROKEN &&
             (its || look->verdicts[k] == OB_CERT_NOT_ASKED));
        if (look->verdicts[k] == OB_CERT_BROKEN) { /* in the order of the rules, each once */
            hold(said < look->finding_count && look->findings[said].rule == k);
            hold(look->findings[said++].detail.len > 0);
            *must += rule->must;
            *should += !rule->must;
        }
    }
    hold(said == look->finding_count);
}

static void hold_answer(const ob_cert_set *set, const ob_cert_answer *answer)
{
    unsigned must = 0;
    unsigned should = 0;
    size_t depth = 0;
    for (size_t i = 0; i < answer->count; i++) {
        const ob_cert_look *look = &answer->looks[i];
        hold_look(set, look, &must, &should);
        if (look->depth != OB_CERT_NONE) { /* the path comes first, from its end */
            hold(look->depth == depth++ && depth == i + 1);
        }
        for (size_t k = 0; k < i; k++) {
            hold(answer->looks[k].cert != look->cert);
        }
    }
    hold(answer->count > 0 && depth > 0 && must == answer->must && should == answer->should);
}

static void check(const ob_cert_set *set, ob_cert_role role, ob_arena *arena,
                  ob_cert_answer *answer)
{
    ob_err err = {0};
    hold(ob_cert_check(&(ob_cert_ask){.set = set, .at_ms = WALL, .role = role, .host = "a.example"},
                       arena, answer, &err));
    hold_answer(set, answer);
}

/* The first certificate alone, in PEM and in DER. */
static void hold_forms(X509 *cert, ob_arena *arena)
{
    OB_AUTO(ob_buf) pem = {.max = (size_t)4 << 20};
    ob_err err = {0};
    ob_cert_set sets[2] = {{0}};
    ob_cert_answer answers[2];
    uint8_t *der = NULL;
    int len = i2d_X509(cert, &der);
    hold(len > 0 && ob_authority_pem(cert, &pem, &err));
    hold(ob_cert_set_read(&sets[0], "der", (ob_span){(const char *)der, (size_t)len}, false, &err));
    hold(ob_cert_set_read(&sets[1], "pem", ob_buf_span(&pem), false, &err));
    OPENSSL_free(der);
    for (size_t i = 0; i < 2; i++) {
        hold(sets[i].count == 1);
        check(&sets[i], OB_CERT_ANY, arena, &answers[i]);
    }
    hold(memcmp(answers[0].looks[0].verdicts, answers[1].looks[0].verdicts, OB_CERT_RULES) == 0);
    ob_span subject;
    hold(ob_cert_subject(cert, arena, &subject, &err));
    hold(ob_utf8_bad(subject) == SIZE_MAX);
    for (size_t i = 0; i < subject.len; i++) {
        hold((uint8_t)subject.ptr[i] >= 0x20 && subject.ptr[i] != 0x7f);
    }
    ob_cert_set_fini(&sets[0]);
    ob_cert_set_fini(&sets[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OB_AUTO(ob_arena) arena = {0};
    ob_cert_set set = {0};
    ob_err err = {0};
    ob_span text = {(const char *)data, size};
    if (!ob_cert_set_read(&set, "f.crt", text, false, &err)) {
        hold(err.kind == OB_ERR_INPUT && set.count == 0 && set.list_count == 0);
        hold_sentence(err.text);
        hold(strstr(err.text, "f.crt") == err.text);
        return 0;
    }
    if (set.count > 0) {
        for (size_t i = 0; i < OB_COUNT(roles); i++) {
            ob_cert_answer once;
            ob_cert_answer again;
            check(&set, roles[i], &arena, &once);
            check(&set, roles[i], &arena, &again);
            hold(once.count == again.count && once.must == again.must);
            for (size_t k = 0; k < once.count; k++) {
                hold(memcmp(once.looks[k].verdicts, again.looks[k].verdicts, OB_CERT_RULES) == 0);
            }
        }
        hold_forms(set.certs[0], &arena);
        /* Everything as an authority: nothing to hold, but it comes back. */
        ob_cert_set trusted = set;
        memset(trusted.anchor, 1, sizeof trusted.anchor);
        err = (ob_err){0};
        bool trust = ob_cert_trust(&set, &trusted, WALL, KU_DIGITAL_SIGNATURE, &err);
        hold(trust == (err.kind == OB_OK));
    }
    ob_cert_set_fini(&set);
    return 0;
}
