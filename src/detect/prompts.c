/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of words (shingles) of instructions, and where a text has them again. */
#include "detect/prompts.h"

#include "detect/scan.h"

/* A leak is told when so many words in a row do not go on with it, or when it has so many rows. */
#define QUIET_WORDS 12
#define ROWS_MAX    64
/* From so many rows on nobody has said it by accident. */
#define ROWS_SURE 6
/* Hundredths of log-odds: of a leak with the fewest rows, and of a sure one. */
#define WORTH_FEW  200
#define WORTH_SURE 450

#define PROMPT_MAX ((size_t)1 << 20) /* bytes of all of them */

/* The newest words by how far they lie back; 0 is the last. */
static const obi_token *back(const obi_prompts *p, size_t far)
{
    return &p->last[(p->words - 1 - far) % OBI_SHINGLE_HAN];
}

/* The row of the last words that ends here. 0: too few words, or not of this kind: most of a row of
 * characters are Han, and a row of words is no part of one. */
static uint64_t row_hash(const obi_prompts *p, size_t words, bool han)
{
    uint64_t hash = han ? UINT64_C(0x8f5c28f5c28f5c29) : UINT64_C(0x9e3779b97f4a7c15);
    size_t characters = 0;
    if (p->words < words) {
        return 0;
    }
    for (size_t i = 0; i < words; i++) {
        const obi_token *token = back(p, words - 1 - i);
        characters += (token->flags & OBI_TOKEN_HAN) != 0;
        hash = (hash ^ token->hash) * UINT64_C(0xd6e8feb86659fd93);
        hash ^= hash >> 32;
    }
    bool fits = han ? characters * 4 >= words * 3 : characters * 2 <= words;
    return !fits ? 0 : hash == 0 ? 1 : hash;
}

static void remember(obi_prompts *p, const obi_token *token)
{
    p->last[p->words % OBI_SHINGLE_HAN] = *token;
    p->words++;
}

static bool is_known(const obi_prompts *p, uint64_t hash)
{
    for (size_t at = hash & p->mask; hash != 0 && p->rows[at] != 0; at = (at + 1) & p->mask) {
        if (p->rows[at] == hash) {
            return true;
        }
    }
    return false;
}

static void put(obi_prompts *p, uint64_t hash)
{
    size_t at = hash & p->mask;
    while (p->rows[at] != 0 && p->rows[at] != hash) {
        at = (at + 1) & p->mask;
    }
    p->count += p->rows[at] == 0;
    p->rows[at] = hash;
}

/* All rows of a text into p, but for those that not has. How many rows it has at all. */
static size_t put_text(obi_prompts *p, const obi_prompts * not, ob_span text)
{
    obi_reader reader;
    obi_token token;
    size_t pos = 0;
    size_t rows = 0;
    obi_reader_start(&reader);
    p->words = 0;
    while (obi_reader_next(&reader, text, &pos, true, &token)) {
        remember(p, &token);
        const uint64_t hashes[] = {row_hash(p, OBI_SHINGLE_WORDS, false),
                                   row_hash(p, OBI_SHINGLE_HAN, true)};
        for (size_t i = 0; i < OB_COUNT(hashes); i++) {
            rows += hashes[i] != 0;
            if (hashes[i] != 0 && (not == NULL || !is_known(not, hashes[i]))) {
                put(p, hashes[i]);
            }
        }
    }
    p->words = 0;
    return rows;
}

/* A table with room for two rows a byte of word at the most; half of it stays free. */
static obi_prompts *make(const ob_span *texts, size_t count, ob_err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += texts[i].len < PROMPT_MAX ? texts[i].len : PROMPT_MAX;
    }
    if (bytes > PROMPT_MAX) {
        (void)ob_fail(err, OB_ERR_LIMIT, "instructions have at most %zu bytes in all", PROMPT_MAX);
        return NULL;
    }
    size_t room = 64;
    while (room < 2 * bytes) {
        room *= 2;
    }
    obi_prompts *made = ob_mem_new(sizeof *made);
    uint64_t *rows = ob_mem_new(room * sizeof *rows);
    if (made == NULL || rows == NULL) {
        ob_mem_free(made);
        ob_mem_free(rows);
        (void)ob_fail(err, OB_ERR_NOMEM, "no memory for the rows of instructions");
        return NULL;
    }
    memset(rows, 0, room * sizeof *rows);
    *made = (obi_prompts){.rows = rows, .mask = room - 1};
    return made;
}

