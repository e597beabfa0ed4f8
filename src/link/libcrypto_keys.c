/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs of libcrypto: Weierstrass curves by their points, the others by their raw bytes. */
#include "link/libcrypto.h"

#include <ombud/mem.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

static const char *group_name(int curve)
{
    return curve == OB_P256   ? "P-256"
           : curve == OB_P384 ? "P-384"
           : curve == OB_P521 ? "P-521"
                              : NULL;
}

static int raw_kind(int curve)
{
    return curve == OB_X25519    ? EVP_PKEY_X25519
           : curve == OB_ED25519 ? EVP_PKEY_ED25519
           : curve == OB_ED448   ? EVP_PKEY_ED448
                                 : 0;
}

/* NULL: no Weierstrass curve that is known. */
static const EC_GROUP *group_of(int curve)
{
    const obi_libcrypto_parts *made = group_name(curve) == NULL ? NULL : obi_libcrypto_get();
    return made == NULL ? NULL : made->curves[curve == OB_P256 ? 0 : curve == OB_P384 ? 1 : 2];
}

/* A private key as a number between 1 and the order; NULL for any other. */
static BIGNUM *scalar_of(const EC_GROUP *group, ob_span private_key)
{
    BIGNUM *scalar = BN_secure_new();
    if (scalar == NULL ||
        BN_bin2bn((const uint8_t *)private_key.ptr, (int)private_key.len, scalar) == NULL ||
        BN_is_zero(scalar) || BN_cmp(scalar, EC_GROUP_get0_order(group)) >= 0) {
        BN_clear_free(scalar);
        return NULL;
    }
    BN_set_flags(scalar, BN_FLG_CONSTTIME);
    return scalar;
}

/* The public point of a private key: 4, x, y. */
static bool point_of(int curve, ob_span private_key, uint8_t *point, size_t cap, size_t *len)
{
    const EC_GROUP *group = group_of(curve);
    BIGNUM *scalar = group == NULL ? NULL : scalar_of(group, private_key);
    EC_POINT *made = scalar == NULL ? NULL : EC_POINT_new(group);
    bool ok = made != NULL && EC_POINT_mul(group, made, scalar, NULL, NULL, NULL) == 1;
    *len =
        ok ? EC_POINT_point2oct(group, made, POINT_CONVERSION_UNCOMPRESSED, point, cap, NULL) : 0;
    EC_POINT_free(made);
    BN_clear_free(scalar);
    return *len > 0;
}

/*
 * Diffie-Hellman with the x-coordinate of a point: both points that have it give the same secret.
 * That the point is on the curve is all there is to check: these curves have no small subgroups.
 */
static bool agree_points(int curve, ob_span private_key, ob_span peer_x, uint8_t *out)
{
    uint8_t point[1 + OB_LINK_COORD_MAX] = {2};
    size_t size = ob_link_coord_of(curve);
    const EC_GROUP *group = group_of(curve);
    BIGNUM *scalar = group == NULL || private_key.len != size || peer_x.len != size
                         ? NULL
                         : scalar_of(group, private_key);
    EC_POINT *peer = scalar == NULL ? NULL : EC_POINT_new(group);
    EC_POINT *shared = peer == NULL ? NULL : EC_POINT_new(group);
    BIGNUM *x = shared == NULL ? NULL : BN_secure_new();
    if (x != NULL) {
        memcpy(point + 1, peer_x.ptr, size);
    }
    bool ok = x != NULL && EC_POINT_oct2point(group, peer, point, 1 + size, NULL) == 1 &&
              EC_POINT_mul(group, shared, NULL, peer, scalar, NULL) == 1 &&
              EC_POINT_get_affine_coordinates(group, shared, x, NULL, NULL) == 1 &&
              BN_bn2binpad(x, out, (int)size) == (int)size;
    BN_clear_free(x);
    EC_POINT_clear_free(shared);
    EC_POINT_free(peer);
    BN_clear_free(scalar);
    return ok;
}

/* A key of a Weierstrass curve: of a point, or, where len is 0, a private key, which can sign. */
static EVP_PKEY *make_point_key(int curve, ob_span private_key, const uint8_t *point, size_t len)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *made = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    BIGNUM *scalar = len > 0 ? NULL : scalar_of(group_of(curve), private_key);
    OSSL_PARAM *params = NULL;
    if (build != NULL && made != NULL && (len > 0 || scalar != NULL) &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group_name(curve), 0) &&
        (scalar != NULL
             ? OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar)
             : OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, len)) &&
        (params = OSSL_PARAM_BLD_to_param(build)) != NULL && EVP_PKEY_fromdata_init(made) == 1 &&
        EVP_PKEY_fromdata(made, &key, scalar == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                          params) != 1) {
        key = NULL;
    }
    OSSL_PARAM_free(params);
    BN_clear_free(scalar);
    EVP_PKEY_CTX_free(made);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *private_of(int curve, ob_span private_key)
{
    if (raw_kind(curve) != 0) {
        return EVP_PKEY_new_raw_private_key(raw_kind(curve), NULL, (const uint8_t *)private_key.ptr,
                                            private_key.len);
    }
    return group_of(curve) != NULL && private_key.len == ob_link_coord_of(curve)
               ? make_point_key(curve, private_key, NULL, 0)
               : NULL;
}

