/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate check: each rule is asked of each certificate whose role it is about. */
#include "node/cert_parts.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdarg.h>

#define DETAIL_MAX 400

/* As the rows have them. */
#define D      OB_CERT_DEVICE
#define S      OB_CERT_SERVER
#define A      OB_CERT_AUTHORITY
#define MUST   true
#define SHOULD false

static const ob_cert_rule rules[OB_CERT_RULES] = {
#define OB_CERT_RULE(look, id, hard, roles, clause, x1112, says, mend) \
    {id, hard, (unsigned)(roles), clause, x1112, says, mend},
#include "node/cert_rules.def"
#undef OB_CERT_RULE
};

typedef ob_cert_verdict (*look_fn)(const obi_cert *c);

static const look_fn look_fns[OB_CERT_RULES] = {
#define OB_CERT_RULE(look, id, hard, roles, clause, x1112, says, mend) obi_cert_look_##look,
#include "node/cert_rules.def"
#undef OB_CERT_RULE
};

const ob_cert_rule *ob_cert_rule_of(ob_cert_rule_id id)
{
    return &rules[id];
}

const char *ob_cert_role_name(ob_cert_role role)
{
    return role == OB_CERT_DEVICE      ? "device"
           : role == OB_CERT_SERVER    ? "server"
           : role == OB_CERT_AUTHORITY ? "authority"
                                       : "any";
}

ob_cert_verdict obi_cert_say(const obi_cert *c, bool kept, const char *format, ...)
{
    if (kept) {
        return OB_CERT_KEPT;
    }
    char text[DETAIL_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ob_buf_add_str(c->detail, text);
    return OB_CERT_BROKEN;
}

/* What a certificate is for, as far as it says so itself. */
static ob_cert_role own_role(const obi_cert_ext *exts)
{
    const EXTENDED_KEY_USAGE *purposes = exts[OBI_EXT_PURPOSE].value;
    uint32_t bits = 0;
    bool server = false;
    bool client = false;
    if (obi_cert_is_authority(exts) ||
        (obi_cert_usage(exts, &bits) && bits == (KU_KEY_CERT_SIGN | KU_CRL_SIGN))) {
        return OB_CERT_AUTHORITY;
    }
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++) {
        int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, i));
        server = server || nid == NID_server_auth;
        client = client || nid == NID_client_auth;
    }
    return server && !client ? OB_CERT_SERVER : OB_CERT_DEVICE;
}

static void set_role(const ob_cert_ask *ask, const ob_cert_look *looks, ob_cert_look *look,
                     const obi_cert_ext *exts)
{
    bool issued = look->depth != OB_CERT_NONE && look->depth > 0;
    for (size_t i = 0; i < ask->set->count; i++) {
        issued = issued || (i != look->cert && looks[i].issuer == look->cert);
    }
    if (look->depth == 0 && ask->role != OB_CERT_ANY) {
        look->role = ask->role;
    } else {
        look->role = issued ? OB_CERT_AUTHORITY : own_role(exts);
    }
}

static int compare_numbers(X509_CRL *a, X509_CRL *b)
{
    ASN1_INTEGER *one = X509_CRL_get_ext_d2i(a, NID_crl_number, NULL, NULL);
    ASN1_INTEGER *other = X509_CRL_get_ext_d2i(b, NID_crl_number, NULL, NULL);
    int order = one == NULL || other == NULL ? 0 : ASN1_INTEGER_cmp(one, other);
    ASN1_INTEGER_free(one);
    ASN1_INTEGER_free(other);
    return order;
}

/* Of two lists of one issuer the one that was made later counts, if that was not after the time
 * that is asked for; of two of one second that with the greater number. */
static bool is_better(X509_CRL *list, X509_CRL *than, int64_t at_ms)
{
    int64_t from = 0;
    int64_t other = 0;
    if (!ob_cert_time(X509_CRL_get0_lastUpdate(list), &from) || from > at_ms) {
        return false;
    }
    if (!ob_cert_time(X509_CRL_get0_lastUpdate(than), &other) || other > at_ms) {
        return true;
    }
    return from > other || (from == other && compare_numbers(list, than) > 0);
}

static X509_CRL *list_of(const ob_cert_ask *ask, const X509 *cert)
{
    const ob_cert_set *set = ask->set;
    X509_CRL *best = NULL;
    for (size_t i = 0; i < set->list_count; i++) {
        X509_CRL *list = set->lists[i];
        if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(cert)) == 0 &&
            (best == NULL || is_better(list, best, ask->at_ms))) {
            best = list;
        }
    }
    return best;
}

/* Authorities between that certificate and the end of the path, self-issued ones left out. */
static unsigned count_below(const ob_cert_set *set, const ob_cert_look *looks, size_t depth)
{
    unsigned count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += looks[i].depth != OB_CERT_NONE && looks[i].depth > 0 && looks[i].depth < depth &&
                 X509_NAME_cmp(X509_get_subject_name(set->certs[i]),
                               X509_get_issuer_name(set->certs[i])) != 0;
    }
    return count;
}

