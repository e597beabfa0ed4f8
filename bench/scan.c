/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast the detectors are, on one core: the whole pipeline, beside memcpy and beside a bare
 * Vectorscan scan for the same literals; each message by itself; streams by the size of their
 * pieces; loading of compiled rules. Prints "NAME VALUE" lines for scripts/bench.
 *
 *   scan RULES|- TEXTS.jsonl
 *
 * Without a file of rules they are compiled. A line of TEXTS is {"text"}.
 */
#include <ombud/detect.h>
#include <ombud/json.h>
#include <ombud/sys.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if __has_include(<hs/hs.h>) && __has_include("detect/secrets.def")
#    define HAVE_LITERALS 1
#    include <hs/hs.h>
#endif

#define ROUNDS       5
#define MESSAGES_MAX 100000
#define SHORT_BYTES  2048 /* messages up to here count for p50 and p99 */
#define LOADS        20

typedef struct texts {
    ob_span *items;
    size_t count;
    size_t bytes;
    size_t longest;
} texts;

static void stop(const ob_err *err)
{
    (void)fprintf(stderr, "scan: %s\n", err->text);
    exit(1);
}

/* Seconds of this thread's own work: what others do on the machine does not count. */
static double worked(void)
{
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void add(texts *t, ob_span text)
{
    if (t->count < MESSAGES_MAX) {
        t->items[t->count++] = text;
        t->bytes += text.len;
        t->longest = text.len > t->longest ? text.len : t->longest;
    }
}

static void read_texts(texts *t, ob_arena *arena, const char *path)
{
    static ob_buf all = {.max = (size_t)1 << 28};
    ob_err err = {0};
    ob_span line;
    if (!ob_file_read(path, &all, &err)) {
        stop(&err);
    }
    for (ob_span rest = ob_buf_span(&all); ob_span_cut_line(&rest, &line);) {
        ob_json_doc doc;
        if (!ob_json_parse(&doc, arena, line, &err)) {
            stop(&err);
        }
        add(t, ob_json_text(doc.root, "text"));
    }
}

static double mb_per_s(const texts *t, double seconds)
{
    return (double)t->bytes / 1e6 / seconds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Throughput and times by message, each of its best round. name: what is put before the figures. */
static void measure_pipeline(const texts *t, ob_scanner *scanner, const char *name)
{
    ob_err err = {0};
    double *times = calloc(t->count, sizeof *times);
    double best = 1e9;
    double p50 = 1e9;
    double p99 = 1e9;
    size_t hits = 0;
    for (int round = 0; times != NULL && round <= ROUNDS; round++) {
        size_t found = 0;
        size_t shorts = 0;
        double start = worked();
        for (size_t i = 0; i < t->count; i++) {
            const ob_hit *list = NULL;
            size_t count = 0;
            uint64_t from = ob_clock_ns();
            if (!ob_scanner_text(scanner, t->items[i], &list, &count, &err)) {
                stop(&err);
            }
            times[shorts] = (double)(ob_clock_ns() - from) / 1e3;
            shorts += t->items[i].len <= SHORT_BYTES;
            found += count;
        }
        double took = worked() - start;
        if (round > 0 && found != hits) {
            (void)fprintf(stderr, "scan: %zu findings, then %zu\n", hits, found);
            exit(1);
        }
        hits = found;
        if (round == 0 || shorts == 0) {
            continue; /* it warms up */
        }
        qsort(times, shorts, sizeof *times, compare);
        best = took < best ? took : best;
        p50 = times[shorts / 2] < p50 ? times[shorts / 2] : p50;
        p99 = times[shorts * 99 / 100] < p99 ? times[shorts * 99 / 100] : p99;
    }
    free(times);
    (void)printf("%sfindings %zu\n%spipeline %.3f\n%sp50 %.3f\n%sp99 %.3f\n", name, hits, name,
                 mb_per_s(t, best), name, p50, name, p99);
}

/* The same without what needs many words: rules and model of injections. */
static void measure_values(const texts *t, const ob_detector *detector)
{
    ob_err err = {0};
    ob_scanner *scanner = NULL;
    size_t count = ob_detector_kinds(detector);
    bool *kinds = calloc(count, sizeof *kinds);
    for (size_t i = 0; kinds != NULL && i < count; i++) {
        kinds[i] = !ob_detector_kind(detector, i)->passage;
    }
    ob_scan_options options = {.min_score = OB_SCORE_DEFAULT, .kinds = kinds};
    if (kinds == NULL || !ob_scanner_new(&scanner, detector, &options, &err)) {
        stop(&err);
    }
    measure_pipeline(t, scanner, "values-");
    ob_scanner_free(scanner);
    free(kinds);
}

static void measure_memcpy(const texts *t)
{
    char *to = malloc(t->longest + 1);
    double best = 1e9;
    for (int round = 0; to != NULL && round < ROUNDS; round++) {
        double start = worked();
        for (int again = 0; again < 20; again++) {
            for (size_t i = 0; i < t->count; i++) {
                (void)memcpy(to, t->items[i].ptr, t->items[i].len);
                __asm__ volatile("" : : "r"(to) : "memory"); /* it is not left out */
            }
        }
        double took = (worked() - start) / 20;
        best = took < best ? took : best;
    }
    free(to);
    (void)printf("memcpy %.3f\n", mb_per_s(t, best));
}

#ifdef HAVE_LITERALS
static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *ctx)
{
    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    ++*(size_t *)ctx;
    return 0;
}

static void measure_literals(const texts *t)
{
#    define OB_SECRET(constant, kind, head, ...) head,
    static const char *const heads[] = {
#    include "detect/secrets.def"
    };
#    undef OB_SECRET
    size_t lengths[OB_COUNT(heads)];
    unsigned flags[OB_COUNT(heads)];
    unsigned ids[OB_COUNT(heads)];
    hs_database_t *db = NULL;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *wrong = NULL;
    size_t matches = 0;
    double best = 1e9;
    for (unsigned i = 0; i < OB_COUNT(heads); i++) {
        lengths[i] = strlen(heads[i]);
        flags[i] = 0;
        ids[i] = i;
    }
    if (hs_compile_lit_multi(heads, flags, ids, lengths, OB_COUNT(heads), HS_MODE_BLOCK, NULL, &db,
                             &wrong) != HS_SUCCESS ||
        hs_alloc_scratch(db, &scratch) != HS_SUCCESS) {
        return;
    }
    for (int round = 0; round < ROUNDS; round++) {
        double start = worked();
        for (size_t i = 0; i < t->count; i++) {
            (void)hs_scan(db, t->items[i].ptr, (unsigned)t->items[i].len, 0, scratch, on_match,
                          &matches);
        }
        double took = worked() - start;
        best = took < best ? took : best;
    }
    (void)printf("literals %.3f\n", mb_per_s(t, best));
    (void)hs_free_scratch(scratch);
    (void)hs_free_database(db);
}
#endif

static bool drop(void *ctx, ob_span released, ob_err *err)
{
    (void)err;
    *(size_t *)ctx += released.len;
    return true;
}

static void measure_streams(const texts *t, ob_scanner *scanner)
{
    static const size_t sizes[] = {4, 16, 64, 256, 0};
    ob_err err = {0};
    for (size_t s = 0; s < OB_COUNT(sizes); s++) {
        double best = 1e9;
        size_t released = 0;
        ob_scan_sink sink = {.ctx = &released, .text = drop};
        for (int round = 0; round < ROUNDS; round++) {
            double start = worked();
            for (size_t i = 0; i < t->count; i++) {
                ob_span text = t->items[i];
                size_t size = sizes[s] == 0 ? text.len : sizes[s];
                ob_scanner_start(scanner, &sink);
                for (size_t at = 0; at < text.len; at += size) {
                    if (!ob_scanner_feed(scanner, ob_span_sub(text, at, at + size), &err)) {
                        stop(&err);
                    }
                }
                if (!ob_scanner_end(scanner, &err)) {
                    stop(&err);
                }
            }
            double took = worked() - start;
            best = took < best ? took : best;
        }
        if (sizes[s] == 0) {
            (void)printf("stream-whole %.3f\n", mb_per_s(t, best));
        } else {
            (void)printf("stream-%zu %.3f\n", sizes[s], mb_per_s(t, best));
        }
    }
}

/* Makes the detector, some times over, and tells the milliseconds of the best time. */
static ob_detector *load(const char *path)
{
    ob_err err = {0};
    ob_buf rules = {.max = (size_t)1 << 28};
    ob_detector *detector = NULL;
    double best = 1e9;
    int loads = path == NULL ? 1 : LOADS;
    if (path != NULL && !ob_file_read(path, &rules, &err)) {
        stop(&err);
    }
    for (int i = 0; i < loads; i++) {
        bool stale = false;
        double start = worked();
        ob_detector_free(detector);
        if (!ob_detector_new(&detector, ob_buf_span(&rules), &stale, &err)) {
            stop(&err);
        }
        double took = worked() - start;
        best = took < best ? took : best;
        if (stale) {
            (void)fputs("scan: the rules are of another version\n", stderr);
            exit(1);
        }
    }
    (void)printf("%s %.3f\n", path == NULL ? "compile" : "load", best * 1e3);
    ob_buf_fini(&rules);
    return detector;
}

int main(int argc, char **argv)
{
    static ob_span items[MESSAGES_MAX];
    ob_err err = {0};
    ob_arena arena = {.cap = (size_t)1 << 30};
    ob_scanner *scanner = NULL;
    texts t = {.items = items};
    cpu_set_t one;
    if (argc != 3) {
        (void)fputs("usage: scan RULES|- TEXTS.jsonl\n", stderr);
        return 2;
    }
    CPU_ZERO(&one);
    CPU_SET((unsigned)sched_getcpu(), &one);
    (void)sched_setaffinity(0, sizeof one, &one);
    read_texts(&t, &arena, argv[2]);
    ob_detector *detector = load(strcmp(argv[1], "-") == 0 ? NULL : argv[1]);
    if (!ob_scanner_new(&scanner, detector, NULL, &err)) {
        stop(&err);
    }
    (void)printf("messages %zu\nbytes %zu\n", t.count, t.bytes);
    measure_values(&t, detector);
    measure_pipeline(&t, scanner, "");
    measure_memcpy(&t);
#ifdef HAVE_LITERALS
    measure_literals(&t);
#endif
    measure_streams(&t, scanner);
    ob_scanner_free(scanner);
    ob_detector_free(detector);
    ob_arena_fini(&arena);
    return 0;
}