/* odd: which of the two points with that x, where y is not given. */
static EVP_PKEY *public_of(int curve, ob_span x, ob_span y, bool odd)
{
    if (raw_kind(curve) != 0) {
        return EVP_PKEY_new_raw_public_key(raw_kind(curve), NULL, (const uint8_t *)x.ptr, x.len);
    }
    uint8_t point[1 + 2 * OB_LINK_COORD_MAX];
    size_t size = ob_link_coord_of(curve);
    if (group_name(curve) == NULL || x.len != size || (y.len != size && y.len != 0)) {
        return NULL;
    }
    point[0] = y.len > 0 ? 4 : odd ? 3 : 2;
    memcpy(point + 1, x.ptr, size);
    if (y.len > 0) {
        memcpy(point + 1 + size, y.ptr, size);
    }
    return make_point_key(curve, (ob_span){0}, point, 1 + x.len + y.len);
}

bool obi_libcrypto_public_key(void *ctx, int curve, ob_span private_key, uint8_t *x, uint8_t *y)
{
    (void)ctx;
    size_t size = ob_link_coord_of(curve);
    if (size == 0 || private_key.len != size) {
        return false;
    }
    if (raw_kind(curve) != 0) {
        EVP_PKEY *key = private_of(curve, private_key);
        size_t len = size;
        bool ok = key != NULL && EVP_PKEY_get_raw_public_key(key, x, &len) == 1;
        EVP_PKEY_free(key);
        return ok;
    }
    uint8_t point[1 + 2 * OB_LINK_COORD_MAX];
    size_t len = 0;
    if (!point_of(curve, private_key, point, sizeof point, &len)) {
        return false;
    }
    memcpy(x, point + 1, size);
    if (y != NULL) {
        memcpy(y, point + 1 + size, size);
    }
    return true;
}

/* X25519. libcrypto would make the public key of the private one, which takes as long as the secret
 * and is of no use for it: so one is given that means nothing. */
static EVP_PKEY *half_key(ob_span private_key)
{
    static uint8_t nothing[32];
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nothing, sizeof nothing),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY,
                                          (void *)(uintptr_t)private_key.ptr, private_key.len),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *made = EVP_PKEY_CTX_new_from_name(NULL, "X25519", NULL);
    if (made == NULL || private_key.len != sizeof nothing || EVP_PKEY_fromdata_init(made) != 1 ||
        EVP_PKEY_fromdata(made, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(made);
    return key;
}

static bool agree_x25519(ob_span private_key, ob_span peer_x, uint8_t *out)
{
    EVP_PKEY *own = half_key(private_key);
    EVP_PKEY *peer = own == NULL ? NULL : public_of(OB_X25519, peer_x, (ob_span){0}, false);
    EVP_PKEY_CTX *derive = peer == NULL ? NULL : EVP_PKEY_CTX_new(own, NULL);
    size_t len = ob_link_coord_of(OB_X25519);
    bool ok = derive != NULL && EVP_PKEY_derive_init(derive) == 1 &&
              EVP_PKEY_derive_set_peer(derive, peer) == 1 &&
              EVP_PKEY_derive(derive, out, &len) == 1 && len == ob_link_coord_of(OB_X25519);
    EVP_PKEY_CTX_free(derive);
    EVP_PKEY_free(peer);
    EVP_PKEY_free(own);
    return ok;
}

bool obi_libcrypto_agree(void *ctx, int curve, ob_span private_key, ob_span peer_x, uint8_t *out)
{
    (void)ctx;
    return curve == OB_X25519 ? agree_x25519(private_key, peer_x, out)
                              : agree_points(curve, private_key, peer_x, out);
}

static const EVP_MD *digest_of(int alg)
{
    return alg == OB_ES256   ? EVP_sha256()
           : alg == OB_ES384 ? EVP_sha384()
           : alg == OB_ES512 ? EVP_sha512()
                             : NULL;
}

/* What an Edwards curve signs must lie in one piece. */
static uint8_t *join(const ob_span *parts, size_t count, size_t *len)
{
    size_t at = 0;
    *len = 0;
    for (size_t i = 0; i < count; i++) {
        *len += parts[i].len;
    }
    uint8_t *all = ob_mem_new(*len + 1);
    for (size_t i = 0; all != NULL && i < count; i++) {
        if (parts[i].len > 0) {
            memcpy(all + at, parts[i].ptr, parts[i].len);
            at += parts[i].len;
        }
    }
    return all;
}

static void free_joined(uint8_t *all, size_t len)
{
    if (all != NULL) {
        ob_wipe(all, len);
        ob_mem_free(all);
    }
}

/* COSE writes r and s in full length, libcrypto as a sequence of DER. */
static bool der_to_pair(const uint8_t *der, size_t der_len, size_t size, uint8_t *out)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)der_len);
    bool ok = pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, (int)size) == (int)size &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + size, (int)size) == (int)size;
    ECDSA_SIG_free(pair);
    return ok;
}