bool obi_prompts_new(obi_prompts **prompts, const ob_scan_options *options, ob_err *err)
{
    *prompts = NULL;
    if (options->prompt_count == 0) {
        return true;
    }
    obi_prompts *may = make(options->prompt_exempt, options->prompt_exempt_count, err);
    obi_prompts *made = may == NULL ? NULL : make(options->prompts, options->prompt_count, err);
    bool good = made != NULL;
    for (size_t i = 0; good && i < options->prompt_exempt_count; i++) {
        (void)put_text(may, NULL, options->prompt_exempt[i]);
    }
    for (size_t i = 0; good && i < options->prompt_count; i++) {
        good = put_text(made, may, options->prompts[i]) >= OBI_SHINGLES_MIN ||
               ob_fail(err, OB_ERR_INPUT,
                       "instructions %zu have fewer than %d words: too few to know them again",
                       i + 1, OBI_SHINGLE_WORDS + OBI_SHINGLES_MIN - 1);
    }
    obi_prompts_free(may);
    if (!good) {
        obi_prompts_free(made);
        return false;
    }
    *prompts = made;
    return true;
}

void obi_prompts_free(obi_prompts *prompts)
{
    if (prompts != NULL) {
        ob_mem_free(prompts->rows);
    }
    ob_mem_free(prompts);
}

void obi_prompts_start(obi_prompts *prompts)
{
    prompts->words = 0;
    prompts->hits = 0;
    prompts->quiet = 0;
    prompts->leak = (ob_hit){0};
    prompts->leak_rows = 0;
}

static bool tell(obi_prompts *p, ob_err *err)
{
    ob_hit hit = p->leak;
    if (hit.rule == NULL) {
        return true;
    }
    bool sure = p->leak_rows >= ROWS_SURE;
    hit.kind = OB_KIND_PROMPT_LEAK;
    hit.check = sure ? OB_HIT_CHECK_PASSED : OB_HIT_CHECK_NONE;
    hit.prior = sure ? WORTH_SURE : WORTH_FEW;
    hit.score = obi_percent(hit.prior);
    p->leak = (ob_hit){0};
    p->leak_rows = 0;
    p->hits = 0;
    return p->found(p->ctx, &hit, err);
}

/* The last words are a row that is known: it begins at start. */
static void hit_row(obi_prompts *p, uint64_t start, uint64_t end, bool han)
{
    uint64_t near = han ? (uint64_t)OBI_SHINGLES_NEAR * 3 : OBI_SHINGLES_NEAR;
    p->starts[p->hits % OBI_SHINGLES_MIN] = start;
    p->hits++;
    p->quiet = 0;
    if (p->leak.rule != NULL) {
        p->leak.end = end;
        p->leak_rows++;
        return;
    }
    uint64_t first = p->starts[p->hits % OBI_SHINGLES_MIN];
    if (p->hits >= OBI_SHINGLES_MIN && end - first <= near) {
        p->leak = (ob_hit){.start = first, .end = end, .rule = "prompt-leak"};
        p->leak_rows = OBI_SHINGLES_MIN;
    }
}

bool obi_prompts_word(obi_prompts *prompts, const obi_token *token, ob_err *err)
{
    remember(prompts, token);
    bool words = is_known(prompts, row_hash(prompts, OBI_SHINGLE_WORDS, false));
    bool han = !words && is_known(prompts, row_hash(prompts, OBI_SHINGLE_HAN, true));
    if (words || han) {
        const obi_token *first = back(prompts, (han ? OBI_SHINGLE_HAN : OBI_SHINGLE_WORDS) - 1);
        hit_row(prompts, first->start, token->end, han);
    } else {
        prompts->quiet++;
    }
    bool over = prompts->quiet >= QUIET_WORDS || prompts->leak_rows >= ROWS_MAX;
    return !over || tell(prompts, err);
}

bool obi_prompts_end(obi_prompts *prompts, ob_err *err)
{
    return tell(prompts, err);
}
