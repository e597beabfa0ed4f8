/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events: what makes an event, and that the cutting of the bytes makes no difference.
 */
#include "../ob_test.h"

#include <ombud/sse.h>

/* Feeds pieces of the lengths given in turn (the last one again and again); each event becomes
 * "type|data|id;" in out, a dead stream "BAD". */
static void feed(ob_span stream, const size_t *pieces, size_t count, ob_buf *out)
{
    ob_sse sse;
    size_t at = 0;
    bool dead = false;
    ob_sse_init(&sse);
    for (size_t i = 0; at < stream.len && !dead; i++) {
        size_t length = pieces[i < count ? i : count - 1];
        OB_AUTO(ob_buf) copy = {.max = 4 * OB_EVENT_MAX}; /* so that a read behind it shows */
        ob_buf_add(&copy, ob_span_sub(stream, at, at + length));
        ob_span piece = ob_buf_span(&copy);
        at += piece.len;
        ob_sse_event event;
        ob_step step = OB_MORE;
        while ((step = ob_sse_feed(&sse, &piece, &event)) == OB_DONE) {
            ob_buf_add(out, event.type);
            ob_buf_add_char(out, '|');
            ob_buf_add(out, event.data);
            ob_buf_add_char(out, '|');
            ob_buf_add(out, event.id);
            ob_buf_add_char(out, ';');
        }
        dead = step == OB_BAD;
        if (dead) {
            ob_buf_add_str(out, "BAD");
            ob_span more = OB_SPAN("data: x\n\n");
            assert_int_equal(ob_sse_feed(&sse, &more, &event), OB_BAD);
        } else {
            assert_int_equal(piece.len, 0);
            assert_int_equal(sse.consumed, at);
        }
    }
    ob_sse_fini(&sse);
}

static void gives(ob_span stream, const char *events)
{
    OB_AUTO(ob_buf) out = {.max = 10000};
    feed(stream, &stream.len, 1, &out);
    assert_span(ob_buf_span(&out), events);
}

#define GIVES(literal, events) gives(OB_SPAN(literal), (events))

static void events(void **state)
{
    (void)state;
    GIVES("data: a\n\n", "message|a|;");
    GIVES("data:a\n\ndata:  b\n\n", "message|a|;message| b|;");
    GIVES("data: a\ndata: b\ndata\ndata:\n\n", "message|a\nb\n\n|;");
    GIVES("data\n\n", "message||;");
    GIVES("event: x\ndata: a\n\ndata: b\n\n", "x|a|;message|b|;");
    GIVES("event: x\nevent: y\ndata: a\n\n", "y|a|;");
    GIVES("data: a: b\n\n", "message|a: b|;");
    GIVES("retry: 5\nunknown: x\nData: no\n data: no\ndata: a\n\n", "message|a|;");
    GIVES("\n\n\ndata: a\n\n\n\n", "message|a|;");
    /* An event without data is none, and its type is forgotten. */
    GIVES("event: x\n\ndata: a\n\n", "message|a|;");
    /* What the end cuts off was never sent. */
    GIVES("data: a\n\ndata: b\n", "message|a|;");
    GIVES("data: a\n\ndata: b", "message|a|;");
    GIVES("", "");
}

static void line_ends(void **state)
{
    (void)state;
    GIVES("data: a\r\n\r\ndata: b\r\n\r\n", "message|a|;message|b|;");
    GIVES("data: a\r\rdata: b\r\r", "message|a|;message|b|;");
    GIVES("data: a\r\ndata: b\n\rdata: c\r\n\n", "message|a\nb|;message|c|;");
    GIVES("data: a\rdata: b\ndata: c\r\n\r", "message|a\nb\nc|;");
    /* CR LF is one line end, LF CR are two. */
    GIVES("event: x\r\ndata: a\r\n\r\n", "x|a|;");
    GIVES("event: x\n\rdata: a\n\n", "message|a|;");
}

static void byte_order_marks(void **state)
{
    (void)state;
    GIVES("\xef\xbb\xbf"
          "data: a\n\n",
          "message|a|;");
    GIVES("\xef\xbb\xbf\n"
          "data: a\n\n",
          "message|a|;");
    /* Only one, and only at the very start. */
    GIVES("\xef\xbb\xbf\xef\xbb\xbf"
          "data: a\ndata: b\n\n",
          "message|b|;");
    GIVES("data: a\n\xef\xbb\xbf"
          "data: b\n\n",
          "message|a|;");
    GIVES("\xef\xbb"
          "data: a\ndata: b\n\n",
          "message|b|;");
}

static void comments(void **state)
{
    (void)state;
    GIVES(": ping\n\n", "");
    GIVES(":\ndata: a\n: in between\ndata: b\n\n", "message|a\nb|;");
    GIVES(":data: a\n\n", "");
}

