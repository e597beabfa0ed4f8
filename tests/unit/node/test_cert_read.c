/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates in PEM and DER: in any order, with a place for what is wrong; paths and trust. */
#include "cert_test.h"

static scene s;

static int begin(void **state)
{
    (void)state;
    scene_begin(&s, OB_CERT_DEVICE);
    s.cert = make(&s.issue, s.key, s.root, s.root_key);
    put_der(&s.der, s.cert);
    return 0;
}

static int end(void **state)
{
    (void)state;
    scene_end(&s);
    return 0;
}

static void pem_of(ob_buf *out, X509 *cert)
{
    ob_err err = {0};
    assert_ok(ob_authority_pem(cert, out, &err));
}

static void list_of(ob_buf *out)
{
    ob_err err = {0};
    assert_ok(ob_authority_list_pem(s.list, out, &err));
}

/* The verdicts of the certificate, as one text. */
static void verdicts(ob_span text, ob_buf *out)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    ob_cert_set set = {0};
    ob_cert_answer answer;
    assert_ok(ob_cert_set_read(&set, "x", text, false, &err));
    assert_ok(ob_cert_check(&(ob_cert_ask){.set = &set, .at_ms = WALL}, &arena, &answer, &err));
    for (size_t i = 0; i < answer.count; i++) {
        ob_span subject;
        assert_ok(ob_cert_subject(set.certs[answer.looks[i].cert], &arena, &subject, &err));
        ob_buf_add(out, subject);
        for (size_t k = 0; k < OB_CERT_RULES; k++) {
            ob_buf_addf(out, "%u", answer.looks[i].verdicts[k]);
        }
        ob_buf_add_char(out, '\n');
    }
    ob_cert_set_fini(&set);
}

static void any_form_and_order_is_the_same(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) text = {.max = 65536};
    OB_AUTO(ob_buf) pem = {.max = 65536};
    OB_AUTO(ob_buf) first = {.max = 65536};
    OB_AUTO(ob_buf) other = {.max = 65536};
    pem_of(&text, s.cert);
    verdicts(ob_buf_span(&text), &first);
    verdicts(ob_buf_span(&s.der), &other);
    assert_true(ob_span_is(ob_buf_span(&first), ob_buf_span(&other)));
    ob_buf_reset(&first);
    ob_buf_reset(&other);
    ob_buf_add_str(&text, "words between\r\n");
    pem_of(&text, s.root);
    list_of(&text);
    verdicts(ob_buf_span(&text), &first);
    list_of(&pem);
    ob_buf_add_str(&pem,
                   "-----BEGIN SOMETHING-----\nnot base64 at all!\n-----END SOMETHING-----\n");
    pem_of(&pem, s.root);
    pem_of(&pem, s.cert);
    pem_of(&pem, s.root); /* once more is the same one */
    verdicts(ob_buf_span(&pem), &other);
    assert_true(ob_span_is(ob_buf_span(&first), ob_buf_span(&other)));
    assert_true(ob_span_has_prefix(ob_buf_span(&first), OB_SPAN("CN=meter,serialNumber=SN-1")));
}

static void refuse(ob_span text, const char *part)
{
    ob_err err = {0};
    ob_cert_set set = {0};
    ob_cert_set before;
    assert_ok(ob_cert_set_read(&set, "root", ob_buf_span(&s.der), true, &err));
    before = set;
    assert_fails(ob_cert_set_read(&set, "f", text, false, &err), OB_ERR_INPUT, part);
    assert_memory_equal(&set, &before, sizeof set); /* as it was */
    ob_cert_set_fini(&set);
}

