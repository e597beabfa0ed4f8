/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The detectors: personal data, telecom identifiers and secrets in text, whole or in pieces, also
 * where an encoding hides them.
 *
 * An ob_detector holds the rules; threads may share it. What injections need is made when the first
 * scanner asks for their kinds. An ob_scanner holds the state of one text; one thread uses it at a
 * time. What is found depends on the text alone,
 * never on how it was cut into pieces or on time. Offsets count the bytes of the text as it was
 * fed.
 *
 *     ob_detector *detector = NULL;
 *     ob_scanner *scanner = NULL;
 *     if (ob_detector_new(&detector, (ob_span){0}, NULL, &err) &&
 *         ob_scanner_new(&scanner, detector, NULL, &err) &&
 *         ob_scanner_text(scanner, text, &hits, &count, &err)) { ... }
 */
#ifndef OMBUD_DETECT_H
#define OMBUD_DETECT_H

#include <ombud/buf.h>

OB_BEGIN

typedef struct ob_detector ob_detector;
typedef struct ob_scanner ob_scanner;

typedef enum ob_hit_class {
    OB_HIT_PII,       /* tells who somebody is, or about somebody */
    OB_HIT_SECRET,    /* gives access to whoever has it */
    OB_HIT_INJECTION, /* tries to steer the service */
    OB_HIT_LEAK,      /* instructions or planted values of the service itself */
    OB_HIT_MARKUP,    /* loads, links or runs something at the reader */
    OB_HIT_EVASION    /* hides text from a reader or a filter */
} ob_hit_class;

/* The id of a class: "pii", "secret", ... */
OB_API const char *ob_hit_class_name(ob_hit_class class_);

/* What a finding is a finding of. The strings live as long as the detector. */
typedef struct ob_hit_kind {
    const char *id;     /* "pan", "msisdn-cn"; of an operator's rule what it says */
    const char *title;  /* for people */
    const char *region; /* ISO 3166 code of the issuing country; "" for the world */
    ob_hit_class class_;
    bool passage; /* found in many words: it may overlap others, and its text is not masked */
} ob_hit_kind;

/* What a check of the value's form says. */
typedef enum ob_hit_check {
    OB_HIT_CHECK_FAILED, /* a check digit, a date or a range is wrong */
    OB_HIT_CHECK_NONE,   /* the form fits and nothing proves it */
    OB_HIT_CHECK_PASSED  /* a check digit holds, or the form is its own proof */
} ob_hit_check;

/*
 * A finding. score is the probability in percent that the logistic function gives for the sum of
 * the terms, which are hundredths of log-odds: prior (of the rule and its check), cue (words within
 * 24 characters before it that name the kind), near (neighbours that speak for or against). Of a
 * passage, cue is what its rules are worth together, and near what speaks against (talk about
 * attacks, quotes) and what remains of weak signals before it.
 */
typedef struct ob_hit {
    uint64_t start; /* bytes of the original text, end exclusive */
    uint64_t end;
    uint64_t steps; /* encodings that were undone to see it; ob_steps_show of decode.h */
    const char *rule;
    uint16_t kind; /* for ob_detector_kind */
    uint8_t score;
    uint8_t check; /* ob_hit_check */
    int16_t prior;
    int16_t cue;
    int16_t near_;
    uint32_t techniques; /* of a passage: bit i is ob_hit_technique_name(i); else 0 */
} ob_hit;

/* What an injection tries ("override", "prompt-extract", ...); NULL from some index on. */
OB_API const char *ob_hit_technique_name(unsigned index);

/* Appends why a finding is one, as a line for people without a line feed: kind, rule, place, what
 * was undone to see it, check, terms and score. The value itself is not in it. */
OB_API void ob_hit_explain(const ob_detector *detector, const ob_hit *hit, ob_buf *out);

/* The score from which the shipped policy acts on a finding. */
#define OB_SCORE_DEFAULT 50