static void ids(void **state)
{
    (void)state;
    GIVES("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", "message|a|1;message|b|1;message|c|;");
    /* An id of an event without data stays for the next. */
    GIVES("id: 7\n\ndata: a\n\n", "message|a|7;");
    /* An id with a NUL is ignored; the NUL is no end of anything else. */
    GIVES("id: 1\nid: 2\0\ndata: a\n\n", "message|a|1;");
    OB_AUTO(ob_buf) out = {.max = 100};
    ob_span stream = OB_SPAN("data: a\0b\n\n");
    feed(stream, &stream.len, 1, &out);
    assert_true(ob_span_is(ob_buf_span(&out), OB_SPAN("message|a\0b|;")));
}

static void the_cutting_makes_no_difference(void **state)
{
    (void)state;
    const ob_span streams[] = {
        OB_SPAN("\xef\xbb\xbf: hi\r\nevent: x\r\ndata: one\r\ndata: two\r\nid: 5\r\n\r\n"
                "data: three\n\ndata\rdata: \xc3\xa9\r\r:\n\nid: 6\0\ndata: four\n\n\n"),
        OB_SPAN("data: a\r\n\r\ndata: b\r\n\r\ndata: [DONE]\r\n\r\n"),
        OB_SPAN("\r\n\r\n\r\rdata: a\r\r\n\ndata:b\r\n\n"),
        OB_SPAN("\xef\xbb\xbf\r\ndata: x\r\n\r\n"),
        OB_SPAN("\xef\xbb data: y\n\n"),
    };
    const size_t expected[] = {4, 3, 2, 1, 0};
    for (size_t i = 0; i < OB_COUNT(streams); i++) {
        OB_AUTO(ob_buf) straight = {.max = 10000};
        size_t events_count = 0;
        feed(streams[i], &streams[i].len, 1, &straight);
        for (size_t k = 0; k < straight.len; k++) {
            events_count += straight.ptr[k] == ';';
        }
        assert_int_equal(events_count, expected[i]);
        for (size_t a = 1; a < streams[i].len; a++) {
            for (size_t b = 1; a + b <= streams[i].len; b++) {
                OB_AUTO(ob_buf) cut = {.max = 10000};
                feed(streams[i], (const size_t[]){a, b, streams[i].len}, 3, &cut);
                assert_true(ob_span_is(ob_buf_span(&cut), ob_buf_span(&straight)));
            }
        }
        for (size_t each = 1; each <= 3; each++) {
            OB_AUTO(ob_buf) cut = {.max = 10000};
            feed(streams[i], &each, 1, &cut);
            assert_true(ob_span_is(ob_buf_span(&cut), ob_buf_span(&straight)));
        }
    }
}

/* A good event, then a line of length bytes and its end, an empty line, and one more event. */
static void long_line(size_t length, size_t pieces, bool good)
{
    OB_AUTO(ob_buf) stream = {.max = 4 * OB_EVENT_MAX};
    OB_AUTO(ob_buf) out = {.max = 4 * OB_EVENT_MAX};
    static char line[OB_EVENT_MAX + 2];
    (void)memset(line, 'x', sizeof line);
    (void)memcpy(line, "data:", 5);
    ob_buf_add_str(&stream, "data: a\n\n");
    ob_buf_add(&stream, (ob_span){line, length});
    ob_buf_add_str(&stream, "\n\ndata: b\n\n");
    feed(ob_buf_span(&stream), &pieces, 1, &out);
    assert_true(ob_span_has_prefix(ob_buf_span(&out), OB_SPAN("message|a|;")));
    if (good) {
        assert_int_equal(out.len, 2 * strlen("message|a|;") + length - 5 + strlen("message||;"));
        assert_true(ob_span_has_suffix(ob_buf_span(&out), OB_SPAN("message|b|;")));
    } else {
        assert_span(ob_buf_span(&out), "message|a|;BAD");
    }
}

static void long_lines_end_the_stream(void **state)
{
    (void)state;
    const size_t pieces[] = {4 * OB_EVENT_MAX, 65536, 4093};
    for (size_t i = 0; i < OB_COUNT(pieces); i++) {
        long_line(OB_EVENT_MAX - 1, pieces[i], true);
        long_line(OB_EVENT_MAX, pieces[i], true);
        long_line(OB_EVENT_MAX + 1, pieces[i], false);
    }
}

/* Many lines that fit make an event that does not. */
static void long_events_end_the_stream(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) stream = {.max = 4 * OB_EVENT_MAX};
    OB_AUTO(ob_buf) out = {.max = 1000};
    while (stream.len < 2 * OB_EVENT_MAX) {
        ob_buf_add_str(&stream, "data: a line of some length, to be told again and again\n");
    }
    ob_buf_add_str(&stream, "\n");
    feed(ob_buf_span(&stream), (const size_t[]){60000}, 1, &out);
    assert_span(ob_buf_span(&out), "BAD");
}

static void fini_takes_nothing(void **state)
{
    (void)state;
    ob_sse zero = {0};
    ob_sse_fini(&zero);
    ob_sse_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events),
        cmocka_unit_test(line_ends),
        cmocka_unit_test(byte_order_marks),
        cmocka_unit_test(comments),
        cmocka_unit_test(ids),
        cmocka_unit_test(the_cutting_makes_no_difference),
        cmocka_unit_test(long_lines_end_the_stream),
        cmocka_unit_test(long_events_end_the_stream),
        cmocka_unit_test(fini_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
