/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/screen.h"

#define EXEMPT_MAX 100000
#define MASKED_MAX 256 /* values of a trial that are looked for again; each costs a search */
#define PIECE      1024
#define OVERLAP    OB_HOLD_MAX
#define CLEAN_MAX  1024 /* texts that are remembered */

void ob_screen_close(ob_screen *screen)
{
    ob_scanner_free(screen->scanner);
    ob_scanner_free(screen->markup);
    ob_detector_free(screen->own);
    ob_mem_free(screen->exempt);
    ob_mem_free(screen->clean);
    ob_arena_fini(&screen->arena);
    ob_wipe(&screen->key, sizeof screen->key);
    *screen = (ob_screen){0};
}

static bool make_detector(ob_screen *screen, ob_err *err)
{
    if (screen->detector == NULL) {
        if (!ob_detector_new(&screen->own, (ob_span){"", 0}, NULL, err)) {
            return false;
        }
        screen->detector = screen->own;
    }
    return true;
}

/* A scanner for the kinds of these classes, a bit for each. */
static bool make_scanner(const ob_screen *screen, ob_scanner **scanner, unsigned classes,
                         ob_err *err)
{
    size_t count = ob_detector_kinds(screen->detector);
    bool *kinds = ob_mem_new(count * sizeof *kinds);
    if (kinds == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for the detectors");
    }
    for (size_t i = 0; i < count; i++) {
        kinds[i] = (classes >> ob_detector_kind(screen->detector, i)->class_ & 1) != 0;
    }
    const ob_scan_options options = {.min_score = OB_SCORE_DEFAULT, .kinds = kinds};
    bool made = ob_scanner_new(scanner, screen->detector, &options, err);
    ob_mem_free(kinds);
    return made;
}

static bool make_ready(ob_screen *screen, ob_err *err)
{
    const unsigned masked = 1U << OB_HIT_PII | 1U << OB_HIT_SECRET | 1U << OB_HIT_EVASION;
    if (screen->scanner != NULL) {
        return true;
    }
    if (!make_detector(screen, err)) {
        return false;
    }
    screen->clean = ob_mem_new(sizeof *screen->clean * CLEAN_MAX);
    if (screen->clean == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for the detectors");
    }
    memset(screen->clean, 0, sizeof *screen->clean * CLEAN_MAX);
    return ob_random(screen->key.bytes, sizeof screen->key.bytes, err) &&
           make_scanner(screen, &screen->scanner, masked, err);
}

bool ob_screen_markup(ob_screen *screen, ob_span text, const ob_hit **hits, size_t *count,
                      ob_err *err)
{
    bool ready =
        screen->markup != NULL || (make_detector(screen, err) &&
                                   make_scanner(screen, &screen->markup, 1U << OB_HIT_MARKUP, err));
    return ready && ob_scanner_text(screen->markup, text, hits, count, err);
}

/* A scanner compares with the first PIECE letters and digits of a value, so a long one is given in
 * pieces; no finding is longer than what they share. */
static bool add_exempt(ob_screen *screen, ob_span value, ob_err *err)
{
    for (size_t at = 0; at < value.len; at += PIECE - OVERLAP) {
        void *items = screen->exempt;
        if (!ob_array_grow(&items, &screen->exempt_cap, screen->exempt_count, sizeof value,
                           EXEMPT_MAX, err)) {
            return false;
        }
        screen->exempt = items;
        screen->exempt[screen->exempt_count++] = ob_span_sub(value, at, at + PIECE);
        if (at + PIECE >= value.len) {
            break;
        }
    }
    return true;
}

static bool add_said(ob_screen *screen, const ob_screen_own *own, ob_err *err)
{
    for (size_t i = 0; i < own->turns && i < own->obs->turns_count; i++) {
        const ob_seen *seen = &own->obs->turns[i];
        bool counts = own->actor == NULL || ob_span_is(seen->actor, *own->actor);
        /* What a judge is asked holds the reply. */
        if (counts && !ob_span_is_str(seen->kind, "judge") &&
            !add_exempt(screen, seen->sent, err)) {
            return false;
        }
    }
    return add_exempt(screen, own->saying, err);
}

static bool add_accounts(ob_screen *screen, ob_err *err)
{
    const ob_service *service = screen->service;
    for (size_t i = 0; service != NULL && i < service->accounts_count; i++) {
        for (size_t k = 0; k < service->accounts[i].count; k++) {
            if (!add_exempt(screen, service->accounts[i].fields[k].value.text, err)) {
                return false;
            }
        }
    }
    return true;
}

/* Reasons of losses name the service; an address of it in digits is nobody's. */
static bool add_hosts(ob_screen *screen, ob_err *err)
{
    const ob_service *service = screen->service;
    bool good = service == NULL || add_exempt(screen, service->address, err);
    for (size_t i = 0; good && service != NULL && i < service->allow_hosts_count; i++) {
        good = add_exempt(screen, service->allow_hosts[i], err);
    }
    return good;
}

