/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a model of labelled texts. train.c goes the steps, train_text.c makes sparse rows of texts
 * and their wraps, train_fit.c is the one file that knows liblinear.
 *
 * The same rows in the same order and the same seed give the same bytes: folds and wraps come from
 * the SHA-256 of seed and text, and the solver (L2R_LR, a trust region method) draws no random
 * numbers. liblinear's own cross-validation and its dual solvers call rand(); they are not used.
 */
#ifndef OB_CLI_TRAIN_H
#define OB_CLI_TRAIN_H

#include "detect/model_make.h"
#include "input/labelled.h"

#include <ombud/look.h>
#include <ombud/sys.h>

#define OB_TRAIN_FOLDS 3
#define OB_TRAIN_BITS  17
#define OB_TRAIN_GATE  15
/* Of each text: as it stands, in a wrap, and between two honest texts of its language. */
#define OB_TRAIN_FORMS 3
/* Of one text; more of them teach nothing new. */
#define OB_TRAIN_WINDOWS_MAX 200

/* Numbers by slot, slots rising. */
typedef struct ob_sparse {
    const uint32_t *slots;
    const float *values;
    size_t count;
} ob_sparse;

double ob_sparse_dot(const ob_sparse *row, const double *weights);

typedef struct ob_fit_row {
    const ob_sparse *x;
    bool attack;
} ob_fit_row;

/*
 * L2-regularised logistic regression; both classes weigh the same in all. weights gets slots
 * numbers, to within precision (a share of the first gradient); the constant term is not told,
 * because the calibration comes after it. OB_ERR_USAGE where ombud was built without liblinear.
 */
OB_MUST bool ob_fit(const ob_fit_row *rows, size_t count, size_t slots, double cost,
                    double precision, double *weights, ob_err *err);
bool ob_fit_can(void);
/* Says that it cannot; returns false. */
bool ob_fit_missing(ob_err *err);

/* A window of a text: its features for the model, and its words for the gate. */
typedef struct ob_train_window {
    ob_sparse x;
    ob_sparse words;
    unsigned lang; /* OBI_LANG_* */
} ob_train_window;

/* A text, as it stands or in a wrap. */
typedef struct ob_example {
    bool attack;
    unsigned fold;
    ob_sparse whole; /* of all windows together */
    ob_train_window *windows;
    size_t count;
} ob_example;

typedef struct ob_examples {
    ob_arena arena;
    ob_example *items;
    size_t count;
    size_t windows;
} ob_examples;

/* OB_TRAIN_FORMS examples a row; seed and text choose the wrap and the neighbours. */
OB_MUST bool ob_examples_make(ob_examples *examples, const ob_labelled_rows *rows, ob_span seed,
                              ob_err *err);
void ob_examples_fini(ob_examples *examples);

/* Reads texts as windows. look gets each of them, and what its words weigh in the lexicon. */
typedef struct ob_train_reader {
    const obi_lexicon *lexicon;
    bool (*look)(void *ctx, const obi_window *window, const obi_meaning *meaning, unsigned weight);
    void *ctx;
} ob_train_reader;

/* False when look gave false. */
OB_MUST bool ob_train_read(const ob_train_reader *reader, ob_span text);
/* Appends text in wrap number which (any number): a ticket, an article, a tool's result, a mail. */
void ob_train_wrap(ob_buf *out, ob_span text, ob_span lang, uint64_t which);

/* What training did, for people. */
typedef struct ob_train_report {
    size_t attacks; /* rows */
    size_t honest;
    double cost;
    double recall;    /* of the texts held out, at 1 % false alarms */
    double gate_lost; /* of those found, how many the gate lets pass by */
    double gate_open; /* honest windows that it looks at */
} ob_train_report;

/* cost 0: chosen by cross-validation. data says which texts they are, for the model's note. Appends
 * the file of the model. */
OB_MUST bool ob_train(const ob_labelled_rows *rows, ob_span data, ob_span seed, double cost,
                      ob_buf *file, ob_train_report *report, ob_err *err);

#endif