static void mistakes_have_a_place(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) text = {.max = 65536};
    refuse(OB_SPAN(""), "f: byte 0:");
    refuse(OB_SPAN("hello"), "f: byte 0:");
    refuse(OB_SPAN("\x30\x03\x02\x01\x01"), "f: byte 0: this is DER, and no certificate");
    refuse(OB_SPAN("\x30\x05\x02\x01\x01\x04\x7f"), "f: byte 5:");
    ob_buf_add(&text, ob_buf_span(&s.der));
    size_t whole = text.len;
    ob_buf_add_str(&text, "more");
    char part[64];
    (void)snprintf(part, sizeof part, "f: byte %zu: something follows", whole);
    refuse(ob_buf_span(&text), part);
    refuse(ob_span_sub(ob_buf_span(&text), 0, whole - 1), "f: byte 0:");
    ob_buf_reset(&text);
    pem_of(&text, s.cert);
    size_t good = text.len;
    ob_buf_add_str(&text, "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    size_t lines = 1;
    for (size_t i = 0; i < good; i++) {
        lines += text.ptr[i] == '\n';
    }
    (void)snprintf(part, sizeof part, "f:%zu: this is no base64", lines);
    refuse(ob_buf_span(&text), part);
    text.len = good;
    ob_buf_add_str(&text, "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n");
    (void)snprintf(part, sizeof part, "f:%zu: what stands here is no certificate", lines);
    refuse(ob_buf_span(&text), part);
    text.len = good;
    ob_buf_add_str(&text, "-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----\n");
    refuse(ob_buf_span(&text), "is no revocation list");
    text.len = good;
    ob_buf_add_str(&text,
                   "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n");
    (void)snprintf(part, sizeof part, "f:%zu: a private key", lines);
    refuse(ob_buf_span(&text), part);
    text.len = good;
    ob_buf_add_str(&text, "-----BEGIN CERTIFICATE-----\nMAMC\n");
    refuse(ob_buf_span(&text), "has no end");
}

static void there_is_room_for_so_many(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) text = {.max = 1 << 20};
    ob_cert_set set = {0};
    for (unsigned i = 0; i <= OB_CERTS_MAX; i++) {
        ob_issue issue = issue_of(OB_CERT_DEVICE, (uint8_t)(i + 1));
        X509 *cert = make(&issue, s.key, s.root, s.root_key);
        pem_of(&text, cert);
        X509_free(cert);
    }
    assert_fails(ob_cert_set_read(&set, "f", ob_buf_span(&text), false, &err), OB_ERR_INPUT,
                 "more than 32 certificates");
    assert_int_equal(set.count, 0);
}

/* DER that libcrypto reads and that is none. */
static void der_is_strict(void **state)
{
    (void)state;

    static const struct {
        const char *bytes;
        size_t len;
        size_t bad;
    } rows[] = {
        {"\x30\x03\x02\x01\x01", 5, OB_CERT_NONE},
        {"\x30\x81\x03\x02\x01\x01", 6, 2},     /* a length that fits one byte */
        {"\x30\x80\x02\x01\x01\x00\x00", 7, 1}, /* without an end */
        {"\x30\x04\x02\x02\x00\x01", 6, 4},     /* a zero too much */
        {"\x30\x04\x02\x02\xff\xff", 6, 4},
        {"\x30\x03\x01\x01\x01", 5, 4}, /* true is ff */
        {"\x30\x03\x01\x01\xff", 5, OB_CERT_NONE},
        {"\x30\x03\x02\x02\x01", 5, 2}, /* longer than what it is in */
        {"\x30\x02\x02\x00", 4, 4},
        {"\x1f\x81\x01\x00", 4, 0},
        {"\x30\x00\x00", 3, 2},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        size_t bad = obi_cert_der_bad((ob_span){rows[i].bytes, rows[i].len});
        if (bad != rows[i].bad) {
            fail_msg("row %zu: %zu", i, bad);
        }
    }
}

/* Where all rules of the path are kept libcrypto trusts it, and where it does not one is broken. */
static void the_path_is_judged_as_by_libcrypto(void **state)
{
    (void)state;
    ob_err err = {0};
    static const int64_t times[] = {WALL - 2 * DAY, WALL, WALL + 301 * DAY};
    for (unsigned kind = 0; kind < 4; kind++) {
        ob_issue issue = issue_of(kind == 2 ? OB_CERT_AUTHORITY : OB_CERT_DEVICE, 0x33);
        X509 *cert = make(&issue, s.key, kind == 1 ? s.other_root : s.root,
                          kind == 3   ? s.other_key
                          : kind == 1 ? s.other_key
                                      : s.root_key);
        for (size_t t = 0; t < OB_COUNT(times); t++) {
            OB_AUTO(ob_arena) arena = {0};
            OB_AUTO(ob_buf) text = {.max = 65536};
            OB_AUTO(ob_buf) root = {.max = 65536};
            ob_cert_set chain = {0};
            ob_cert_set all = {0};
            ob_cert_answer answer;
            pem_of(&text, cert);
            pem_of(&root, s.root);
            assert_ok(ob_cert_set_read(&chain, "c", ob_buf_span(&text), false, &err));
            assert_ok(ob_cert_set_read(&all, "c", ob_buf_span(&text), false, &err));
            assert_ok(ob_cert_set_read(&all, "r", ob_buf_span(&root), true, &err));
            assert_ok(ob_cert_check(&(ob_cert_ask){.set = &all, .at_ms = times[t]}, &arena, &answer,
                                    &err));
            bool trusted = ob_cert_trust(&chain, &all, times[t],
                                         KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN, &err);
            assert_int_equal(trusted, answer.must == 0);
            ob_cert_set_fini(&chain);
            ob_cert_set_fini(&all);
        }
        X509_free(cert);
    }
}