/*
 * Makes a detector. compiled: the bytes of a file of "ombud scan compile", borrowed for the call;
 * empty: the shipped rules, compiled now. *stale (may be NULL) is set when the file was made for
 * another version or machine, so that its rules were compiled anew. OB_ERR_INPUT for a damaged
 * file; OB_ERR_USAGE with one clear sentence where the processor lacks SSE4.2, which Vectorscan
 * needs on x86-64. Free it with ob_detector_free.
 */
OB_MUST OB_API bool ob_detector_new(ob_detector **detector, ob_span compiled, bool *stale,
                                    ob_err *err);
/* Another model of injections than the shipped one: the bytes of a file of "ombud scan train",
 * which are copied. Before the first scanner is made. OB_ERR_INPUT for what is no model, is
 * damaged, or was made for another version. */
OB_MUST OB_API bool ob_detector_model(ob_detector *detector, ob_span bytes, ob_err *err);
OB_API void ob_detector_free(ob_detector *detector);
OB_API size_t ob_detector_kinds(const ob_detector *detector);
/* index: 0 to ob_detector_kinds - 1. */
OB_API const ob_hit_kind *ob_detector_kind(const ob_detector *detector, size_t index);
/* The index of the kind with that id, or SIZE_MAX. */
OB_API size_t ob_detector_kind_find(const ob_detector *detector, ob_span id);

typedef struct ob_scan_options {
    unsigned min_score; /* in percent; findings below are not reported. 0 reports all candidates */
    /* Of each kind by index: false: not looked for. NULL: all. Borrowed. */
    const bool *kinds;
    /* Values that may stand in the text: a finding inside one of them, or equal to one in its
     * letters and digits, is not reported. Of each the first 1024 letters and digits count.
     * Borrowed. */
    const ob_span *exempt;
    size_t exempt_count;
    /* Hosts that links may go to: "help.example.net" itself, ".example.net" with all below it. With
     * a list, a link to another host is a finding; without one, only what speaks against the link
     * itself is. Borrowed. */
    const ob_span *hosts;
    size_t host_count;
    /* Planted values that nobody may see (kind canary), of the form that ob_canary_find takes. They
     * are found plain, in any case, set apart, turned round, moved by thirteen letters, in leet,
     * and in what an encoding hides. Read when the scanner is made. */
    const ob_span *canaries;
    size_t canary_count;
    /* Instructions of the service (kind prompt-leak), and what of them it may say: a passage that
     * stands in an exempt text, too, counts for nothing. Read when the scanner is made. */
    const ob_span *prompts;
    size_t prompt_count;
    const ob_span *prompt_exempt;
    size_t prompt_exempt_count;
} ob_scan_options;

/* options: NULL for all kinds from OB_SCORE_DEFAULT on. The detector must outlive the scanner. */
OB_MUST OB_API bool ob_scanner_new(ob_scanner **scanner, const ob_detector *detector,
                                   const ob_scan_options *options, ob_err *err);
OB_API void ob_scanner_free(ob_scanner *scanner);
/* Other values than the options said may stand in the texts from now on. Borrowed. */
OB_API void ob_scanner_exempt(ob_scanner *scanner, const ob_span *values, size_t count);

/* Scans a whole text. The findings are in the order of their starts and belong to the scanner until
 * it is used again. Those of kinds that are no passages do not overlap one another. Bytes that are
 * not UTF-8 are no error: nothing is found across them. */
OB_MUST OB_API bool ob_scanner_text(ob_scanner *scanner, ob_span text, const ob_hit **hits,
                                    size_t *count, ob_err *err);

/* Where a stream goes. A function that fails ends the stream with its error. */
typedef struct ob_scan_sink {
    void *ctx;
    /* The next text that may leave; no part of a finding is in it, but for passages. NULL: not
     * wanted. */
    bool (*text)(void *ctx, ob_span released, ob_err *err);
    /* The next finding, when all text before it has left and its end is known; a passage when the
     * sentence behind it was read, so that its text may have left. NULL: not wanted. */
    bool (*hit)(void *ctx, const ob_hit *hit, ob_err *err);
    /* Writes to out what leaves in place of a finding. value: its bytes, of a long one the first
     * OB_HOLD_MAX; digest: the SHA-256 of all of them. NULL: the kind's id in square brackets. */
    bool (*mask)(void *ctx, const ob_hit *hit, ob_span value, const uint8_t digest[32], ob_buf *out,
                 ob_err *err);
} ob_scan_sink;

