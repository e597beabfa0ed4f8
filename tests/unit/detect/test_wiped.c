/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner saw is not left behind in memory that it gives back. */
#include "given_back.h"
#include "ob_test.h"

#include <ombud/detect.h>

#define SEEN "OMB7d31c09be2468ace"

static void none_is_left(const char *text)
{
    ob_err err = {0};
    ob_detector *detector = NULL;
    ob_scanner *scanner = NULL;
    assert_ok(ob_detector_new(&detector, (ob_span){"", 0}, NULL, &err));
    given_back = (struct given_back){.wanted = SEEN};
    assert_ok(ob_scanner_new(&scanner, detector, NULL, &err));
    ob_scanner_start(scanner, &(ob_scan_sink){0});
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += 100) { /* so that what waits grows step by step */
        size_t piece = length - at < 100 ? length - at : 100;
        assert_ok(ob_scanner_feed(scanner, (ob_span){text + at, piece}, &err));
    }
    assert_ok(ob_scanner_end(scanner, &err));
    ob_scanner_free(scanner);
    given_back.wanted = NULL;
    assert_true(given_back.blocks > 2);
    assert_int_equal(given_back.left, 0);
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
                 "bXkgcGFzc3dvcmQgaXMgT01CN2QzMWMwOWJlMjQ2OGFjZSBhbmQgbm9ib2R5IGVsc2UgbWF5IGtub3cgY"
                 "WJvdXQgaXQ="
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
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "%sMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\n", SEEN);
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
