/* SPDX-License-Identifier: Apache-2.0 */
#include "../ob_test.h"
#include "../scratch.h"

#include <ombud/sys.h>
#include <ombud/text.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void errors_keep_kind_and_grow_context(void **state)
{
    (void)state;
    ob_err err = {0};
    assert_false(ob_fail(&err, OB_ERR_PEER, "no answer from %s", "a"));
    assert_false(ob_wrap(&err, "run %d", 7));
    assert_string_equal(err.text, "run 7: no answer from a");
    assert_int_equal(err.kind, OB_ERR_PEER);
    char longer[600];
    (void)memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_false(ob_wrap(&err, "%s", longer));
    assert_string_equal(err.text + sizeof err.text - 4, "...");
    /* Never half a character before the dots, wherever they come to stand. */
    for (size_t lead = 0; lead < 4; lead++) {
        (void)memset(longer, 'x', lead);
        for (size_t at = lead; at + 3 < sizeof longer; at += 3) {
            (void)memcpy(longer + at, "\u5355", 4);
        }
        assert_false(ob_fail(&err, OB_ERR_PEER, "%s", longer));
        assert_int_equal(ob_utf8_bad(ob_span_str(err.text)), SIZE_MAX);
        assert_string_equal(err.text + strlen(err.text) - 3, "...");
    }
}

static void spans_cut_and_find(void **state)
{
    (void)state;
    ob_span rest = OB_SPAN("a,,b");
    ob_span piece;
    assert_true(ob_span_cut(&rest, ',', &piece));
    assert_span(piece, "a");
    assert_true(ob_span_cut(&rest, ',', &piece));
    assert_span(piece, "");
    assert_true(ob_span_cut(&rest, ',', &piece));
    assert_span(piece, "b");
    assert_false(ob_span_cut(&rest, ',', &piece));
    rest = OB_SPAN("one\r\ntwo\n");
    assert_true(ob_span_cut_line(&rest, &piece));
    assert_span(piece, "one");
    assert_true(ob_span_cut_line(&rest, &piece));
    assert_span(piece, "two");
    assert_false(ob_span_cut_line(&rest, &piece));
    assert_int_equal(ob_span_find(OB_SPAN("abcabc"), OB_SPAN("ca"), 0), 2);
    assert_true(ob_span_find(OB_SPAN("abc"), OB_SPAN("abcd"), 0) == SIZE_MAX);
    assert_int_equal(ob_span_find_nocase(OB_SPAN("xAbC"), OB_SPAN("abc"), 0), 1);
    assert_span(ob_span_trim(OB_SPAN("  a b\n")), "a b");
    assert_true(ob_span_compare(OB_SPAN("a"), OB_SPAN("ab")) < 0);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    ob_err err = {0};
    uint64_t whole = 0;
    int64_t with_sign = 0;
    double real = 0;
    assert_ok(ob_span_to_u64(OB_SPAN("18446744073709551615"), &whole, &err));
    assert_true(whole == UINT64_MAX);
    assert_fails(ob_span_to_u64(OB_SPAN("18446744073709551616"), &whole, &err), OB_ERR_INPUT,
                 "too large");
    assert_fails(ob_span_to_u64(OB_SPAN("\x1b[2J\n\xff"), &whole, &err), OB_ERR_INPUT,
                 "'\\x1B[2J\\x0A\\xFF' is not a whole number");
    assert_fails(ob_span_to_i64(OB_SPAN("-\x1b"), &with_sign, &err), OB_ERR_INPUT, "'\\x1B'");
    assert_fails(ob_span_to_double(OB_SPAN("1\x1b"), &real, &err), OB_ERR_INPUT, "'1\\x1B'");
    assert_fails(ob_time_parse(OB_SPAN("\x1b[2J"), &with_sign, &err), OB_ERR_INPUT, "'\\x1B[2J'");
    assert_fails(ob_span_to_u64(OB_SPAN("+1"), &whole, &err), OB_ERR_INPUT, "whole number");
    assert_ok(ob_span_to_i64(OB_SPAN("-9223372036854775808"), &with_sign, &err));
    assert_true(with_sign == INT64_MIN);
    assert_ok(ob_span_to_double(OB_SPAN("0.05"), &real, &err));
    assert_true(real > 0.0499 && real < 0.0501);
    assert_fails(ob_span_to_double(OB_SPAN("nan"), &real, &err), OB_ERR_INPUT, "not a number");
    assert_fails(ob_span_to_double(OB_SPAN("1.2.3"), &real, &err), OB_ERR_INPUT, "not a number");
    assert_fails(ob_span_to_double(OB_SPAN(""), &real, &err), OB_ERR_INPUT, "not a number");
}

