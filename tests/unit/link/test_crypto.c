/* SPDX-License-Identifier: Apache-2.0 */
/* The table over libcrypto: every algorithm both ways, and values that are none. */
#include "ob_test.h"

#include <ombud/link.h>

#define BYTES(array) ((ob_span){(const char *)(array), sizeof(array)})

static const int aeads[] = {OB_AES_GCM_128,        OB_AES_GCM_192,        OB_AES_GCM_256,
                            OB_AES_CCM_16_64_128,  OB_AES_CCM_16_64_256,  OB_AES_CCM_64_64_128,
                            OB_AES_CCM_64_64_256,  OB_CHACHA20_POLY1305,  OB_AES_CCM_16_128_128,
                            OB_AES_CCM_16_128_256, OB_AES_CCM_64_128_128, OB_AES_CCM_64_128_256};

static void seal_and_open(const ob_link_crypto *c)
{
    static const uint8_t key[OB_LINK_KEY_MAX] = {1};
    static const uint8_t nonce[OB_LINK_NONCE_MAX] = {2};
    for (size_t i = 0; i < OB_COUNT(aeads); i++) {
        for (size_t len = 0; len < 40; len += 13) {
            for (size_t about = 0; about < 3; about++) {
                char bytes[64 + OB_LINK_TAG_MAX] = "a plaintext of some length, forty bytes";
                char before[64];
                char sealed[sizeof bytes];
                ob_span aad = {"ab", about};
                ob_link_aead sizes;
                assert_true(ob_link_aead_of(aeads[i], &sizes));
                memcpy(before, bytes, sizeof before);
                assert_true(c->seal(c->ctx, aeads[i], key, nonce, aad, (uint8_t *)bytes, len));
                memcpy(sealed, bytes, sizeof sealed);
                assert_true(c->open(c->ctx, aeads[i], key, nonce, aad, (uint8_t *)bytes, len));
                assert_memory_equal(bytes, before, len);
                for (size_t at = 0; at < len + sizes.tag; at++) {
                    memcpy(bytes, sealed, sizeof sealed);
                    bytes[at] ^= 1;
                    assert_false(c->open(c->ctx, aeads[i], key, nonce, aad, (uint8_t *)bytes, len));
                }
            }
        }
    }
    uint8_t none[32] = {0};
    assert_false(c->seal(c->ctx, 99, key, nonce, (ob_span){0}, none, 0));
}

static void what_is_sealed_opens_and_nothing_else_does(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_link_crypto keeping;
    seal_and_open(ob_link_libcrypto());
    assert_ok(ob_link_keeping_init(&keeping, &err));
    seal_and_open(&keeping);
    ob_link_keeping_fini(&keeping);
}

/* Each of these makes another key of the same place, or another place of the same key. */
static void a_kept_cipher_is_used_for_its_key_only(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_link_crypto keeping;
    const ob_link_crypto *c = ob_link_libcrypto();
    static uint8_t keys[80][OB_LINK_KEY_MAX];
    static const uint8_t nonce[OB_LINK_NONCE_MAX] = {3};
    assert_ok(ob_link_keeping_init(&keeping, &err));
    for (unsigned i = 0; i < 2000; i++) {
        size_t at = i < 1000 ? i * 7 % 5 : i * 7 % OB_COUNT(keys); /* few, then too many */
        int aead = aeads[i / 90 % OB_COUNT(aeads)];
        uint8_t ours[8 + OB_LINK_TAG_MAX] = "message";
        uint8_t theirs[8 + OB_LINK_TAG_MAX] = "message";
        ob_link_aead sizes;
        assert_true(ob_link_aead_of(aead, &sizes));
        if (i % 11 == 0) {
            keys[at][i % sizes.key]++;
        }
        if (i % 13 == 0) {
            keeping.forget(keeping.ctx, keys[at]);
        }
        assert_true(keeping.seal(keeping.ctx, aead, keys[at], nonce, OB_SPAN("about"), ours, 8));
        assert_true(c->seal(NULL, aead, keys[at], nonce, OB_SPAN("about"), theirs, 8));
        assert_memory_equal(ours, theirs, 8U + sizes.tag);
        theirs[3] ^= i % 5 == 0; /* one that is refused leaves nothing behind */
        assert_int_equal(
            keeping.open(keeping.ctx, aead, keys[at], nonce, OB_SPAN("about"), theirs, 8),
            i % 5 != 0);
    }
    ob_link_keeping_fini(&keeping);
    assert_null(keeping.ctx);
}

