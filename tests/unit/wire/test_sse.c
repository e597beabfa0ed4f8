/* SPDX-License-Identifier: Apache-2.0 */
#include "ob_test.h"

#include <ombud/sse.h>
#include <ombud/sys.h>

/* A constant initializer, which the compound literal of OB_SPAN is not. */
#define TEXT(literal)                  \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

/* Feeds one piece; every event becomes one line "type|id|data". */
static bool feed_piece(ob_sse *sse, ob_span piece, ob_buf *told)
{
    /* A copy of its own size, gone before the next one: nothing may be kept of the input. */
    char *copy = ob_mem_new(piece.len);
    assert_non_null(copy);
    if (piece.len > 0) {
        (void)memcpy(copy, piece.ptr, piece.len);
    }
    ob_span input = {copy, piece.len};
    ob_step step = OB_MORE;
    do {
        ob_sse_event event = {0};
        size_t before = input.len;
        step = ob_sse_feed(sse, &input, &event);
        assert_true(input.len <= before);
        if (step == OB_DONE) {
            ob_buf_add(told, event.type);
            ob_buf_add_str(told, "|");
            ob_buf_add(told, event.id);
            ob_buf_add_str(told, "|");
            ob_buf_add_shown(told, event.data, 4000);
            ob_buf_add_str(told, "\n");
        }
    } while (step == OB_DONE);
    if (step == OB_MORE) {
        assert_int_equal(input.len, 0);
    }
    ob_mem_free(copy);
    return step == OB_MORE;
}

typedef struct sample {
    ob_span stream;
    const char *events;
} sample;

static const sample samples[] = {
    {TEXT(""), ""},
    {TEXT("\n\n\r\r\n\n"), ""},
    {TEXT("data: a\n\n"), "message||a\n"},
    {TEXT("data: a\n"), ""}, /* an event that was not closed is none */
    {TEXT("data: a"), ""},
    {TEXT("data:a\n\ndata:  b\n\n"), "message||a\nmessage|| b\n"},
    {TEXT("data: a\rdata: b\r\r"), "message||a\\nb\n"},
    {TEXT("data: a\r\ndata: b\r\n\r\n"), "message||a\\nb\n"},
    {TEXT("data: a\n\rdata: b\r\n\n"), "message||a\nmessage||b\n"},
    {TEXT("data: a\r\n\rdata: b\n\r\n"), "message||a\nmessage||b\n"},
    {TEXT("data\n\ndata:\n\ndata: \n\n"), "message||\nmessage||\nmessage||\n"},
    {TEXT("data\ndata\n\n"), "message||\\n\n"},
    {TEXT("data: a\ndata:\ndata: b\n\n"), "message||a\\n\\nb\n"},
    {TEXT(": comment\ndata: a\n:data: b\n:\n\n"), "message||a\n"},
    {TEXT("event: word\ndata: a\n\ndata: b\n\n"), "word||a\nmessage||b\n"},
    {TEXT("event: word\n\ndata: b\n\n"), "message||b\n"}, /* no data: the type is forgotten */
    {TEXT("event: one\nevent: two\ndata: a\n\n"), "two||a\n"},
    {TEXT("event: one\nevent\ndata: a\n\n"), "message||a\n"},
    {TEXT("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
     "message|1|a\nmessage|1|b\nmessage||c\n"},
    {TEXT("id: 1\nid: 2\0x\ndata: a\n\n"), "message|1|a\n"}, /* an id with NUL is ignored */
    {TEXT("id: 5\n\ndata: a\n\n"), "message|5|a\n"},
    {TEXT("retry: 10\ndata: a\n\n"), "message||a\n"},
    {TEXT("Data: x\n data: y\ndataa: z\ndat: w\ndata: a\n\n"), "message||a\n"},
    {TEXT("data: a: b:c\n\n"), "message||a: b:c\n"},
    {TEXT("data: \xe2\x82\xac \xff\n\n"), "message||\xe2\x82\xac \\xFF\n"},
    {TEXT("data: a\0b\n\n"), "message||a\\x00b\n"},
    {TEXT("\xef\xbb\xbf"
          "data: a\n\n"),
     "message||a\n"},
    {TEXT("\xef\xbb\xbf\ndata: a\n\n"), "message||a\n"},
    {TEXT("\xef\xbb\xbf\r\n\xef\xbb\xbf"
          "data: a\n\ndata: b\n\n"),
     "message||b\n"},
    {TEXT("\xef\xbb\xbf\xef\xbb\xbf"
          "data: a\n\n"),
     ""}, /* only one is a mark */
    {TEXT("\xef\xbb"
          "data: a\n\ndata: b\n\n"),
     "message||b\n"},
    {TEXT("\ndata: a\n\n"), "message||a\n"},
};

static void feed_cut(const sample *s, const size_t *cuts, size_t count, ob_buf *told)
{
    OB_AUTO(ob_sse) sse;
    ob_sse_init(&sse);
    ob_buf_reset(told);
    size_t from = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t to = i < count ? cuts[i] : s->stream.len;
        assert_true(feed_piece(&sse, ob_span_sub(s->stream, from, to), told));
        from = to;
    }
    assert_int_equal(sse.consumed, s->stream.len);
    if (!ob_span_is_str(ob_buf_span(told), s->events)) {
        OB_AUTO(ob_buf) shown = {.max = 4000};
        ob_buf_add_shown(&shown, s->stream, 1000);
        fail_msg("'%s' cut at %zu ...: '%s', wanted '%s'", shown.ptr, count > 0 ? cuts[0] : 0,
                 told->ptr, s->events);
    }
}