static bool ask_rules(const obi_cert *c, ob_cert_look *look, ob_arena *arena, ob_err *err)
{
    ob_cert_finding *findings = OB_NEW(arena, ob_cert_finding, OB_CERT_RULES, err);
    if (findings == NULL) {
        return false;
    }
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        ob_buf_reset(c->detail);
        ob_cert_verdict verdict =
            (rules[i].roles & (unsigned)look->role) != 0 ? look_fns[i](c) : OB_CERT_NOT_ASKED;
        look->verdicts[i] = (uint8_t)verdict;
        if (verdict == OB_CERT_BROKEN) {
            ob_cert_finding *f = &findings[look->finding_count++];
            f->rule = (ob_cert_rule_id)i;
            if (!ob_buf_check(c->detail, "what was found", err) ||
                !ob_arena_dup(arena, ob_buf_span(c->detail), &f->detail, err)) {
                return false;
            }
        }
    }
    look->findings = findings;
    return true;
}

static bool look_at(const ob_cert_ask *ask, ob_cert_look *looks, size_t at, ob_arena *arena,
                    ob_err *err)
{
    const ob_cert_set *set = ask->set;
    ob_cert_look *look = &looks[at];
    OB_AUTO(ob_buf) detail = {.max = DETAIL_MAX};
    obi_cert_ext exts[OBI_EXTS];
    obi_cert_ext above[OBI_EXTS];
    X509 *issuer = look->issuer == OB_CERT_NONE ? NULL : set->certs[look->issuer];
    obi_cert_exts_open(exts, set->certs[at]);
    if (issuer != NULL) {
        obi_cert_exts_open(above, issuer);
    }
    set_role(ask, looks, look, exts);
    obi_cert c = {.ask = ask,
                  .looks = looks,
                  .look = look,
                  .x509 = set->certs[at],
                  .issuer = issuer,
                  .exts = exts,
                  .above = issuer == NULL ? NULL : above,
                  .list = look->self_signed ? NULL : list_of(ask, set->certs[at]),
                  .below = look->depth == OB_CERT_NONE ? 0 : count_below(set, looks, look->depth),
                  .detail = &detail};
    bool good = ask_rules(&c, look, arena, err);
    obi_cert_exts_close(exts);
    if (issuer != NULL) {
        obi_cert_exts_close(above);
    }
    ERR_clear_error();
    return good;
}

/* The path in its order, then what else was given. An anchor that was not given is part of the path
 * where it is needed; it is asked the rules, too: what it lacks, the device meets. */
static size_t put_in_order(const ob_cert_set *set, const ob_cert_look *from, ob_cert_look *to)
{
    size_t count = 0;
    for (size_t depth = 0; depth < set->count; depth++) {
        for (size_t i = 0; i < set->count; i++) {
            if (from[i].depth == depth) {
                to[count++] = from[i];
            }
        }
    }
    for (size_t i = 0; i < set->count; i++) {
        if (from[i].depth == OB_CERT_NONE && set->given[i]) {
            to[count++] = from[i];
        }
    }
    return count;
}

bool ob_cert_check(const ob_cert_ask *ask, ob_arena *arena, ob_cert_answer *answer, ob_err *err)
{
    const ob_cert_set *set = ask->set;
    ob_cert_answer made = {0};
    bool any = false;
    for (size_t i = 0; i < set->count; i++) {
        any = any || set->given[i];
    }
    if (!any) {
        return ob_fail(err, OB_ERR_INPUT, "there is no certificate to be checked");
    }
    ob_cert_look *looks = OB_NEW(arena, ob_cert_look, set->count, err);
    ob_cert_look *ordered = OB_NEW(arena, ob_cert_look, set->count, err);
    if (looks == NULL || ordered == NULL) {
        return false;
    }
    obi_cert_link(ask, looks);
    for (size_t i = 0; i < set->count; i++) {
        if ((set->given[i] || looks[i].depth != OB_CERT_NONE) &&
            !look_at(ask, looks, i, arena, err)) {
            return false;
        }
    }
    made.looks = ordered;
    made.count = put_in_order(set, looks, ordered);
    for (size_t i = 0; i < made.count; i++) {
        for (size_t k = 0; k < ordered[i].finding_count; k++) {
            bool must = rules[ordered[i].findings[k].rule].must;
            made.must += must;
            made.should += !must;
        }
    }
    *answer = made;
    return true;
}

static bool show_name(const X509_NAME *name, ob_arena *arena, ob_span *text, ob_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *bytes = NULL;
    /* A name that is no text libcrypto does not even read. */
    bool good = bio != NULL &&
                X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
    long len = good ? BIO_get_mem_data(bio, &bytes) : 0;
    ob_span whole = {len > 0 ? bytes : "", len > 0 ? (size_t)len : 0};
    good = ob_arena_dup(arena, good ? whole : OB_SPAN("(a name that cannot be shown)"), text, err);
    ERR_clear_error();
    BIO_free(bio);
    return good;
}

bool ob_cert_subject(const X509 *cert, ob_arena *arena, ob_span *text, ob_err *err)
{
    return show_name(X509_get_subject_name(cert), arena, text, err);
}

bool ob_cert_issuer(const X509 *cert, ob_arena *arena, ob_span *text, ob_err *err)
{
    return show_name(X509_get_issuer_name(cert), arena, text, err);
}
