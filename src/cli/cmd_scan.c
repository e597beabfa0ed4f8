/* SPDX-License-Identifier: Apache-2.0 */
/* ombud scan: personal data, identifiers and secrets in texts. */
#include "cli/scan.h"

#include <unistd.h>

static bool scan_one(ob_scan_job *job, const char *name, ob_err *err)
{
    ob_scan_in in;
    if (!ob_scan_in_open(&in, name, err)) {
        return false;
    }
    if (isatty(in.fd) == 1) {
        ob_cli_say(job->args, "ombud: reading what you type; Ctrl-D ends it");
    }
    bool good = job->lines ? ob_scan_lines(job, &in, err) : ob_scan_text(job, &in, err);
    ob_scan_in_close(&in);
    return good;
}

static bool scan_all(ob_scan_job *job, ob_err *err)
{
    const ob_args *args = job->args;
    if (!ob_cli_signals(&job->stop_fd, err) ||
        !ob_scan_out_open(&job->out, ob_args_text(args, "out"), err) ||
        !ob_scanner_new(&job->scanner, job->detector, &job->options, err)) {
        return false;
    }
    ob_scanner_where(job->scanner, job->where);
    ob_scan_measure(job);
    for (size_t i = 0; i < args->words_count || i == 0; i++) {
        if (!scan_one(job, args->words_count == 0 ? "-" : args->words[i], err)) {
            /* What was found before stands on standard output already, so the rest of it goes. */
            ob_err ignored = {0};
            (void)(job->out.path == NULL && ob_scan_out_flush(&job->out, &ignored));
            return false;
        }
    }
    return ob_scan_out_finish(&job->out, err);
}

static int status_of(const ob_scan_job *job)
{
    if (job->failed) {
        return OB_EXIT_FOUND;
    }
    /* Whoever asks for a verdict gets none for lines that nobody could read. */
    return job->unread > 0 && ob_args_text(job->args, "fail-on") != NULL ? OB_EXIT_UNDECIDED
                                                                         : OB_EXIT_OK;
}

static int scan(ob_scan_job *job)
{
    ob_err err = {0};
    if (!ob_scan_setup(job, &err) || !ob_scan_key(job, &err)) {
        return err.kind == OB_ERR_USAGE && job->detector == NULL ? ob_cli_usage("scan", &err)
                                                                 : ob_cli_fail(&err, false);
    }
    if (ob_args_flag(job->args, "list-kinds")) {
        bool good = ob_scan_out_open(&job->out, ob_args_text(job->args, "out"), &err) &&
                    ob_scan_list_kinds(job, &err);
        return good ? OB_EXIT_OK : ob_cli_fail(&err, false);
    }
    bool good = scan_all(job, &err);
    ob_scan_erase(&job->progress);
    if (!good && job->out.gone) {
        /* Like any program in front of head: no more output is wanted, and no word about it. */
        return job->failed ? OB_EXIT_FOUND : OB_EXIT_UNDECIDED;
    }
    if (!good) {
        return ob_cli_fail(&err, false);
    }
    ob_scan_tell(job);
    return status_of(job);
}

static const char *const of_training[] = {
    "data", "cost", "seed", "list", "text-field", "label-field", "attack-label", "honest-label"};

static int run_command(const ob_args *args)
{
    if (args->words_count > 0 && strcmp(args->words[0], "compile") == 0) {
        return ob_scan_compile(args);
    }
    if (args->words_count > 0 && strcmp(args->words[0], "train") == 0) {
        return ob_scan_train(args);
    }
    if (args->words_count > 0 && strcmp(args->words[0], "evaluate") == 0) {
        return ob_scan_evaluate(args);
    }
    for (size_t i = 0; i < OB_COUNT(of_training); i++) {
        if (ob_args_count(args, of_training[i]) > 0) {
            ob_err err = {0};
            (void)ob_fail(&err, OB_ERR_USAGE, "--%s is for scan train and scan evaluate",
                          of_training[i]);
            return ob_cli_usage("scan", &err);
        }
    }
    ob_scan_job job = {.args = args};
    int status = scan(&job);
    ob_scan_job_fini(&job);
    return status;
}

