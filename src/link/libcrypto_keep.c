/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table that keeps ciphers with their keys: setting one up takes as long as a short message. It
 * finds them by where the key lies, and looks at the key itself, too, so that bytes which have
 * changed in the meantime are another key.
 */
#include "link/hkdf.h"
#include "link/libcrypto.h"

#include <ombud/mem.h>

#define KEPT 32

typedef struct kept {
    const uint8_t *at; /* where the caller has the key; NULL: a free place */
    int aead;
    bool sealing;
    uint64_t used; /* the time of its last message, as the table counts */
    EVP_CIPHER_CTX *cipher;
    uint8_t key[OB_LINK_KEY_MAX];
} kept;

typedef struct keeping {
    uint64_t now;
    kept list[KEPT];
} keeping;

static void drop(kept *k)
{
    EVP_CIPHER_CTX_free(k->cipher); /* libcrypto clears the key in it */
    ob_wipe(k, sizeof *k);
}

/* The place for a key: its own, else a free one, else the one that was not used for longest. */
static kept *place_for(keeping *all, const obi_libcrypto_message *m, const uint8_t *key)
{
    kept *best = &all->list[0];
    for (size_t i = 0; i < KEPT; i++) {
        kept *k = &all->list[i];
        if (k->at == key && k->sealing == m->sealing) {
            return k;
        }
        best = k->used < best->used ? k : best;
    }
    return best;
}

static bool work(keeping *all, int aead, bool sealing, const uint8_t *key, const uint8_t *nonce,
                 ob_span aad, uint8_t *bytes, size_t len)
{
    obi_libcrypto_message m;
    const EVP_CIPHER *kind = NULL;
    if (!obi_libcrypto_message_of(&m, aead, sealing, aad, len)) {
        return false;
    }
    kept *k = place_for(all, &m, key);
    if (k->at != key || k->sealing != sealing || k->aead != aead ||
        !obi_same_secret(k->key, key, m.sizes.key)) {
        drop(k);
        kind = obi_libcrypto_cipher(&m);
        k->cipher = kind == NULL ? NULL : EVP_CIPHER_CTX_new();
        if (k->cipher == NULL) {
            return false;
        }
        k->at = key;
        k->aead = aead;
        k->sealing = sealing;
        memcpy(k->key, key, m.sizes.key);
    }
    k->used = ++all->now;
    if (obi_libcrypto_run(k->cipher, kind, &m, key, nonce, aad, bytes, len)) {
        return true;
    }
    drop(k); /* after a failure nobody knows in what state it is */
    return false;
}

static bool seal(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    return work(ctx, aead, true, key, nonce, aad, bytes, len);
}

static bool open(void *ctx, int aead, const uint8_t *key, const uint8_t *nonce, ob_span aad,
                 uint8_t *bytes, size_t len)
{
    return work(ctx, aead, false, key, nonce, aad, bytes, len);
}

static void forget(void *ctx, const uint8_t *key)
{
    keeping *all = ctx;
    for (size_t i = 0; i < KEPT; i++) {
        if (all->list[i].at == key) {
            drop(&all->list[i]);
        }
    }
}

bool ob_link_keeping_init(ob_link_crypto *table, ob_err *err)
{
    keeping *all = ob_mem_new(sizeof *all);
    if (all == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory");
    }
    *all = (keeping){0};
    *table = *ob_link_libcrypto();
    table->ctx = all;
    table->seal = seal;
    table->open = open;
    table->forget = forget;
    return true;
}

void ob_link_keeping_fini(ob_link_crypto *table)
{
    keeping *all = table->ctx;
    for (size_t i = 0; all != NULL && i < KEPT; i++) {
        drop(&all->list[i]);
    }
    ob_mem_free(all);
    *table = (ob_link_crypto){0};
}
