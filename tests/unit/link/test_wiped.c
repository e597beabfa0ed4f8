/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No step of EDHOC leaves a secret behind on the stack, whether it succeeds or not: each runs in a
 * thread whose stack is looked through afterwards.
 */
#include "edhoc_test.h"
#include "link/edhoc_hello.h"

#include <pthread.h>
#include <stdlib.h>

#define STACK ((size_t)1 << 20)

typedef struct work {
    ob_edhoc *session;
    unsigned number; /* of the message */
    bool reads;
    ob_span in;
    sent *out;
    bool good;
} work;

static void *run(void *arg)
{
    work *w = arg;
    ob_edhoc *s = w->session;
    ob_err err = {0};
    ob_span ead;
    ob_span none = {0};
    uint8_t *to = w->out->bytes;
    switch (w->number + (w->reads ? 10 : 0)) {
    case 2:
        w->good = ob_edhoc_write_2(s, RANDOM_Y, none, to, CAP, &w->out->text, &err);
        break;
    case 3:
        w->good = ob_edhoc_write_3(s, none, to, CAP, &w->out->text, &err);
        break;
    case 12:
        w->good = ob_edhoc_read_2(s, w->in, &ead, &err);
        break;
    default:
        w->good = ob_edhoc_read_3(s, w->in, &ead, &err);
        break;
    }
    return NULL;
}

/* Reads what the sanitizer may still hold to be nobody's. */
__attribute__((no_sanitize("address"))) static bool holds(const volatile uint8_t *bytes, size_t len,
                                                          const uint8_t *secret)
{
    for (size_t i = 0; i + 32 <= len; i++) {
        size_t same = 0;
        while (same < 32 && bytes[i + same] == secret[same]) {
            same++;
        }
        if (same == 32) {
            return true;
        }
    }
    return false;
}

/* Runs a step on a fresh stack, which is the caller's to free. */
static void *stack_of(void *(*step)(void *arg), void *arg)
{
    void *stack = NULL;
    pthread_t thread;
    pthread_attr_t attributes;
    assert_int_equal(posix_memalign(&stack, 4096, STACK), 0);
    memset(stack, 0, STACK);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, step, arg), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pthread_attr_destroy(&attributes), 0);
    return stack;
}

/* Whether the step leaves any of the secrets; a NULL ends them. */
static bool leaves(work *w, const uint8_t *const *secrets)
{
    bool found = false;
    void *stack = stack_of(run, w);
    for (; *secrets != NULL; secrets++) {
        /* A session that failed has only zeros left. */
        found = found || ((*secrets)[0] != 0 && holds(stack, STACK, *secrets));
    }
    free(stack);
    return found;
}

/* PRK_2e, which the session gives up within the step that makes it. */
static void first_secret(const ob_edhoc *session, uint8_t prk[32])
{
    ob_edhoc copy = *session;
    uint8_t y[32];
    const ob_link_crypto *crypto = copy.options.crypto;
    memcpy(copy.ephemeral, RANDOM_Y.ptr, 32);
    assert_true(crypto->public_key(crypto->ctx, copy.suite.curve, RANDOM_Y, y, NULL));
    assert_true(obi_edhoc_agree_2(&copy, (ob_span){(char *)y, 32}));
    memcpy(prk, copy.prk, 32);
}

/* Wrong keys of one's own, in front of the steps that use them. */
static void spoil(side *s)
{
    memset(s->key, 0, sizeof s->key);
}

static void a_handshake(unsigned method, bool own_2_is_bad, bool own_3_is_bad)
{
    ob_err err = {0};
    side i = {0};
    side r = {0};
    sent m[4];
    ob_span ead;
    uint8_t prk_2e[32];
    uint8_t before[32];
    start(&i, &r, method, 2);
    assert_ok(
        ob_edhoc_write_1(&i.edhoc, RANDOM_X, (ob_span){0}, m[1].bytes, CAP, &m[1].text, &err));
    assert_ok(ob_edhoc_read_1(&r.edhoc, m[1].text, &ead, &err));
    first_secret(&r.edhoc, prk_2e);
    if (own_2_is_bad) {
        spoil(&r);
    }
    work w = {.session = &r.edhoc, .number = 2, .out = &m[2]};
    assert_false(leaves(&w, (const uint8_t *const[]){prk_2e, r.edhoc.prk, NULL}));
    assert_int_equal(w.good, !own_2_is_bad);
    if (own_2_is_bad) {
        return;
    }
    w = (work){.session = &i.edhoc, .number = 2, .reads = true, .in = m[2].text, .out = &m[3]};
    assert_false(leaves(&w, (const uint8_t *const[]){prk_2e, i.edhoc.prk, NULL}));
    assert_true(w.good);
    memcpy(before, i.edhoc.prk, sizeof before);
    if (own_3_is_bad) {
        spoil(&i);
    }
    w = (work){.session = &i.edhoc, .number = 3, .out = &m[3]};
    assert_false(leaves(&w, (const uint8_t *const[]){before, i.edhoc.prk, i.edhoc.prk_out, NULL}));
    assert_int_equal(w.good, !own_3_is_bad);
    if (own_3_is_bad) {
        return;
    }
    w = (work){.session = &r.edhoc, .number = 3, .reads = true, .in = m[3].text, .out = &m[1]};
    assert_false(leaves(&w, (const uint8_t *const[]){before, r.edhoc.prk, r.edhoc.prk_out, NULL}));
    assert_true(w.good);
}

static void no_step_leaves_a_secret(void **state)
{
    (void)state;
    for (unsigned method = 0; method < 4; method++) {
        a_handshake(method, false, false);
        a_handshake(method, true, false);
        a_handshake(method, false, true);
    }
}

/* What the others ask for would be found: deep in the stack, where the end of the thread does not
 * come. */
static void leave_deep(const uint8_t *secret, unsigned depth)
{
    volatile uint8_t copy[512];
    for (size_t i = 0; i < sizeof copy; i++) {
        copy[i] = secret[i % 32];
    }
    if (depth > 0) {
        leave_deep(secret, depth - 1);
    }
}

static void *leave(void *arg)
{
    leave_deep(arg, 20);
    return NULL;
}

static void a_secret_that_is_left_is_found(void **state)
{
    (void)state;
    static uint8_t secret[32] = "thirty-two bytes to be found in ";
    void *stack = stack_of(leave, secret);
    assert_true(holds(stack, STACK, secret));
    free(stack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_step_leaves_a_secret),
        cmocka_unit_test(a_secret_that_is_left_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