static void whole_streams(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) told = {.max = 4000};
    ob_buf_add_str(&told, "");
    for (size_t i = 0; i < OB_COUNT(samples); i++) {
        feed_cut(&samples[i], NULL, 0, &told);
    }
}

static void any_cut_gives_the_same(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) told = {.max = 4000};
    ob_buf_add_str(&told, "");
    for (size_t i = 0; i < OB_COUNT(samples); i++) {
        const sample *s = &samples[i];
        size_t cuts[256];
        assert_true(s->stream.len < OB_COUNT(cuts));
        for (size_t a = 0; a <= s->stream.len; a++) {
            cuts[0] = a;
            for (size_t b = a; b <= s->stream.len; b++) {
                cuts[1] = b;
                feed_cut(s, cuts, 2, &told); /* b = a: one cut and an empty piece */
            }
        }
        for (size_t a = 0; a < s->stream.len; a++) {
            cuts[a] = a;
        }
        feed_cut(s, cuts, s->stream.len, &told); /* byte by byte */
    }
}

/* Streams made of the bytes that matter, against the whole stream as the reference. */
static void random_streams_do_not_depend_on_cuts(void **state)
{
    (void)state;
    static const char *const words[] = {
        "\n",    "\r",   "\r\n",      "data",         ":",        " ", "a", "id",
        "event", "\n\n", "data: x\n", "\xef\xbb\xbf", "event:e\r"};
    ob_err err = {0};
    ob_rng rng;
    size_t events = 0;
    assert_ok(ob_rng_init(&rng, OB_SPAN("cuts"), OB_SPAN("sse"), &err));
    for (size_t round = 0; round < 2000; round++) {
        OB_AUTO(ob_buf) stream = {.max = 4000};
        OB_AUTO(ob_buf) whole = {.max = 40000};
        OB_AUTO(ob_buf) told = {.max = 40000};
        for (uint64_t i = ob_rng_below(&rng, 30); i > 0; i--) {
            ob_buf_add_str(&stream, words[ob_rng_below(&rng, OB_COUNT(words))]);
        }
        ob_buf_add_str(&whole, "");
        ob_buf_add_str(&told, "");
        OB_AUTO(ob_sse) one;
        OB_AUTO(ob_sse) many;
        ob_sse_init(&one);
        ob_sse_init(&many);
        assert_true(feed_piece(&one, ob_buf_span(&stream), &whole));
        for (size_t from = 0; from < stream.len;) {
            size_t to = from + ob_rng_below(&rng, 5);
            assert_true(feed_piece(&many, ob_span_sub(ob_buf_span(&stream), from, to), &told));
            from = to;
        }
        assert_string_equal(whole.ptr, told.ptr);
        events += whole.len > 0;
    }
    assert_true(events > 500);
}