/* A name in UTF-8 stays, other kinds of text become UTF-8, control characters are escaped. */
static void names_are_shown(void **state)
{
    (void)state;
    ob_err err = {0};

    static const struct {
        int type;
        const char *text;
        const char *shown;
    } rows[] = {
        {V_ASN1_UTF8STRING, "Z\xc3\xa4hler", "CN=Z\xc3\xa4hler"},
        {V_ASN1_UTF8STRING, "a,b\n", "CN=a\\,b\\0A"},
        {V_ASN1_T61STRING, "\xe4", "CN=\xc3\xa4"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_span text;
        X509 *cert = X509_new();
        X509_NAME *name = X509_NAME_new();
        assert_int_equal(X509_NAME_add_entry_by_NID(name, NID_commonName, rows[i].type,
                                                    (const uint8_t *)rows[i].text, -1, -1, 0),
                         1);
        assert_int_equal(X509_set_subject_name(cert, name), 1);
        assert_ok(ob_cert_subject(cert, &arena, &text, &err));
        assert_span(text, rows[i].shown);
        X509_NAME_free(name);
        X509_free(cert);
    }
}

static void lists_grow(void **state)
{
    (void)state;
    ob_err err = {0};
    X509_CRL *list = NULL;
    X509_CRL *next = NULL;
    X509_REVOKED *entry = NULL;
    ob_issue issue = issue_of(OB_CERT_DEVICE, 0x55);
    X509 *second = make(&issue, s.key, s.root, s.root_key);
    assert_ok(ob_authority_list(s.root, s.root_key, s.list, s.cert, WALL, WALL + DAY, &list, &err));
    assert_ok(ob_authority_list(s.root, s.root_key, list, second, WALL, WALL + DAY, &next, &err));
    assert_int_equal(X509_CRL_get0_by_cert(next, &entry, s.cert), 1);
    assert_int_equal(X509_CRL_get0_by_cert(next, &entry, second), 1);
    assert_int_equal(X509_CRL_verify(next, s.root_key), 1);
    ASN1_INTEGER *number = X509_CRL_get_ext_d2i(next, NID_crl_number, NULL, NULL);
    assert_int_equal(ASN1_INTEGER_get(number), 3);
    ASN1_INTEGER_free(number);
    X509_CRL *none = NULL;
    assert_fails(ob_authority_list(s.root, s.root_key, next, second, WALL, WALL + DAY, &none, &err),
                 OB_ERR_INPUT, "revoked already");
    assert_fails(
        ob_authority_list(s.other_root, s.other_key, NULL, second, WALL, WALL + DAY, &none, &err),
        OB_ERR_INPUT, "another authority");
    X509_CRL_free(list);
    X509_CRL_free(next);
    X509_free(second);
}

/* Whether the check of the scene's certificate says that it is revoked, with these two lists. */
static bool is_revoked(X509_CRL *first, X509_CRL *second, int64_t at_ms)
{
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {0};
    OB_AUTO(ob_buf) text = {.max = 65536};
    ob_cert_set set = {0};
    ob_cert_answer answer = {0};
    bool found = false;
    s.lists = false;
    scene_set(&s, &set);
    s.lists = true;
    assert_ok(ob_authority_list_pem(first, &text, &err));
    assert_ok(ob_authority_list_pem(second, &text, &err));
    assert_ok(ob_cert_set_read(&set, "lists", ob_buf_span(&text), false, &err));
    assert_int_equal(set.list_count, 2);
    assert_ok(ob_cert_check(&(ob_cert_ask){.set = &set, .at_ms = at_ms}, &arena, &answer, &err));
    for (size_t i = 0; i < answer.looks[0].finding_count; i++) {
        const char *id = ob_cert_rule_of(answer.looks[0].findings[i].rule)->id;
        found = found || strcmp(id, "revoked") == 0;
    }
    ob_cert_set_fini(&set);
    return found;
}

static void the_newest_list_counts(void **state)
{
    (void)state;
    ob_err err = {0};
    X509_CRL *without = NULL;
    X509_CRL *with = NULL;
    X509_CRL *late = NULL;
    assert_ok(
        ob_authority_list(s.root, s.root_key, s.list, NULL, WALL, WALL + DAY, &without, &err));
    assert_ok(
        ob_authority_list(s.root, s.root_key, without, s.cert, WALL, WALL + DAY, &with, &err));
    assert_ok(ob_authority_list(s.root, s.root_key, s.list, s.cert, WALL + DAY, WALL + 2 * DAY,
                                &late, &err));
    /* by its number */
    assert_true(is_revoked(without, with, WALL) && is_revoked(with, without, WALL));
    /* by its date, of which those to come do not count */
    assert_false(is_revoked(without, late, WALL) || is_revoked(late, without, WALL));
    assert_true(is_revoked(without, late, WALL + DAY) && is_revoked(late, without, WALL + DAY));
    X509_CRL_free(without);
    X509_CRL_free(with);
    X509_CRL_free(late);
}

static void what_cannot_be_issued(void **state)
{
    (void)state;
    ob_err err = {0};
    X509 *made = NULL;

    static const struct {
        ob_cert_role role;
        const char *name;
        const char *serial;
        const char *host;
        const char *hardware;
        const char *part;
    } rows[] = {
        {OB_CERT_DEVICE, "", "", "", "", "needs its serial number"},
        {OB_CERT_DEVICE, "", "a_b", "", "", "letters, digits"},
        {OB_CERT_DEVICE, "\xff\xfe", "SN", "", "", "UTF-8"},
        {OB_CERT_SERVER, "", "", "h", "", "needs a name"},
        {OB_CERT_SERVER, "s", "", "", "", "under which it is reached"},
        {OB_CERT_DEVICE, "", "SN", "", "x.y", "1.3.6.1.4.1"},
        {OB_CERT_SERVER, "s", "", "a b", "", "gate.example"},
        {OB_CERT_SERVER, "s", "", "a..b", "", "gate.example"},
        {OB_CERT_SERVER, "s", "", "http://a", "", "gate.example"},
        {OB_CERT_SERVER, "s", "", "-a.b", "", "gate.example"},
    };

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_issue issue = issue_of(rows[i].role, 1);
        issue.name = ob_span_str(rows[i].name);
        issue.serial = ob_span_str(rows[i].serial);
        issue.host = ob_span_str(rows[i].host);
        issue.hardware = ob_span_str(rows[i].hardware);
        assert_fails(ob_authority_issue(&issue, s.key, s.root, s.root_key, &made, &err),
                     OB_ERR_USAGE, rows[i].part);
    }
    for (unsigned i = 0; i < 2; i++) {
        ob_issue pointer = issue_of(OB_CERT_DEVICE, 1);
        *(i == 0 ? &pointer.crl : &pointer.ocsp) = OB_SPAN("http://crl.example/my list");
        assert_fails(ob_authority_issue(&pointer, s.key, s.root, s.root_key, &made, &err),
                     OB_ERR_USAGE, "is wrong from byte 21 on; it is like http://");
    }
    ob_issue issue = issue_of(OB_CERT_DEVICE, 1);
    issue.until_ms = issue.from_ms - 1000;
    assert_fails(ob_authority_issue(&issue, s.key, s.root, s.root_key, &made, &err), OB_ERR_USAGE,
                 "ends before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_form_and_order_is_the_same),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(there_is_room_for_so_many),
        cmocka_unit_test(der_is_strict),
        cmocka_unit_test(the_path_is_judged_as_by_libcrypto),
        cmocka_unit_test(names_are_shown),
        cmocka_unit_test(lists_grow),
        cmocka_unit_test(the_newest_list_counts),
        cmocka_unit_test(what_cannot_be_issued),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
