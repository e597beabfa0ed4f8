/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds personal data and secrets in standard input with the library of Ombud:
 *     cc -o detect detect.c $(pkg-config --cflags --libs ombud)
 *     ./detect <chat.txt
 */
#include <ombud/detect.h>
#include <stdio.h>

static int fail(const ob_err *err)
{
    (void)fprintf(stderr, "detect: %s\n", err->text);
    return 1;
}

/* Called in the order of the text, as soon as the end of a finding is known. */
static bool on_hit(void *ctx, const ob_hit *hit, ob_err *err)
{
    const ob_detector *detector = ctx;
    (void)err;
    return printf("%llu-%llu %s %u %%\n", (unsigned long long)hit->start,
                  (unsigned long long)hit->end, ob_detector_kind(detector, hit->kind)->id,
                  (unsigned)hit->score) > 0;
}

int main(void)
{
    ob_err err = {0};
    ob_detector *detector = NULL; /* the rules: made once, shared by threads */
    ob_scanner *scanner = NULL;   /* the state of one text: one thread at a time */
    char piece[4096];
    if (!ob_detector_new(&detector, (ob_span){0}, NULL, &err) ||
        !ob_scanner_new(&scanner, detector, NULL, &err)) {
        return fail(&err);
    }
    ob_scanner_start(scanner, &(ob_scan_sink){.ctx = detector, .hit = on_hit});
    for (size_t got; (got = fread(piece, 1, sizeof piece, stdin)) > 0;) {
        if (!ob_scanner_feed(scanner, (ob_span){piece, got}, &err)) {
            return fail(&err);
        }
    }
    bool good = ob_scanner_end(scanner, &err);
    ob_scanner_free(scanner);
    ob_detector_free(detector);
    return good ? 0 : fail(&err);
}