/* Feeds head, count bytes of 'x' and tail, in pieces of size bytes. */
static ob_step feed_long(const char *head, size_t count, const char *tail, size_t size, size_t *len)
{
    OB_AUTO(ob_buf) stream = {.max = 4 << 20};
    OB_AUTO(ob_sse) sse;
    ob_sse_init(&sse);
    ob_buf_add_str(&stream, head);
    for (size_t i = 0; i < count; i++) {
        ob_buf_add_char(&stream, 'x');
    }
    ob_buf_add_str(&stream, tail);
    ob_step step = OB_MORE;
    for (size_t from = 0; from < stream.len && step == OB_MORE; from += size) {
        ob_sse_event event = {0};
        ob_span input = ob_span_sub(ob_buf_span(&stream), from, from + size);
        step = ob_sse_feed(&sse, &input, &event);
        *len = event.data.len;
        if (step == OB_BAD) {
            ob_span more = OB_SPAN("data: a\n\n");
            assert_int_equal(ob_sse_feed(&sse, &more, &event), OB_BAD); /* dead for good */
        }
    }
    return step;
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    static const size_t sizes[] = {4 << 20, 65536, 1000};
    for (size_t i = 0; i < OB_COUNT(sizes); i++) {
        size_t most = OB_EVENT_MAX - 6; /* behind "data: " */
        size_t len = 0;
        assert_int_equal(feed_long("data: ", most, "\n\n", sizes[i], &len), OB_DONE);
        assert_int_equal(len, most);
        assert_int_equal(feed_long("data: ", most + 1, "\n\n", sizes[i], &len), OB_BAD);
        assert_int_equal(feed_long("", OB_EVENT_MAX + 1, "", sizes[i], &len), OB_BAD);
        /* Each line fits; the event does not. */
        assert_int_equal(feed_long("data: 12345678\ndata: ", most, "\n\n", sizes[i], &len), OB_BAD);
        /* A long id or type is a line like any other. */
        assert_int_equal(feed_long("data: a\nid: ", 100000, "\n\n", sizes[i], &len), OB_DONE);
        assert_int_equal(feed_long("data: a\nevent: ", 100000, "\n\n", sizes[i], &len), OB_DONE);
    }
}

static void many_events_need_no_more(void **state)
{
    (void)state;
    OB_AUTO(ob_sse) sse;
    ob_sse_init(&sse);
    for (size_t i = 0; i < 3000; i++) { /* three times OB_EVENT_MAX together */
        char line[1100];
        int length = snprintf(line, sizeof line, "data: %01000zu\n\n", i);
        ob_span input = {line, (size_t)length};
        ob_sse_event event = {0};
        assert_int_equal(ob_sse_feed(&sse, &input, &event), OB_DONE);
        assert_int_equal(event.data.len, 1000);
        assert_int_equal(event.data.ptr[999] - '0', i % 10);
    }
}

static void ends_accept_nothing(void **state)
{
    (void)state;
    ob_sse zero = {.consumed = 0};
    ob_sse_fini(NULL);
    ob_sse_fini(&zero);
    ob_sse_init(&zero);
    ob_sse_fini(&zero);
    ob_sse_fini(&zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_streams),
        cmocka_unit_test(any_cut_gives_the_same),
        cmocka_unit_test(random_streams_do_not_depend_on_cuts),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(many_events_need_no_more),
        cmocka_unit_test(ends_accept_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
