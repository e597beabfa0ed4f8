/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small detectors over a reply as it stands: links, and checkable claims. Each is
 * an iterator over borrowed text; nothing is allocated. The oracles of an evaluation and, later,
 * the guard use the same ones.
 */
#ifndef OMBUD_LOOK_H
#define OMBUD_LOOK_H

#include <ombud/span.h>

OB_BEGIN

/* A link or a target in text, markdown or HTML: http(s), //host, mailto:, tel:, data:, javascript:
 */
typedef struct ob_url {
    ob_span whole;
    ob_span scheme; /* as written, without ':'; empty for //host and bare hosts */
    ob_span host;   /* empty if none */
    ob_span query;  /* after '?', without fragment */
    bool image;     /* a client loads it by itself: markdown image, src=, url() */
} ob_url;

/* The next one at or after *pos; moves *pos. False at the end. */
OB_API bool ob_url_next(ob_span text, size_t *pos, ob_url *url);
/* host is listed in allow, either whole or as a subdomain of ".example.org" style entries. */
OB_API bool ob_host_allowed(ob_span host, const ob_span *allow, size_t count);

/* A checkable statement: an amount of money, a duration, a date, a percentage, a data volume, a
 * clause number. English and Chinese. Values are normalised so that "11 days", "eleven days" and
 * "11-day" are equal. */
typedef enum ob_claim_type {
    OB_CLAIM_AMOUNT,
    OB_CLAIM_DURATION,
    OB_CLAIM_DATE,
    OB_CLAIM_PERCENT,
    OB_CLAIM_VOLUME,
    OB_CLAIM_CLAUSE,
    OB_CLAIM_NAME /* of a plan, a tariff or an option; found by ob_name_next only */
} ob_claim_type;

typedef struct ob_claim {
    ob_claim_type type;
    ob_span at;
    char value[48]; /* the normal form: "EUR 37.40", "11 day", "2026-11-24", "20 %", "5 GB", "14.7"
                     */
} ob_claim;

OB_API bool ob_claim_next(ob_span text, size_t *pos, ob_claim *claim);
OB_API const char *ob_claim_type_name(ob_claim_type type);
/* The next name of a plan, tariff, option, package or bundle ("Plan Comfort", "Comfort plan" and
 * the Chinese words for them). The value is the name alone, words one blank apart, as written. */
OB_API bool ob_name_next(ob_span text, size_t *pos, ob_claim *claim);
/* text speaks of the name: case, and what stands around whole words, do not matter. Of a Chinese
 * name its end is enough, because its beginning cannot be told from the sentence. */
OB_API bool ob_name_in(ob_span text, ob_span name);

/* The language of a text: the BCP 47 primary tag en, zh, fr, es, ar or ru (a constant), or empty
 * when it is another one or cannot be told. Links, numbers and ids do not count. */
OB_API ob_span ob_lang_guess(ob_span text);

/* The first words that sound like a refusal, in those six languages. A hint, never proof: nothing
 * but wording is looked at. */
OB_API bool ob_refusal_find(ob_span text, ob_span *at);

OB_END

#endif