/* RFC 7748, 6.1 */
static void x25519_agrees_as_published(void **state)
{
    (void)state;
    const ob_link_crypto *c = ob_link_libcrypto();
    static const uint8_t alice[32] = {0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d,
                                      0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45,
                                      0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a,
                                      0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a};
    static const uint8_t bob[32] = {0xde, 0x9e, 0xdb, 0x7d, 0x7b, 0x7d, 0xc1, 0xb4,
                                    0xd3, 0x5b, 0x61, 0xc2, 0xec, 0xe4, 0x35, 0x37,
                                    0x3f, 0x83, 0x43, 0xc8, 0x5b, 0x78, 0x67, 0x4d,
                                    0xad, 0xfc, 0x7e, 0x14, 0x6f, 0x88, 0x2b, 0x4f};
    static const uint8_t shared[32] = {0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1,
                                       0x72, 0x8e, 0x3b, 0xf4, 0x80, 0x35, 0x0f, 0x25,
                                       0xe0, 0x7e, 0x21, 0xc9, 0x47, 0xd1, 0x9e, 0x33,
                                       0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16, 0x17, 0x42};
    static const uint8_t zero[32];
    uint8_t out[32];
    assert_true(c->agree(NULL, OB_X25519, BYTES(alice), BYTES(bob), out));
    assert_memory_equal(out, shared, sizeof out);
    assert_false(c->agree(NULL, OB_X25519, BYTES(alice), BYTES(zero), out));
    assert_false(c->agree(NULL, OB_X25519, (ob_span){(const char *)alice, 31}, BYTES(bob), out));
    assert_false(c->agree(NULL, OB_ED25519, BYTES(alice), BYTES(bob), out));
}

static void both_sides_of_a_curve_agree(void **state)
{
    (void)state;
    const ob_link_crypto *c = ob_link_libcrypto();
    static const int curves[] = {OB_P256, OB_P384, OB_P521, OB_X25519};
    for (size_t i = 0; i < OB_COUNT(curves); i++) {
        size_t size = ob_link_coord_of(curves[i]);
        uint8_t own[2][OB_LINK_COORD_MAX] = {{0, 7}, {0, 9}};
        uint8_t x[2][OB_LINK_COORD_MAX];
        uint8_t y[OB_LINK_COORD_MAX];
        uint8_t shared[2][OB_LINK_COORD_MAX];
        for (size_t k = 0; k < 2; k++) {
            assert_true(c->public_key(NULL, curves[i], (ob_span){(char *)own[k], size}, x[k],
                                      curves[i] == OB_X25519 ? NULL : y));
        }
        for (size_t k = 0; k < 2; k++) {
            assert_true(c->agree(NULL, curves[i], (ob_span){(char *)own[k], size},
                                 (ob_span){(char *)x[1 - k], size}, shared[k]));
        }
        assert_memory_equal(shared[0], shared[1], size);
    }
}

static void what_is_no_point_or_key_is_refused(void **state)
{
    (void)state;
    const ob_link_crypto *c = ob_link_libcrypto();
    uint8_t key[32] = {0, 7};
    uint8_t x[32];
    uint8_t out[32];
    unsigned points = 0;
    memset(x, 0, sizeof x);
    for (unsigned i = 0; i < 64; i++) { /* half of all numbers are the x of a point */
        x[31] = (uint8_t)i;
        points += c->agree(NULL, OB_P256, BYTES(key), BYTES(x), out);
    }
    assert_in_range(points, 16, 48);
    memset(x, 0xff, sizeof x); /* not below the prime */
    assert_false(c->agree(NULL, OB_P256, BYTES(key), BYTES(x), out));
    assert_true(c->public_key(NULL, OB_P256, BYTES(key), x, NULL));
    assert_false(c->agree(NULL, OB_P256, BYTES(key), (ob_span){(char *)x, 31}, out));
    memset(key, 0, sizeof key);
    assert_false(c->agree(NULL, OB_P256, BYTES(key), BYTES(x), out));
    assert_false(c->public_key(NULL, OB_P256, BYTES(key), out, NULL));
    memset(key, 0xff, sizeof key); /* not below the order */
    assert_false(c->agree(NULL, OB_P256, BYTES(key), BYTES(x), out));
    assert_false(c->public_key(NULL, OB_P256, BYTES(key), out, NULL));
}

