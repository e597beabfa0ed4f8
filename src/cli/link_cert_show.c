/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a certificate check, for people and as JSON (doc/schema/cert-1.json). */
#include "cli/link_cert.h"

#include <ombud/json.h>
#include <ombud/text.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

/* "P-256", "RSA of 2048 bits", "Ed25519" */
static void key_text(X509 *cert, char out[80])
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    char group[64];
    size_t len = 0;
    int id = key == NULL ? 0 : EVP_PKEY_get_base_id(key);
    if (id == 0) {
        (void)snprintf(out, 80, "unknown");
    } else if (id == EVP_PKEY_EC &&
               EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                              &len) == 1) {
        const char *nist = EC_curve_nid2nist(OBJ_sn2nid(group));
        (void)snprintf(out, 80, "%s", nist == NULL ? group : nist);
    } else if (id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS) {
        (void)snprintf(out, 80, "RSA of %d bits", EVP_PKEY_get_bits(key));
    } else {
        (void)snprintf(out, 80, "%s", OBJ_nid2ln(id));
    }
}

static void date_text(const ASN1_TIME *time, char out[32])
{
    int64_t wall_ms = 0;
    if (ob_cert_time(time, &wall_ms)) {
        ob_time_format(wall_ms, out);
    } else {
        (void)snprintf(out, 32, "no date");
    }
}

/* As date_text, for people: "2026-11-27 10:00:00 UTC". */
static void short_date(const ASN1_TIME *time, char out[40])
{
    char text[32];
    date_text(time, text);
    size_t len = strcspn(text, ".");
    bool date = strchr(text, 'T') != NULL;
    (void)snprintf(out, 40, "%.*s%s", (int)len, text, date ? " UTC" : "");
    for (size_t i = 0; date && i < len; i++) {
        out[i] = out[i] == 'T' ? ' ' : out[i];
    }
}

static bool digest_text(const X509 *cert, char out[65])
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (X509_digest(cert, EVP_sha256(), bytes, &len) != 1 || len != 32) {
        return false;
    }
    for (size_t i = 0; i < 32; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
    return true;
}

static unsigned count(const ob_cert_look *look, ob_cert_verdict verdict)
{
    unsigned many = 0;
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        many += look->verdicts[i] == verdict;
    }
    return many;
}

static void show_findings(const ob_cert_look *look, ob_buf *out)
{
    for (size_t i = 0; i < look->finding_count; i++) {
        const ob_cert_finding *f = &look->findings[i];
        const ob_cert_rule *rule = ob_cert_rule_of(f->rule);
        ob_buf_addf(out, "\n  %-8s%s\n          found   ", rule->must ? "must" : "should",
                    rule->id);
        ob_buf_add_shown(out, f->detail, 300);
        ob_buf_addf(out,
                    "\n          rule    %s\n          clause  %s; X.1112 %s\n"
                    "          mend    %s\n",
                    rule->says, rule->clause, rule->x1112, rule->mend);
    }
}

static bool show_look(const ob_cert_report *r, const ob_cert_look *look, size_t number,
                      ob_arena *arena, ob_buf *out, ob_err *err)
{
    X509 *cert = r->ask->set->certs[look->cert];
    ob_span subject;
    ob_span issuer;
    char key[80];
    char from[40];
    char until[40];
    char digest[65] = "";
    if (!ob_cert_subject(cert, arena, &subject, err) ||
        !ob_cert_issuer(cert, arena, &issuer, err) || !digest_text(cert, digest)) {
        return err->kind != OB_OK ? false : ob_fail(err, OB_ERR_NOMEM, "no digest");
    }
    key_text(cert, key);
    short_date(X509_get0_notBefore(cert), from);
    short_date(X509_get0_notAfter(cert), until);
    ob_buf_addf(out, "%s%zu  %s%s%s  ", number == 1 ? "" : "\n", number,
                ob_cert_role_name(look->role), r->ask->set->anchor[look->cert] ? ", trusted" : "",
                look->depth == OB_CERT_NONE ? ", not part of the path" : "");
    ob_buf_add_shown(out, subject.len > 0 ? subject : OB_SPAN("(no name)"), 300);
    ob_buf_add_str(out, "\n   issuer  ");
    if (look->self_signed) {
        ob_buf_add_str(out, "itself");
    } else {
        ob_buf_add_shown(out, issuer.len > 0 ? issuer : OB_SPAN("(no name)"), 300);
    }
    ob_buf_addf(out, "\n   valid   %s to %s\n   key     %s\n   SHA-256 %s\n", from, until, key,
                digest);
    show_findings(look, out);
    ob_buf_addf(out, "\n  %-8s%u rules; %u have no object here\n", "kept",
                count(look, OB_CERT_KEPT), count(look, OB_CERT_NOT_ASKED));
    return true;
}

static bool has_anchor(const ob_cert_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->anchor[i]) {
            return true;
        }
    }
    return false;
}

