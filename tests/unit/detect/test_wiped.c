/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner saw is not left behind in memory that it gives back. */
#include "ob_test.h"

#include <ombud/detect.h>
#include <malloc.h>
#include <string.h>

#define SEEN "OMB7d31c09be2468ace"

void *__real_realloc(void *old, size_t bytes);
void __real_free(void *old);
void *__wrap_realloc(void *old, size_t bytes);
void __wrap_free(void *old);

static size_t given_back; /* blocks */
static size_t left;       /* of these, with what was seen */

/* Not by memmem: an arena's memory is poisoned where nothing was taken. */
__attribute__((no_sanitize("address"))) static void look(const char *block)
{
    static const char seen[] = SEEN;
    size_t size = block == NULL ? 0 : malloc_usable_size((void *)(uintptr_t)block);
    given_back++;
    for (size_t at = 0; at + sizeof seen - 1 <= size; at++) {
        size_t same = 0;
        while (same < sizeof seen - 1 && block[at + same] == seen[same]) {
            same++;
        }
        if (same == sizeof seen - 1) {
            left++;
            return;
        }
    }
}

/* It may move the bytes and give the old block back unseen: so it always does. */
void *__wrap_realloc(void *old, size_t bytes)
{
    look(old);
    return __real_realloc(old, bytes);
}

void __wrap_free(void *old)
{
    look(old);
    __real_free(old);
}

static void none_is_left(const char *text)
{
    ob_err err = {0};
    ob_detector *detector = NULL;
    ob_scanner *scanner = NULL;
    assert_ok(ob_detector_new(&detector, (ob_span){"", 0}, NULL, &err));
    given_back = left = 0;
    assert_ok(ob_scanner_new(&scanner, detector, NULL, &err));
    ob_scanner_start(scanner, &(ob_scan_sink){0});
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += 100) { /* so that what waits grows step by step */
        size_t piece = length - at < 100 ? length - at : 100;
        assert_ok(ob_scanner_feed(scanner, (ob_span){text + at, piece}, &err));
    }
    assert_ok(ob_scanner_end(scanner, &err));
    ob_scanner_free(scanner);
    assert_true(given_back > 2);
    assert_int_equal(left, 0);
    ob_detector_free(detector);
}

static void test_plain(void **state)
{
    (void)state;
    none_is_left("my password is " SEEN " and the key of the router is admin:" SEEN ".");
}

/* What was decoded lives in an arena. */
static void test_decoded(void **state)
{
    (void)state;
    none_is_left("see "
                 "bXkgcGFzc3dvcmQgaXMgT01CN2QzMWMwOWJlMjQ2OGFjZSBhbmQgbm9ib2R5IGVsc2UgbWF5IGtub3cgYWJvdXQgaXQ="
                 " and then my%20password%3A%20" SEEN "%20thanks");
}

/* One that is held until its end is known, behind what makes the buffer move. */
static void test_long(void **state)
{
    (void)state;
    char text[6000];
    size_t at = 0;
    while (at < 2000) {
        at += (size_t)snprintf(text + at, sizeof text - at, "My password is %s, as before. ", SEEN);
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "-----BEGIN PRIVATE KEY-----\n");
    while (at < 5000) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%sMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\n", SEEN);
    }
    none_is_left(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_decoded),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