static void arena_holds_its_cap(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_arena) arena = {.cap = 10000};
    for (int i = 0; i < 100; i++) {
        assert_non_null(ob_arena_take(&arena, 1, 64, &err));
    }
    assert_null(ob_arena_take(&arena, 1, 9000, &err));
    assert_int_equal(err.kind, OB_ERR_LIMIT);
    ob_arena_reset(&arena);
    char *at = ob_arena_take(&arena, 9000, 1, &err);
    assert_non_null(at);
    at[8999] = 'x';
    assert_null(ob_arena_take(&arena, SIZE_MAX / 2, 4, &err));
}

static void count_up(void *arg)
{
    ++*(int *)arg;
}

static void arena_runs_defers(void **state)
{
    (void)state;
    ob_err err = {0};
    int calls = 0;
    ob_arena arena = {0};
    assert_ok(ob_arena_defer(&arena, count_up, &calls, &err));
    ob_arena_reset(&arena);
    assert_int_equal(calls, 1);
    assert_ok(ob_arena_defer(&arena, count_up, &calls, &err));
    ob_arena_fini(&arena);
    assert_int_equal(calls, 2);
}

static void buffer_error_sticks(void **state)
{
    (void)state;
    ob_err err = {0};
    OB_AUTO(ob_buf) buf = {.max = 8};
    ob_buf_add_str(&buf, "12345");
    ob_buf_add_str(&buf, "6789");
    ob_buf_add_str(&buf, "x");
    assert_int_equal(buf.len, 5);
    assert_fails(ob_buf_check(&buf, "the text", &err), OB_ERR_LIMIT, "the text is larger than 8");
    ob_buf_reset(&buf);
    ob_buf_add_str(&buf, "12345678");
    assert_ok(ob_buf_check(&buf, "the text", &err));
}

static void foreign_bytes_are_escaped(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) buf = {.max = 1000};
    ob_buf_add_shown(&buf, OB_SPAN("a\x1b[31m\xe2\x80\xae\xff\n\xc3\xa9"), 60);
    assert_span(ob_buf_span(&buf), "a\\x1B[31m\\xE2\\x80\\xAE\\xFF\\n\xc3\xa9");
    ob_buf_reset(&buf);
    ob_buf_add_shown(&buf, OB_SPAN("ab\xc3\xa9"), 3);
    assert_span(ob_buf_span(&buf), "ab...");
    ob_buf_reset(&buf);
    ob_buf_add_html(&buf, OB_SPAN("<a href=\"x\">&'\x01\xff"));
    assert_span(ob_buf_span(&buf),
                "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\xef\xbf\xbd\xef\xbf\xbd");
    ob_buf_reset(&buf);
    ob_buf_add_json(&buf, OB_SPAN("\"\\\n\x01\xff\xc3\xa9"));
    assert_span(ob_buf_span(&buf), "\"\\\"\\\\\\n\\u0001\xef\xbf\xbd\xc3\xa9\"");
    ob_buf_reset(&buf);
    ob_buf_add_json(&buf, OB_SPAN("\x7f\xc2\x80\xc2\x9b"
                                  "2J\xc2\xa0"));
    assert_span(ob_buf_span(&buf), "\"\\u007f\\u0080\\u009b"
                                   "2J\xc2\xa0\"");
}

