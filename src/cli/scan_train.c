/* SPDX-License-Identifier: Apache-2.0 */
/* ombud scan train: a model of labelled texts. */
#include "cli/scan.h"
#include "cli/train.h"

static void tell(void *ctx, const char *text)
{
    (void)ctx;
    (void)fprintf(stderr, "ombud: %s\n", text);
}

static int usage(ob_err *err, const char *text)
{
    (void)ob_fail(err, OB_ERR_USAGE, "%s", text);
    return ob_cli_usage("scan", err);
}

bool ob_scan_labelled(const ob_args *args, ob_arena *arena, ob_labelled_rows *rows, ob_err *err)
{
    ob_problems problems = {.tell = tell};
    ob_labelled_names names = ob_labelled_names_default;

    const struct {
        const char *option;
        const char **name;
    } own[] = {{"text-field", &names.text},
               {"label-field", &names.label},
               {"attack-label", &names.attack},
               {"honest-label", &names.honest}};

    for (size_t i = 0; i < OB_COUNT(own); i++) {
        const char *given = ob_args_text(args, own[i].option);
        *own[i].name = given != NULL ? given : *own[i].name;
    }
    for (size_t i = 0; i < ob_args_count(args, "data"); i++) {
        if (!ob_labelled_load(rows, arena, ob_args_nth(args, "data", i), &names, &problems, err)) {
            return false;
        }
    }
    if (problems.count > 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       problems.count == 1 ? "1 line is no labelled text"
                                           : "%zu lines are no labelled texts",
                       problems.count);
    }
    size_t attacks = 0;
    for (size_t i = 0; i < rows->count; i++) {
        attacks += rows->items[i].attack;
    }
    return (attacks > 0 && attacks < rows->count) ||
           ob_fail(err, OB_ERR_INPUT, "%zu attacks and %zu honest texts: both are needed", attacks,
                   rows->count - attacks);
}

const char *ob_scan_misplaced(const ob_args *args, const char *const *own, size_t count)
{
    for (size_t i = 0; i < args->given_count; i++) {
        size_t option = args->given[i].option;
        if (option >= args->options_count) {
            continue;
        }
        const char *name = args->options[option].name;
        bool known = false;
        for (size_t k = 0; k < count; k++) {
            known = known || strcmp(name, own[k]) == 0;
        }
        if (!known) {
            return name;
        }
    }
    return NULL;
}

/* The SHA-256 of the files of --data, one behind the other, in hexadecimal. */
static bool digest_of(const ob_args *args, char hex[65], ob_err *err)
{
    OB_AUTO(ob_buf) all = {.max = OB_LABELLED_FILE_MAX};
    ob_digest digest;
    for (size_t i = 0; i < ob_args_count(args, "data"); i++) {
        if (!ob_file_read(ob_args_nth(args, "data", i), &all, err)) {
            return false;
        }
    }
    ob_span bytes = ob_buf_span(&all);
    if (!ob_sha256(&bytes, 1, &digest, err)) {
        return false;
    }
    ob_digest_hex(&digest, hex);
    return true;
}

static bool make(const ob_args *args, double cost, ob_buf *file, ob_train_report *report,
                 ob_err *err)
{
    char data[65];
    OB_AUTO(ob_arena) arena = {.cap = (size_t)4 << 30};
    OB_AUTO(ob_labelled_rows) rows = {0};
    return ob_scan_labelled(args, &arena, &rows, err) && digest_of(args, data, err) &&
           ob_train(&rows, ob_span_str(data), ob_span_str(ob_args_text(args, "seed")), cost, file,
                    report, err);
}

int ob_scan_train(const ob_args *args)
{
    static const char *const own[] = {"data",       "out",         "seed",         "cost",
                                      "text-field", "label-field", "attack-label", "honest-label"};
    ob_err err = {0};
    OB_AUTO(ob_buf) file = {.max = OBI_MODEL_FILE_MAX};
    ob_train_report report = {0};
    double cost = 0;
    const char *out = ob_args_count(args, "out") == 0 ? NULL : ob_args_text(args, "out");
    const char *other = ob_scan_misplaced(args, own, OB_COUNT(own));
    uint64_t began = ob_clock_ns();
    if (other != NULL) {
        (void)ob_fail(&err, OB_ERR_USAGE, "--%s is not for scan train", other);
        return ob_cli_usage("scan", &err);
    }
    if (args->words_count > 1 || ob_args_count(args, "data") == 0) {
        return usage(&err, "scan train takes its texts with --data FILE.jsonl");
    }
    if (out == NULL) {
        return usage(&err, "scan train needs --out FILE");
    }
    if (!ob_fit_can()) {
        (void)ob_fit_missing(&err);
        return ob_cli_fail(&err, false);
    }
    if (!ob_args_real(args, "cost", 1e-6, 1e6, &cost, &err)) {
        return ob_cli_usage("scan", &err);
    }
    if (!make(args, cost, &file, &report, &err) || !ob_cli_write(out, ob_buf_span(&file), &err)) {
        return ob_cli_fail(&err, false);
    }
    ob_cli_say(args,
               "%s: %zu attacks and %zu honest texts, cost %g, in %llu s\n"
               "held out: %.1f %% of attacks at 1 %% false alarms; the gate looks at %.1f %% of "
               "honest windows and loses %.2f %%",
               out, report.attacks, report.honest, report.cost,
               (unsigned long long)((ob_clock_ns() - began) / 1000000000), report.recall * 100,
               report.gate_open * 100, report.gate_lost * 100);
    return OB_EXIT_OK;
}
