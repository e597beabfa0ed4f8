/* SPDX-License-Identifier: Apache-2.0 */
/* COSE messages: made, read, verified; and refused where a byte or a header is wrong. */
#include "link/cose.h"
#include "ob_test.h"

#define CAP 512

#define SECRET OB_SPAN("0123456789abcdef0123456789abcdef")
#define AAD    OB_SPAN("outside")

typedef struct made {
    uint8_t bytes[CAP];
    ob_span text;
} made;

static void make(const obi_cose *cose, const obi_cose_key *key, made *out)
{
    ob_err err = {0};
    assert_ok(
        obi_cose_make(cose, ob_link_libcrypto(), key, AAD, out->bytes, CAP, &out->text, &err));
}

/* After each change of one byte the message is refused, or is not what was proven. */
static void assert_firm(made *m, bool (*holds)(ob_span text, const obi_cose_key *key),
                        const obi_cose_key *key)
{
    assert_true(holds(m->text, key));
    for (size_t i = 0; i < m->text.len; i++) {
        m->bytes[i] ^= 1;
        if (holds(m->text, key)) {
            fail_msg("byte %zu may be changed", i);
        }
        m->bytes[i] ^= 1;
    }
}

static bool verifies(ob_span text, const obi_cose_key *key)
{
    ob_err err = {0};
    obi_cose read;
    return obi_cose_read(&read, 0, text, &err) &&
           obi_cose_verify(&read, ob_link_libcrypto(), key, AAD, (ob_span){0});
}

static bool decrypts(ob_span text, const obi_cose_key *key)
{
    ob_err err = {0};
    obi_cose read;
    uint8_t work[CAP];
    ob_span plain;
    return obi_cose_read(&read, 0, text, &err) &&
           obi_cose_decrypt(&read, ob_link_libcrypto(), key, AAD, work, sizeof work, &plain) &&
           ob_span_is_str(plain, "reading 4711");
}

static void a_mac_holds(void **state)
{
    (void)state;
    made m;
    obi_cose_key key = {.secret = SECRET};
    obi_cose cose = {.kind = OBI_COSE_MAC0,
                     .alg = OB_HMAC_256_64,
                     .protected_ = OB_SPAN("\xa1\x01\x04"),
                     .content = OB_SPAN("reading 4711")};
    make(&cose, &key, &m);
    assert_firm(&m, verifies, &key);
}

static void an_encryption_holds(void **state)
{
    (void)state;
    made m;
    obi_cose_key key = {.secret = ob_span_sub(SECRET, 0, 16)};
    obi_cose cose = {.kind = OBI_COSE_ENCRYPT0,
                     .alg = OB_AES_CCM_16_64_128,
                     .protected_ = OB_SPAN("\xa1\x01\x0a"),
                     .unprotected = OB_SPAN("\xa1\x05\x4d"
                                            "13 bytes here"),
                     .iv = OB_SPAN("13 bytes here"),
                     .content = OB_SPAN("reading 4711")};
    make(&cose, &key, &m);
    assert_int_equal(ob_span_find(m.text, OB_SPAN("4711"), 0), SIZE_MAX);
    assert_firm(&m, decrypts, &key);
    key.secret = SECRET;
    assert_false(decrypts(m.text, &key)); /* a key of another length */
}

static void a_signature_holds(void **state)
{
    (void)state;

    const struct {
        int alg;
        int curve;
        ob_span header;
    } rows[] = {{OB_EDDSA, OB_ED25519, OB_SPAN("\xa1\x01\x27")},
                {OB_ES256, OB_P256, OB_SPAN("\xa1\x01\x26")},
                {OB_ES384, OB_P384, OB_SPAN("\xa1\x01\x38\x22")}};

    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        made m;
        uint8_t x[OB_LINK_COORD_MAX];
        uint8_t y[OB_LINK_COORD_MAX];
        char private_key[OB_LINK_COORD_MAX];
        size_t size = ob_link_coord_of(rows[i].curve);
        bool edwards = rows[i].curve == OB_ED25519;
        memset(private_key, 7, sizeof private_key);
        obi_cose_key key = {.curve = rows[i].curve, .private_key = {private_key, size}};
        assert_true(ob_link_libcrypto()->public_key(NULL, key.curve, key.private_key, x, y));
        key.x = (ob_span){(const char *)x, size};
        key.y = (ob_span){(const char *)y, edwards ? 0 : size};
        obi_cose cose = {.kind = OBI_COSE_SIGN1,
                         .alg = rows[i].alg,
                         .protected_ = rows[i].header,
                         .content = OB_SPAN("reading 4711"),
                         .is_cwt = true};
        make(&cose, &key, &m);
        assert_true(verifies(m.text, &key));
        key.y = (ob_span){0}; /* x alone tells the key, too */
        assert_true(verifies(m.text, &key));
        m.bytes[m.text.len - 1] ^= 1;
        assert_false(verifies(m.text, &key));
    }
}

static void headers_that_cannot_be_are_refused(void **state)
{
    (void)state;

    const struct {
        ob_span bytes;
        const char *why;
    } bad[] = {
        {OB_SPAN("\xd1\x84\x40\xa0\x41x\x41y"), "no algorithm"},
        {OB_SPAN("\xd1\x84\x43\xa1\x01\x05\xa1\x01\x05\x41x\x41y"), "twice"},
        {OB_SPAN("\xd1\x84\x46\xa2\x01\x05\x02\x81\x09\xa0\x41x\x41y"), "critical"},
        {OB_SPAN("\xd1\x84\x44\xa1\x01\x61x\xa0\x41x\x41y"), "damaged"},
        {OB_SPAN("\xd1\x83\x43\xa1\x01\x05\xa0\x41x"), "items of its kind"},
        {OB_SPAN("\xd8\x60\x84\x43\xa1\x01\x05\xa0\x41x\x41y"), "another tag"},
        {OB_SPAN("\xd1\xd1\x84\x43\xa1\x01\x05\xa0\x41x\x41y"), "another tag"},
        {OB_SPAN("\x84\x43\xa1\x01\x05\xa0\x41x\x41y"), "another tag"},
        {OB_SPAN("\xd1\x84\x43\xa1\x01\x05\xa0\x41x\x41y\x00"), "items of its kind"},
    };

    for (size_t i = 0; i < OB_COUNT(bad); i++) {
        ob_err err = {0};
        obi_cose read;
        assert_fails(obi_cose_read(&read, 0, bad[i].bytes, &err), OB_ERR_PEER, bad[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mac_holds),
        cmocka_unit_test(an_encryption_holds),
        cmocka_unit_test(a_signature_holds),
        cmocka_unit_test(headers_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