static void utf8_is_checked(void **state)
{
    (void)state;
    assert_true(ob_utf8_bad(OB_SPAN("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")) == SIZE_MAX);
    assert_int_equal(ob_utf8_bad(OB_SPAN("ab\xc0\x80")), 2);
    assert_int_equal(ob_utf8_bad(OB_SPAN("\xed\xa0\x80")), 0);
    assert_int_equal(ob_utf8_bad(OB_SPAN("\xe0\x80\x80")), 0);
    assert_int_equal(ob_utf8_bad(OB_SPAN("\xf4\x90\x80\x80")), 0);
    assert_int_equal(ob_utf8_bad(OB_SPAN("a\xe2\x82")), 1);
    for (uint32_t rune = 0; rune <= 0x10ffff; rune += 7) {
        if (rune >= 0xd800 && rune <= 0xdfff) {
            continue;
        }
        char bytes[4];
        size_t length = ob_utf8_put(rune, bytes);
        size_t at = 0;
        uint32_t back = 0;
        assert_true(ob_utf8_next((ob_span){bytes, length}, &at, &back));
        assert_int_equal(back, rune);
        assert_int_equal(at, length);
    }
}

static void names_are_suggested(void **state)
{
    (void)state;
    static const char *const names[] = {"address", "driver", "time_scale"};
    assert_string_equal(ob_text_nearest(OB_SPAN("adress"), names, 3), "address");
    assert_string_equal(ob_text_nearest(OB_SPAN("dirver"), names, 3), "driver");
    assert_null(ob_text_nearest(OB_SPAN("colour"), names, 3));
}

static void times_go_round(void **state)
{
    (void)state;
    ob_err err = {0};
    int64_t ms = 0;
    char text[32];
    assert_ok(ob_time_parse(OB_SPAN("2026-11-24T12:34:56Z"), &ms, &err));
    ob_time_format(ms, text);
    assert_string_equal(text, "2026-11-24T12:34:56.000Z");
    assert_ok(ob_time_parse(OB_SPAN("2024-02-29"), &ms, &err));
    ob_time_format(ms, text);
    assert_string_equal(text, "2024-02-29T00:00:00.000Z");
    ob_time_format(INT64_C(-62167219200000), text);
    assert_string_equal(text, "0000-01-01T00:00:00.000Z");
    assert_fails(ob_time_parse(OB_SPAN("2026-02-29"), &ms, &err), OB_ERR_INPUT, "not a date");
    assert_fails(ob_time_parse(OB_SPAN("24.11.2026"), &ms, &err), OB_ERR_INPUT, "not a date");
}

static void choices_repeat(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_rng a, b, c;
    assert_ok(ob_rng_init(&a, OB_SPAN("seed"), OB_SPAN("x"), &err));
    assert_ok(ob_rng_init(&b, OB_SPAN("seed"), OB_SPAN("x"), &err));
    assert_ok(ob_rng_init(&c, OB_SPAN("seed"), OB_SPAN("y"), &err));
    size_t same = 0;
    size_t counts[6] = {0};
    for (int i = 0; i < 6000; i++) {
        uint64_t value = ob_rng_u64(&a);
        assert_true(value == ob_rng_u64(&b));
        same += value == ob_rng_u64(&c);
        counts[ob_rng_below(&a, 6)]++;
        (void)ob_rng_below(&b, 6);
        (void)ob_rng_below(&c, 6);
    }
    assert_int_equal(same, 0);
    for (size_t i = 0; i < 6; i++) {
        assert_in_range(counts[i], 850, 1150);
    }
}