static bool set_exempt(ob_screen *screen, const ob_screen_own *own, ob_err *err)
{
    screen->exempt_count = 0;
    if (!add_accounts(screen, err) || !add_hosts(screen, err)) {
        return false;
    }
    const ob_vars *vars = own->obs == NULL ? NULL : &own->obs->vars;
    for (size_t i = 0; vars != NULL && i < vars->count; i++) {
        /* What was extracted from replies is a variable, too, and nothing that the run brought. */
        if (ob_observation_find(own->obs, vars->items[i].name) == NULL &&
            !add_exempt(screen, vars->items[i].value, err)) {
            return false;
        }
    }
    return own->obs == NULL || add_said(screen, own, err);
}

bool ob_screen_find(ob_screen *screen, const ob_screen_own *own, ob_span text, const ob_hit **hits,
                    size_t *count, ob_err *err)
{
    if (!make_ready(screen, err)) {
        return false;
    }
    const ob_span parts[] = {{(const char *)screen->key.bytes, sizeof screen->key.bytes}, text};
    ob_digest hash;
    if (!ob_sha256(parts, OB_COUNT(parts), &hash, err)) {
        return false;
    }
    size_t place = ((size_t)hash.bytes[30] << 8 | hash.bytes[31]) % CLEAN_MAX;
    if (memcmp(screen->clean[place], hash.bytes, OB_SCREEN_HASH) == 0) {
        *count = 0;
        return true;
    }
    /* Most texts hold nothing, so what the run brought is gathered only when it matters. */
    ob_scanner_exempt(screen->scanner, NULL, 0);
    if (!ob_scanner_text(screen->scanner, text, hits, count, err)) {
        return false;
    }
    if (*count == 0) {
        memcpy(screen->clean[place], hash.bytes, OB_SCREEN_HASH);
        return true;
    }
    if (!set_exempt(screen, own, err)) {
        return false;
    }
    ob_scanner_exempt(screen->scanner, screen->exempt, screen->exempt_count);
    return ob_scanner_text(screen->scanner, text, hits, count, err);
}

static bool make_mask(ob_screen *screen, ob_arena *arena, ob_span value, const char *kind,
                      ob_span *mask, ob_err *err)
{
    const ob_span parts[] = {{(const char *)screen->key.bytes, sizeof screen->key.bytes}, value};
    char tag[OBI_MASK_TAG + 1] = "";
    ob_digest digest;
    if (!ob_sha256(parts, OB_COUNT(parts), &digest, err)) {
        return false;
    }
    for (size_t i = 0; i < OBI_MASK_TAG; i++) {
        tag[i] = (char)('a' + (digest.bytes[i / 2] >> (i % 2 * 4) & 15)); /* no digits: no number */
    }
    return ob_arena_printf(arena, mask, err, OBI_MASK_HEAD "%s:%s]", kind, tag);
}

bool obi_screen_mask_of(ob_screen *screen, ob_arena *arena, ob_masked **known, ob_span value,
                        const char *kind, ob_span *mask, ob_err *err)
{
    size_t count = 0;
    bool found = false;
    for (const ob_masked *m = *known; m != NULL && !found; m = m->next) {
        found = ob_span_is(m->value, value);
        count++;
    }
    ob_masked *made = NULL;
    if (!make_mask(screen, arena, value, kind, mask, err)) {
        return false;
    }
    if (found || count >= MASKED_MAX) {
        return true;
    }
    made = OB_NEW(arena, ob_masked, 1, err);
    if (made == NULL || !ob_arena_dup(arena, value, &made->value, err)) {
        return false;
    }
    made->mask = *mask;
    made->next = *known;
    *known = made;
    return true;
}

bool ob_screen_next_mask(ob_span text, size_t *at, size_t *start, ob_span *kind)
{
    while ((*start = ob_span_find(text, OB_SPAN(OBI_MASK_HEAD), *at)) != SIZE_MAX) {
        size_t from = *start + sizeof OBI_MASK_HEAD - 1;
        size_t colon = ob_span_find(text, OB_SPAN(":"), from);
        *at = from;
        if (colon == SIZE_MAX || colon + OBI_MASK_TAG + 1 >= text.len ||
            text.ptr[colon + OBI_MASK_TAG + 1] != ']') {
            continue;
        }
        bool letters = true;
        for (size_t i = 1; i <= OBI_MASK_TAG; i++) {
            letters = letters && text.ptr[colon + i] >= 'a' && text.ptr[colon + i] <= 'p';
        }
        if (letters) {
            *kind = ob_span_sub(text, from, colon);
            *at = colon + OBI_MASK_TAG + 2;
            return true;
        }
    }
    return false;
}
