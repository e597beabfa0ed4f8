/* SPDX-License-Identifier: Apache-2.0 */
/*
 * split FILE [SINGLES]: reads JSON lines with a member "text" and shows for each text that the way
 * it is cut does not matter: pieces of one byte, 100 random cuttings, and with SINGLES every single
 * cut. Prints texts, cuttings and the most bytes held; status 1 with the line and the reason at the
 * first difference.
 */
#include "detect/split_check.h"

#include <ombud/json.h>
#include <stdio.h>
#include <stdlib.h>

static bool text_of(ob_span line, char *out, size_t cap, ob_span *text)
{
    ob_json_parser parser;
    ob_json_token token;
    bool named = false;
    ob_json_start(&parser, line);
    while (ob_json_next(&parser, &token) == OB_DONE && token.kind != OB_JSON_END) {
        if (named && token.kind == OB_JSON_STRING) {
            ob_buf plain = {.max = cap};
            ob_err err = {0};
            bool read = ob_json_unescape(token.raw, &plain, &err);
            if (read) {
                memcpy(out, plain.ptr == NULL ? "" : plain.ptr, plain.len);
                *text = (ob_span){out, plain.len};
            }
            ob_buf_fini(&plain);
            return read;
        }
        named = parser.depth == 1 && token.kind == OB_JSON_KEY && ob_span_is_str(token.raw, "text");
    }
    return false;
}

int main(int count, char **words)
{
    static char line[1 << 20];
    static char plain[1 << 20];
    static split check;
    ob_detector *detector = NULL;
    ob_scanner *scanner = NULL;
    ob_err err = {0};
    ob_rng rng = {0};
    size_t texts = 0;
    size_t cuts = 0;
    size_t most = 0;
    FILE *file = count > 1 ? fopen(words[1], "r") : NULL;
    if (file == NULL || !ob_detector_new(&detector, (ob_span){0}, NULL, &err) ||
        !ob_scanner_new(&scanner, detector, NULL, &err)) {
        (void)fprintf(stderr, "split: %s\n", file == NULL ? "cannot read FILE" : err.text);
        return 2;
    }
    if (!ob_rng_init(&rng, OB_SPAN("1"), OB_SPAN("split"), &err)) {
        return 2;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        ob_span text = {0};
        if (!text_of(ob_span_str(line), plain, sizeof plain, &text)) {
            continue;
        }
        texts++;
        bool same =
            split_start(&check, detector, scanner, text, &err) && split_even(&check, 1, &err);
        for (int i = 0; same && i < 100; i++) {
            same = split_random(&check, &rng, 1 + (size_t)ob_rng_below(&rng, 64), &err);
        }
        cuts += 101;
        for (size_t at = 1; same && count > 2 && at < text.len; at++, cuts++) {
            same = split_once(&check, at, &err);
        }
        most = check.most > most ? check.most : most;
        if (!same) {
            printf("text %zu: %s\n", texts, err.text);
            return 1;
        }
    }
    printf("%zu texts, %zu cuttings, at most %zu bytes held\n", texts, cuts, most);
    ob_scanner_free(scanner);
    ob_detector_free(detector);
    return 0;
}