static void digest_is_sha256(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_digest digest;
    char hex[65];
    const ob_span parts[] = {OB_SPAN("a"), OB_SPAN("bc")};
    assert_ok(ob_sha256(parts, 2, &digest, &err));
    ob_digest_hex(&digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void files_are_whole_or_absent(void **state)
{
    (void)state;
    ob_err err = {0};
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    assert_int_equal(scratch_make(folder), 0);
    (void)snprintf(path, sizeof path, "%s/f", folder);
    assert_ok(ob_file_write(path, OB_SPAN("hello"), 0600, &err));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    OB_AUTO(ob_buf) buf = {.max = 5};
    assert_ok(ob_file_read(path, &buf, &err));
    assert_span(ob_buf_span(&buf), "hello");
    OB_AUTO(ob_buf) small = {.max = 4};
    assert_fails(ob_file_read(path, &small, &err), OB_ERR_LIMIT, "larger than 4");
    assert_fails(ob_file_read(folder, &small, &err), OB_ERR_IO, "not a regular file");
    assert_fails(ob_file_write("/nonexistent/x", OB_SPAN("a"), 0600, &err), OB_ERR_IO,
                 "No such file");
}

/* A report that goes to /dev/null must not leave a file there; a link still leads where it led. */
static void writing_keeps_pipes_and_links(void **state)
{
    (void)state;
    ob_err err = {0};
    char folder[SCRATCH_MAX];
    char path[SCRATCH_FILE_MAX];
    char link[SCRATCH_FILE_MAX];
    char got[8] = "";
    struct stat info;
    assert_int_equal(scratch_make(folder), 0);
    (void)snprintf(path, sizeof path, "%s/f", folder);
    (void)snprintf(link, sizeof link, "%s/l", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(fd >= 0);
    assert_ok(ob_file_write(path, OB_SPAN("hello"), 0600, &err));
    assert_int_equal(read(fd, got, sizeof got), 5);
    assert_string_equal(got, "hello");
    (void)close(fd);
    assert_int_equal(stat(path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    assert_int_equal(unlink(path), 0);
    assert_fails(ob_file_write("/dev/full", OB_SPAN("a"), 0600, &err), OB_ERR_IO, "No space left");
    assert_int_equal(symlink("f", link), 0);
    assert_ok(ob_file_write(path, OB_SPAN("old"), 0600, &err));
    assert_ok(ob_file_write(link, OB_SPAN("new"), 0600, &err));
    OB_AUTO(ob_buf) buf = {.max = 5};
    assert_ok(ob_file_read(path, &buf, &err));
    assert_span(ob_buf_span(&buf), "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
}

/* RFC 4648, 10, and both alphabets; what is no character of them ends it, as padding does. */
static void base64_is_read(void **state)
{
    (void)state;

    const struct {
        const char *text;
        ob_span bytes;
    } rows[] = {{"", {"", 0}},
                {"Zg==", OB_SPAN("f")},
                {"Zm8=", OB_SPAN("fo")},
                {"Zm8", OB_SPAN("fo")},
                {"Zm9vYmE", OB_SPAN("fooba")},
                {"Zm9vYmFy", OB_SPAN("foobar")},
                {"-_-_", OB_SPAN("\xfb\xff\xbf")},
                {"+/+/", OB_SPAN("\xfb\xff\xbf")},
                {"Zm9v YmFy", OB_SPAN("foo")}};

    char out[16];
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        size_t len = ob_base64_read(ob_span_str(rows[i].text), out);
        assert_true(ob_span_is(rows[i].bytes, (ob_span){out, len}));
    }
    assert_int_equal(ob_base64_value('='), -1);
    assert_int_equal(ob_base64_value('A'), 0);
    assert_int_equal(ob_base64_value('_'), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_read),
        cmocka_unit_test(errors_keep_kind_and_grow_context),
        cmocka_unit_test(spans_cut_and_find),
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(arena_holds_its_cap),
        cmocka_unit_test(arena_runs_defers),
        cmocka_unit_test(buffer_error_sticks),
        cmocka_unit_test(foreign_bytes_are_escaped),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(names_are_suggested),
        cmocka_unit_test(times_go_round),
        cmocka_unit_test(choices_repeat),
        cmocka_unit_test(digest_is_sha256),
        cmocka_unit_test(files_are_whole_or_absent),
        cmocka_unit_test(writing_keeps_pipes_and_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