static void signatures_verify_and_changed_ones_do_not(void **state)
{
    (void)state;
    const ob_link_crypto *c = ob_link_libcrypto();

    static const struct {
        int alg;
        int curve;
    } rows[] = {{OB_ES256, OB_P256},
                {OB_ES384, OB_P384},
                {OB_ES512, OB_P521},
                {OB_EDDSA, OB_ED25519},
                {OB_EDDSA, OB_ED448}};

    ob_span parts[2] = {OB_SPAN("what is "), OB_SPAN("signed")};
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        bool edwards = rows[i].alg == OB_EDDSA;
        size_t size = ob_link_coord_of(rows[i].curve);
        uint8_t key[OB_LINK_COORD_MAX] = {0, 3};
        uint8_t x[OB_LINK_COORD_MAX];
        uint8_t y[OB_LINK_COORD_MAX];
        uint8_t made[OB_LINK_SIGN_MAX];
        size_t len = 0;
        ob_span own = {(char *)key, size};
        ob_span at = {(char *)x, size};
        ob_span up = {(char *)y, edwards ? 0 : size};
        assert_true(c->public_key(NULL, rows[i].curve, own, x, edwards ? NULL : y));
        assert_true(c->sign(NULL, rows[i].alg, rows[i].curve, own, parts, 2, made, &len));
        assert_int_equal(len, 2 * size);
        ob_span proof = {(char *)made, len};
        assert_true(c->verify(NULL, rows[i].alg, rows[i].curve, at, up, parts, 2, proof));
        assert_true(c->verify(NULL, rows[i].alg, rows[i].curve, at, (ob_span){0}, parts, 2, proof));
        assert_false(c->verify(NULL, rows[i].alg, rows[i].curve, at, up, parts, 1, proof));
        made[len / 2 - 2] ^= 1;
        assert_false(c->verify(NULL, rows[i].alg, rows[i].curve, at, up, parts, 2, proof));
        key[1] = 0; /* zero is no private key where a number is wanted */
        assert_true(c->sign(NULL, rows[i].alg, rows[i].curve, own, parts, 2, made, &len) ==
                    edwards);
    }
}

/* RFC 4231, test case 2; an empty key is a key. */
static void hmac_is_as_published(void **state)
{
    (void)state;
    const ob_link_crypto *c = ob_link_libcrypto();
    static const uint8_t wanted[8] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e};
    ob_span parts[2] = {OB_SPAN("what do ya want "), OB_SPAN("for nothing?")};
    uint8_t one[OB_LINK_HASH_MAX];
    uint8_t two[OB_LINK_HASH_MAX];
    assert_true(c->hmac(NULL, OB_SHA_256, OB_SPAN("Jefe"), parts, 2, one));
    assert_memory_equal(one, wanted, sizeof wanted);
    assert_true(c->hmac(NULL, OB_SHA_256, (ob_span){0}, parts, 2, one));
    assert_true(c->hmac(NULL, OB_SHA_256, OB_SPAN("\0"), parts, 2, two));
    assert_memory_equal(one, two, 32); /* keys are filled up with zeros */
    assert_true(c->hmac(NULL, OB_SHA_512, OB_SPAN("Jefe"), parts, 2, two));
    assert_false(c->hmac(NULL, OB_SHA_256_64, OB_SPAN("Jefe"), parts, 2, two));
    assert_false(c->hash(NULL, 5, parts, 2, two));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_and_nothing_else_does),
        cmocka_unit_test(a_kept_cipher_is_used_for_its_key_only),
        cmocka_unit_test(x25519_agrees_as_published),
        cmocka_unit_test(both_sides_of_a_curve_agree),
        cmocka_unit_test(what_is_no_point_or_key_is_refused),
        cmocka_unit_test(signatures_verify_and_changed_ones_do_not),
        cmocka_unit_test(hmac_is_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