/* Most bytes of a text that a stream holds back while it waits for what they will be. A few more
 * may stand behind them, by which it tells whether the next word belongs to them; behind an
 * operator's literal that is no word of letters, as many as that has. */
#define OB_HOLD_MAX 256

/* Begins a stream; what an earlier one still held is forgotten. sink is copied. */
OB_API void ob_scanner_start(ob_scanner *scanner, const ob_scan_sink *sink);
/* The next piece; it may end anywhere, within a character, too. Fails with the sink's error or
 * OB_ERR_NOMEM; the stream has ended then, and further pieces are OB_ERR_USAGE. */
OB_MUST OB_API bool ob_scanner_feed(ob_scanner *scanner, ob_span piece, ob_err *err);
/* The text ends here: everything that was held is decided and leaves. */
OB_MUST OB_API bool ob_scanner_end(ob_scanner *scanner, ob_err *err);

/*
 * Where a text comes from. The same words are a fair request in a customer's turn ("please answer
 * in French") and an injection in an article, which has nobody to ask. Orders to change what the
 * assistant writes weigh most in what a service only reads (article, device, tool), less in a
 * ticket or mail, and nothing in a user's turn. Where it is not known they weigh as in a ticket,
 * and as in an article from the place on where the text looks like a document: by a title, a list,
 * or its length.
 */
typedef enum ob_where {
    OB_WHERE_UNKNOWN,
    OB_WHERE_USER,    /* what a person says to the service */
    OB_WHERE_TICKET,  /* what a person wrote, and others noted: tickets, mails */
    OB_WHERE_ARTICLE, /* of the knowledge base, a web page, a file */
    OB_WHERE_DEVICE,  /* the name of a device, what it tells of itself */
    OB_WHERE_TOOL     /* the result of a tool */
} ob_where;

/* "user", "ticket", "article", "device", "tool"; of OB_WHERE_UNKNOWN "unknown"; NULL from some
 * index on. */
OB_API const char *ob_where_name(unsigned index);
/* The place of that name; false: none has it. */
OB_API bool ob_where_find(ob_span name, ob_where *where);
/* The texts from now on come from there. It counts from the beginning of the next text on. */
OB_API void ob_scanner_where(ob_scanner *scanner, ob_where where);

/* Bytes of a talk that a session keeps. */
#define OB_SESSION_BYTES 512

/*
 * The texts of a session, as a user's turns. The next text is read as if what was said last stood
 * before it (24 words at most), so an order that is spread over turns is found in the turn that
 * completes it; such a finding begins at byte 0. Signals that are too weak for a finding add up
 * over the words of a text; of what is left of them at its end, the next text begins with three
 * quarters. It never depends on time. It is plain data without a pointer, 528 bytes: copy it, store
 * it, begin with {0}. said is what the user wrote, so it deserves the care that the texts do.
 */
typedef struct ob_scan_session {
    int32_t level; /* hundredths of log-odds */
    uint32_t texts;
    uint32_t said_len; /* at most OB_SESSION_BYTES; what is more is taken for 0 */
    uint32_t reserved; /* 0 */
    char said[OB_SESSION_BYTES];
} ob_scan_session;

/* The texts from now on belong to that session, which the caller keeps as long as the scanner uses
 * it, and may store: it changes when a text ends. NULL: each text stands alone again. */
OB_API void ob_scanner_session(ob_scanner *scanner, ob_scan_session *session);
/* Bytes held back now. */
OB_API size_t ob_scanner_held(const ob_scanner *scanner);

OB_END

#endif