static const ob_option options[] = {
    {"allow-host", OB_OPTION_TEXT, true, "LIST", NULL,
     "hosts that links may go to; any other is told [all]", NULL},
    {"attack-label", OB_OPTION_TEXT, false, "NAME", "attack",
     "train, evaluate: the label of attacks", NULL},
    {"canary", OB_OPTION_TEXT, true, "VALUE|@FILE", NULL,
     "planted values that may not come out, one a line of FILE", NULL},
    {"cost", OB_OPTION_REAL, false, "N", NULL, "train: cost of errors [cross-validation]", NULL},
    {"data", OB_OPTION_TEXT, true, "FILE", NULL, "train, evaluate: labelled texts, lines of JSON",
     NULL},
    {"explain", OB_OPTION_FLAG, false, NULL, NULL, "say why: check, terms of the score, encodings",
     NULL},
    {"fail-on", OB_OPTION_TEXT, false, "N|any", NULL,
     "status 1 for a finding of that score or more", NULL},
    {"honest-label", OB_OPTION_TEXT, false, "NAME", "honest",
     "train, evaluate: that of honest texts", NULL},
    {"json", OB_OPTION_FLAG, false, NULL, NULL, "findings as JSON, one line an input", NULL},
    {"jsonl", OB_OPTION_FLAG, false, NULL, NULL,
     "each line of the input is a text: {\"id\", \"text\"}", NULL},
    {"kinds", OB_OPTION_TEXT, true, "LIST", NULL, "kinds and classes, with commas between [all]",
     NULL},
    {"label-field", OB_OPTION_TEXT, false, "NAME", "label",
     "train, evaluate: the member with the label", NULL},
    {"list", OB_OPTION_FLAG, false, NULL, NULL, "evaluate: the score of each text", NULL},
    {"list-kinds", OB_OPTION_FLAG, false, NULL, NULL, "list the kinds, scan nothing", NULL},
    {"may-say", OB_OPTION_TEXT, true, "FILE", NULL, "what of --system-prompt may be said", NULL},
    {"min-score", OB_OPTION_REAL, false, "N", "0.5", "least score that is told, from 0 to 1", NULL},
    {"model", OB_OPTION_TEXT, false, "FILE", NULL, "a model that train made [the shipped one]",
     NULL},
    {"out", OB_OPTION_TEXT, false, "FILE", "-", "where to write (- is standard output)", NULL},
    {"pseudonyms", OB_OPTION_TEXT, false, "FILE", NULL,
     "names like [pan:k7q2xa] by the key in FILE", NULL},
    {"redact", OB_OPTION_FLAG, false, NULL, NULL, "write the text with masks like [pan]", NULL},
    {"rules", OB_OPTION_TEXT, true, "FILE", NULL,
     "rules that compile made; of compile: rules in YAML", NULL},
    {"seed", OB_OPTION_TEXT, false, "TEXT", "1", "train: what choices by chance come from", NULL},
    {"show-values", OB_OPTION_FLAG, false, NULL, NULL, "do not hide values in the table", NULL},
    {"stats", OB_OPTION_FLAG, false, NULL, NULL, "tell figures on standard error", NULL},
    {"system-prompt", OB_OPTION_TEXT, true, "FILE", NULL, "instructions that may not come out",
     NULL},
    {"text-field", OB_OPTION_TEXT, false, "NAME", "text",
     "train, evaluate: the member with the text", NULL},
    {"where", OB_OPTION_TEXT, false, "PLACE", NULL,
     "where the texts come from: user, ticket, article, device, tool [unknown]", NULL},
};

const ob_command ob_command_scan = {
    .name = "scan",
    .purpose = "find personal data, telecom identifiers and secrets in texts",
    .usage = "  ombud scan [FILE...] [options]   (no FILE, or -: standard input)\n"
             "  ombud scan compile [--rules FILE.yaml]... --out FILE\n"
             "  ombud scan train --data FILE.jsonl... --out MODEL [--seed TEXT]\n"
             "  ombud scan evaluate --data FILE.jsonl... [--model MODEL] [--json]\n",
    .examples = "  ombud scan chat.txt\n"
                "  ombud scan --jsonl --json messages.jsonl > findings.jsonl\n"
                "  ombud scan --redact --pseudonyms key <chat.txt >safe.txt\n",
    .options = options,
    .options_count = OB_COUNT(options),
    .notes = "A score is the probability that the value is what its kind says. A key for\n"
             "pseudonyms is a file of at least 16 bytes that only its owner may read.\n"
             "doc/scan.md explains the output, doc/kinds.md lists the kinds.\n"
             "\n"
             "Exit status: 0 done, 1 found what --fail-on names, 2 wrong usage or input, 3 not\n"
             "finished, or lines that could not be read with --fail-on, 4 our own fault.\n",
    .run = run_command,
};