static size_t pair_to_der(ob_span signature, uint8_t *der, size_t cap)
{
    const uint8_t *bytes = (const uint8_t *)signature.ptr;
    int half = (int)(signature.len / 2);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(bytes, half, NULL);
    BIGNUM *s = BN_bin2bn(bytes + half, half, NULL);
    int len = 0;
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        len = i2d_ECDSA_SIG(pair, NULL);
        len = len > 0 && (size_t)len <= cap ? i2d_ECDSA_SIG(pair, &der) : 0;
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return len > 0 ? (size_t)len : 0;
}

static bool sign_edwards(EVP_MD_CTX *state, const ob_span *parts, size_t count, uint8_t *out,
                         size_t *len)
{
    size_t size = 0;
    uint8_t *message = join(parts, count, &size);
    *len = OB_LINK_SIGN_MAX;
    bool ok = message != NULL && EVP_DigestSign(state, out, len, message, size) == 1;
    free_joined(message, size);
    return ok;
}

static bool sign_points(EVP_MD_CTX *state, int curve, const ob_span *parts, size_t count,
                        uint8_t *out, size_t *len)
{
    uint8_t der[OB_LINK_SIGN_MAX + 16];
    size_t made = sizeof der;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = EVP_DigestSignUpdate(state, parts[i].ptr, parts[i].len) == 1;
    }
    *len = 2 * ob_link_coord_of(curve);
    return ok && EVP_DigestSignFinal(state, der, &made) == 1 &&
           der_to_pair(der, made, ob_link_coord_of(curve), out);
}

static bool is_edwards(int curve)
{
    return curve == OB_ED25519 || curve == OB_ED448;
}

bool obi_libcrypto_sign(void *ctx, int alg, int curve, ob_span private_key, const ob_span *parts,
                        size_t count, uint8_t *out, size_t *len)
{
    (void)ctx;
    if ((alg == OB_EDDSA) != is_edwards(curve) || (alg != OB_EDDSA && digest_of(alg) == NULL)) {
        return false;
    }
    EVP_PKEY *key = private_of(curve, private_key);
    EVP_MD_CTX *state = key == NULL ? NULL : EVP_MD_CTX_new();
    bool ok = state != NULL && EVP_DigestSignInit(state, NULL, digest_of(alg), NULL, key) == 1 &&
              (alg == OB_EDDSA ? sign_edwards(state, parts, count, out, len)
                               : sign_points(state, curve, parts, count, out, len));
    EVP_MD_CTX_free(state);
    EVP_PKEY_free(key);
    *len = ok ? *len : 0;
    return ok;
}

static bool verify_edwards(EVP_MD_CTX *state, ob_span signature, const ob_span *parts, size_t count)
{
    size_t size = 0;
    uint8_t *message = join(parts, count, &size);
    bool ok = message != NULL && EVP_DigestVerify(state, (const uint8_t *)signature.ptr,
                                                  signature.len, message, size) == 1;
    free_joined(message, size);
    return ok;
}

static bool verify_points(EVP_MD_CTX *state, ob_span signature, const ob_span *parts, size_t count)
{
    uint8_t der[OB_LINK_SIGN_MAX + 16];
    size_t len = pair_to_der(signature, der, sizeof der);
    bool ok = len > 0;
    for (size_t i = 0; ok && i < count; i++) {
        ok = EVP_DigestVerifyUpdate(state, parts[i].ptr, parts[i].len) == 1;
    }
    return ok && EVP_DigestVerifyFinal(state, der, len) == 1;
}

bool obi_libcrypto_verify(void *ctx, int alg, int curve, ob_span x, ob_span y, const ob_span *parts,
                          size_t count, ob_span signature)
{
    (void)ctx;
    bool edwards = is_edwards(curve);
    if ((alg == OB_EDDSA) != edwards || (!edwards && digest_of(alg) == NULL) ||
        signature.len != 2 * ob_link_coord_of(curve)) {
        return false;
    }
    bool ok = false;
    for (unsigned odd = 0; !ok && odd < (edwards || y.len > 0 ? 1U : 2U); odd++) {
        EVP_PKEY *key = public_of(curve, x, y, odd == 1);
        EVP_MD_CTX *state = key == NULL ? NULL : EVP_MD_CTX_new();
        ok = state != NULL && EVP_DigestVerifyInit(state, NULL, digest_of(alg), NULL, key) == 1 &&
             (edwards ? verify_edwards : verify_points)(state, signature, parts, count);
        EVP_MD_CTX_free(state);
        EVP_PKEY_free(key);
    }
    return ok;
}