bool ob_cert_show(const ob_cert_report *r, ob_arena *arena, ob_buf *out, ob_err *err)
{
    const ob_cert_answer *a = r->answer;
    char at[32];
    for (size_t i = 0; i < a->count; i++) {
        if (!show_look(r, &a->looks[i], i + 1, arena, out, err)) {
            return false;
        }
    }
    ob_time_format(r->ask->at_ms, at);
    ob_buf_add_char(out, '\n');
    if (r->live) {
        ob_buf_addf(out, "the peer %s that it has the key of certificate 1\n",
                    r->proven ? "proved" : "did not prove");
    }
    if (!has_anchor(r->ask->set)) {
        ob_buf_add_str(out, "not checked: whether the path ends at an authority (--authority)\n");
    }
    if (r->ask->set->list_count == 0) {
        ob_buf_add_str(out, "not checked: whether one was revoked (--revoked)\n");
    }
    ob_buf_addf(out, "%s at %s: %u must, %u should\n", a->must == 0 ? "conforms" : "deviates", at,
                a->must, a->should);
    return ob_buf_check(out, "the report", err);
}

/* --- JSON --- */

static void json_ids(ob_json_writer *w, const char *key, const ob_cert_look *look,
                     ob_cert_verdict verdict)
{
    ob_jw_array(w, key);
    for (size_t i = 0; i < OB_CERT_RULES; i++) {
        if (look->verdicts[i] == verdict) {
            ob_jw_str(w, NULL, ob_cert_rule_of((ob_cert_rule_id)i)->id);
        }
    }
    ob_jw_end(w, false);
}

static void json_findings(ob_json_writer *w, const ob_cert_look *look)
{
    ob_jw_array(w, "deviations");
    for (size_t i = 0; i < look->finding_count; i++) {
        const ob_cert_rule *rule = ob_cert_rule_of(look->findings[i].rule);
        ob_jw_object(w, NULL);
        ob_jw_str(w, "rule", rule->id);
        ob_jw_str(w, "severity", rule->must ? "must" : "should");
        ob_jw_text(w, "found", look->findings[i].detail);
        ob_jw_str(w, "says", rule->says);
        ob_jw_str(w, "clause", rule->clause);
        ob_jw_str(w, "x1112", rule->x1112);
        ob_jw_str(w, "mend", rule->mend);
        ob_jw_end(w, true);
    }
    ob_jw_end(w, false);
}

static bool json_look(const ob_cert_report *r, const ob_cert_look *look, ob_json_writer *w,
                      ob_arena *arena, ob_err *err)
{
    X509 *cert = r->ask->set->certs[look->cert];
    ob_span subject;
    ob_span issuer;
    char text[80];
    if (!ob_cert_subject(cert, arena, &subject, err) ||
        !ob_cert_issuer(cert, arena, &issuer, err)) {
        return false;
    }
    ob_jw_object(w, NULL);
    ob_jw_str(w, "role", ob_cert_role_name(look->role));
    ob_jw_text(w, "subject", subject);
    ob_jw_text(w, "issuer", issuer);
    ob_jw_text(w, "device_serial", ob_cert_device_serial(cert));
    date_text(X509_get0_notBefore(cert), text);
    ob_jw_str(w, "from", text);
    date_text(X509_get0_notAfter(cert), text);
    ob_jw_str(w, "until", text);
    key_text(cert, text);
    ob_jw_str(w, "key", text);
    ob_jw_str(w, "sha256", digest_text(cert, text) ? text : "");
    ob_jw_bool(w, "trusted", r->ask->set->anchor[look->cert]);
    ob_jw_bool(w, "self_signed", look->self_signed);
    if (look->depth == OB_CERT_NONE) {
        ob_jw_null(w, "depth");
    } else {
        ob_jw_u64(w, "depth", look->depth);
    }
    json_findings(w, look);
    json_ids(w, "kept", look, OB_CERT_KEPT);
    json_ids(w, "not_asked", look, OB_CERT_NOT_ASKED);
    ob_jw_end(w, true);
    return true;
}

bool ob_cert_json(const ob_cert_report *r, ob_arena *arena, ob_buf *out, ob_err *err)
{
    const ob_cert_answer *a = r->answer;
    ob_json_writer w = {.out = out, .indent = 2};
    char at[32];
    ob_time_format(r->ask->at_ms, at);
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "format", "ombud.link.cert");
    ob_jw_u64(&w, "version", 1);
    ob_jw_str(&w, "source", r->source);
    ob_jw_str(&w, "at", at);
    ob_jw_bool(&w, "conforms", a->must == 0);
    ob_jw_u64(&w, "must", a->must);
    ob_jw_u64(&w, "should", a->should);
    if (r->live) {
        ob_jw_bool(&w, "proven", r->proven);
    } else {
        ob_jw_null(&w, "proven");
    }
    ob_jw_bool(&w, "path_checked", has_anchor(r->ask->set));
    ob_jw_bool(&w, "revocation_checked", r->ask->set->list_count > 0);
    ob_jw_array(&w, "certificates");
    for (size_t i = 0; i < a->count; i++) {
        if (!json_look(r, &a->looks[i], &w, arena, err)) {
            return false;
        }
    }
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
    ob_buf_add_char(out, '\n');
    return ob_buf_check(out, "the report", err);
}
