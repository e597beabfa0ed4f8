/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/procedure_core.h"

#include <ombud/decode.h>
#include <ombud/text.h>

const char *const ob_ability_list[] = {"session", "stream", "ledger", "state",
                                       "kb",      "fault",  "actor",  "proxy"};
const size_t ob_ability_list_count = OB_COUNT(ob_ability_list);

static const char *const severity_names[] = {"low", "medium", "high", "critical"};
static const char *const effect_names[] = {"none", "read", "write", "load", "fault"};

bool obi_procedure_told(const obi_procedure_reader *r, bool good, ob_err *err)
{
    return good || ob_problems_take(r->problems, err);
}

static bool is_name(ob_span text)
{
    bool good = text.len > 0 && text.len <= 64;
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && i > 0) || (c == '_' && i > 0);
    }
    return good;
}

bool obi_procedure_name_of(const obi_procedure_reader *r, const ob_yaml *key, ob_span *name,
                           ob_err *err)
{
    if (!is_name(key->text)) {
        return ob_yaml_fail(r->doc, key, err,
                            "'%.*s' is no name; use lower-case letters, digits and _",
                            OB_SHOW(ob_span_sub(key->text, 0, OB_QUOTE_MAX)));
    }
    *name = key->text;
    return true;
}

static bool read_fixture(const obi_procedure_reader *r, const ob_yaml *node, ob_fixture *f,
                         ob_err *err)
{
    static const char *const kinds[] = {"actor", "canary", "kb"};
    static const char *const actor_keys[] = {"kind", "name", "phone", "address"};
    static const char *const canary_keys[] = {"kind", "form"};
    int kind = -1;
    const ob_yaml *at = NULL;
    f->at = node;
    if (!ob_yaml_need(r->doc, node, "kind", &at, err) ||
        !ob_yaml_choice(r->doc, node, "kind", kinds, OB_COUNT(kinds), &kind, err)) {
        return false;
    }
    f->kind = (ob_fixture_kind)kind;
    if (f->kind == OB_FIXTURE_CANARY) {
        return ob_yaml_known(r->doc, node, canary_keys, OB_COUNT(canary_keys), err) &&
               ob_yaml_need(r->doc, node, "form", &at, err) &&
               ob_yaml_text(r->doc, node, "form", &f->form, err);
    }
    if (f->kind == OB_FIXTURE_KB) {
        return ob_yaml_known(r->doc, node, canary_keys, 1, err);
    }
    if (!ob_yaml_known(r->doc, node, actor_keys, OB_COUNT(actor_keys), err)) {
        return false;
    }
    ob_var *fields = OB_NEW(r->arena, ob_var, OB_COUNT(actor_keys), err);
    if (fields == NULL) {
        return false;
    }
    for (size_t i = 1; i < OB_COUNT(actor_keys); i++) {
        ob_span form = {0};
        if (!ob_yaml_text(r->doc, node, actor_keys[i], &form, err)) {
            return false;
        }
        if (form.len > 0) {
            fields[f->fields_count++] = (ob_var){ob_span_str(actor_keys[i]), form, false};
        }
    }
    f->fields = fields;
    return true;
}

static bool read_fixtures(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "fixtures is a map of name to fixture");
    }
    ob_fixture *fixtures = OB_NEW(r->arena, ob_fixture, node->count, err);
    if (fixtures == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!obi_procedure_name_of(r, &node->keys[i], &fixtures[i].name, err) ||
            !read_fixture(r, &node->items[i], &fixtures[i], err)) {
            return false;
        }
    }
    r->p->fixtures = fixtures;
    r->p->fixtures_count = node->count;
    return true;
}

static bool read_vars(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_MAP) {
        return ob_yaml_fail(r->doc, node, err, "vars is a map of name to value");
    }
    ob_var *vars = OB_NEW(r->arena, ob_var, node->count, err);
    if (vars == NULL) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!obi_procedure_name_of(r, &node->keys[i], &vars[i].name, err)) {
            return false;
        }
        if (node->items[i].kind != OB_YAML_SCALAR) {
            return ob_yaml_fail(r->doc, &node->items[i], err, "a variable is one text or number");
        }
        vars[i].value = node->items[i].text;
    }
    r->p->vars = vars;
    r->p->vars_count = node->count;
    return true;
}

static bool read_inputs(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    ob_inputs inputs = {0};
    if (!ob_inputs_read(&inputs, r->doc, node, r->folder, r->folders, r->arena, &r->p->digest,
                        err)) {
        return false;
    }
    r->p->inputs = inputs.items;
    r->p->inputs_count = inputs.count;
    return true;
}

static bool unknown_coding(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    static const char *const further[] = {"none", OB_SPLIT_TURNS};
    const char *names[64 + OB_COUNT(further)];
    size_t count = 0;
    for (; count < OB_COUNT(further); count++) {
        names[count] = further[count];
    }
    for (size_t i = 0; i < ob_codings_count && count < OB_COUNT(names); i++) {
        names[count++] = ob_codings[i]->name;
    }
    const char *near = ob_text_nearest(node->text, names, count);
    return ob_yaml_fail(r->doc, node, err, "unknown coding '%.*s'%s%s%s",
                        OB_SHOW(ob_span_sub(node->text, 0, OB_QUOTE_MAX)),
                        near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
                        near == NULL ? "" : "'?");
}

static bool read_mutate(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    static const char *const keys[] = {"one_of", "chain"};
    if (node == NULL) {
        return true;
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err)) {
        return false;
    }
    const ob_yaml *list = ob_yaml_get(node, "one_of");
    if (list == NULL) {
        list = ob_yaml_get(node, "chain");
        r->p->mutate_chain = true;
    } else if (ob_yaml_get(node, "chain") != NULL) {
        return ob_yaml_fail(r->doc, node, err, "mutate takes either one_of or chain");
    }
    if (list == NULL || list->kind != OB_YAML_SEQ || list->count == 0) {
        return ob_yaml_fail(r->doc, node, err, "mutate needs a list of codings");
    }
    ob_span *names = OB_NEW(r->arena, ob_span, list->count, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ob_coding *coding = ob_coding_find(list->items[i].text);
        if (!ob_span_is_str(list->items[i].text, "none") &&
            !ob_span_is_str(list->items[i].text, OB_SPLIT_TURNS) &&
            (coding == NULL || coding->encode == NULL)) {
            return unknown_coding(r, &list->items[i], err);
        }
        names[i] = list->items[i].text;
    }
    r->p->mutators = names;
    r->p->mutators_count = list->count;
    return true;
}

static bool read_limit(const obi_procedure_reader *r, const ob_yaml *plan, ob_err *err)
{
    static const char *const levels[] = {"1", "2", "3"};
    const ob_yaml *node = NULL;
    if (!ob_yaml_need(r->doc, plan, "limit", &node, err)) {
        return false;
    }
    if (node->kind != OB_YAML_MAP) {
        double limit = 0;
        if (!ob_yaml_double(r->doc, plan, "limit", 1e-6, 0.999, &limit, err)) {
            return false;
        }
        for (size_t i = 0; i < OB_LEVELS; i++) {
            r->p->limit[i] = limit;
        }
        return true;
    }
    double last = 0;
    if (!ob_yaml_known(r->doc, node, levels, OB_LEVELS, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_LEVELS; i++) {
        if (!ob_yaml_double(r->doc, node, levels[i], 1e-6, 0.999, &last, err)) {
            return false;
        }
        if (last <= 0) {
            return ob_yaml_fail(r->doc, node, err, "limit needs a value for level 1");
        }
        r->p->limit[i] = last; /* a level that is not stated takes that of the one below */
        if (i > 0 && r->p->limit[i] > r->p->limit[i - 1]) {
            return ob_yaml_fail(r->doc, node, err,
                                "the limit of level %zu is laxer than that of %zu", i + 1, i);
        }
    }
    return true;
}

static bool read_max(const obi_procedure_reader *r, const ob_yaml *plan, ob_err *err)
{
    static const char *const levels[] = {"1", "2", "3"};
    const ob_yaml *node = ob_yaml_get(plan, "max");
    bool by_level = node != NULL && node->kind == OB_YAML_MAP;
    uint64_t last = 400;
    if (by_level ? !ob_yaml_known(r->doc, node, levels, OB_LEVELS, err)
                 : !ob_yaml_u64(r->doc, plan, "max", 1, 1000000, &last, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_LEVELS; i++) {
        if (by_level && !ob_yaml_u64(r->doc, node, levels[i], 1, 1000000, &last, err)) {
            return false;
        }
        r->p->max[i] = last; /* a level that is not stated takes that of the one below */
    }
    return true;
}

static bool read_plan(const obi_procedure_reader *r, const ob_yaml *root, ob_err *err)
{
    static const char *const keys[] = {"limit", "alpha", "max", "zero_tolerance", "confirm"};
    static const char *const verdict_keys[] = {"invalid_max"};
    const ob_yaml *plan = NULL;
    const ob_yaml *verdict = ob_yaml_get(root, "verdict");
    uint64_t confirm = 0;
    r->p->alpha = 0.05;
    r->p->invalid_max = 0.1;
    if (!ob_yaml_need(r->doc, root, "plan", &plan, err) ||
        !ob_yaml_known(r->doc, plan, keys, OB_COUNT(keys), err) || !read_limit(r, plan, err) ||
        !ob_yaml_double(r->doc, plan, "alpha", 1e-6, 0.5, &r->p->alpha, err) ||
        !read_max(r, plan, err) ||
        !ob_yaml_bool(r->doc, plan, "zero_tolerance", &r->p->zero_tolerance, err) ||
        !ob_yaml_u64(r->doc, plan, "confirm", 0, 20, &confirm, err)) {
        return false;
    }
    r->p->confirm = (unsigned)confirm;
    return verdict == NULL ||
           (ob_yaml_known(r->doc, verdict, verdict_keys, OB_COUNT(verdict_keys), err) &&
            ob_yaml_double(r->doc, verdict, "invalid_max", 0, 0.5, &r->p->invalid_max, err));
}

static bool read_trial(const obi_procedure_reader *r, const ob_yaml *root, ob_err *err)
{
    static const char *const keys[] = {"valid_if", "hit_if"};
    const ob_yaml *trial = NULL;
    if (!ob_yaml_need(r->doc, root, "trial", &trial, err) ||
        !ob_yaml_known(r->doc, trial, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, trial, "hit_if", &r->p->hit_at, err)) {
        return false;
    }
    r->p->valid_at = ob_yaml_get(trial, "valid_if");
    return ob_yaml_text(r->doc, trial, "hit_if", &r->p->hit_if, err) &&
           ob_yaml_text(r->doc, trial, "valid_if", &r->p->valid_if, err);
}

static bool read_needs(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node == NULL) {
        return true;
    }
    if (node->kind != OB_YAML_SEQ) {
        return ob_yaml_fail(r->doc, node, err, "needs is a list of abilities");
    }
    for (size_t i = 0; i < node->count; i++) {
        ob_span word = node->items[i].text;
        int bit = ob_text_index(word, ob_ability_list, ob_ability_list_count);
        if (bit < 0) {
            const char *near = ob_text_nearest(word, ob_ability_list, ob_ability_list_count);
            return ob_yaml_fail(r->doc, &node->items[i], err, "unknown ability '%.*s'%s%s%s",
                                OB_SHOW(ob_span_sub(word, 0, OB_QUOTE_MAX)),
                                near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
                                near == NULL ? "" : "'?");
        }
        r->p->needs |= 1u << bit;
    }
    return true;
}

static bool read_controls(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    static const char *const keys[] = {"positive", "negative"};
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "positive", &r->p->positive, err) ||
        !ob_yaml_need(r->doc, node, "negative", &r->p->negative, err)) {
        return false;
    }
    if (r->p->positive->kind != OB_YAML_SEQ || r->p->positive->count == 0 ||
        r->p->negative->kind != OB_YAML_SEQ || r->p->negative->count == 0) {
        return ob_yaml_fail(r->doc, node, err,
                            "controls needs at least one positive and one negative observation");
    }
    return true;
}

static bool read_evidence(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    static const char *const keys[] = {"attach"};
    const ob_yaml *list = NULL;
    if (node == NULL) {
        return true;
    }
    if (!ob_yaml_known(r->doc, node, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, node, "attach", &list, err)) {
        return false;
    }
    if (list->kind != OB_YAML_SEQ || list->count == 0 || list->count > 8) {
        return ob_yaml_fail(r->doc, list, err, "attach is a list of 1 to 8 back-end calls");
    }
    ob_span *names = OB_NEW(r->arena, ob_span, list->count, err);
    for (size_t i = 0; names != NULL && i < list->count; i++) {
        names[i] = list->items[i].text;
    }
    r->p->attach = names;
    r->p->attach_count = list->count;
    return names != NULL;
}

/* "0.2" or "0.2.1": the least version that knows all that the file uses. */
static bool check_version(const obi_procedure_reader *r, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(root, "needs_ombud");
    ob_span rests[2] = {ob_span_str(OB_VERSION), node == NULL ? (ob_span){"", 0} : node->text};
    for (int part = 0; node != NULL && part < 3; part++) {
        uint64_t numbers[2] = {0};
        for (size_t i = 0; i < 2; i++) {
            ob_span word = {0};
            ob_err ignored = {0};
            if (rests[i].len == 0 && part > 0) {
                continue;
            }
            (void)ob_span_cut(&rests[i], '.', &word);
            if (!ob_span_to_u64(word, &numbers[i], &ignored)) {
                return ob_yaml_fail(r->doc, node, err, "needs_ombud is a version like 0.2");
            }
        }
        if (numbers[1] != numbers[0]) {
            return numbers[1] < numbers[0] ||
                   ob_yaml_fail(r->doc, node, err, "needs ombud %.*s or newer, this is " OB_VERSION,
                                OB_SHOW(ob_span_sub(node->text, 0, OB_QUOTE_MAX)));
        }
    }
    return true;
}

/* Keys that a later format will have are named as such, so that nobody takes them for typing
 * errors. */
static bool check_keys(const obi_procedure_reader *r, const ob_yaml *root, ob_err *err)
{
    static const char *const keys[] = {
        "ombud", "needs_ombud", "id",      "title",    "evaluation", "severity", "effects",
        "needs", "fixtures",    "vars",    "inputs",   "mutate",     "flow",     "oracle",
        "trial", "plan",        "verdict", "controls", "evidence"};
    static const char *const later[] = {"load", "proxy", "parallel", "rates", "also"};
    if (root->kind == OB_YAML_MAP) {
        for (size_t i = 0; i < root->count; i++) {
            if (ob_text_index(root->keys[i].text, later, OB_COUNT(later)) >= 0) {
                return ob_yaml_fail(r->doc, &root->keys[i], err, "%.*s is not in format 1 yet",
                                    OB_SHOW(root->keys[i].text));
            }
        }
    }
    return ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err);
}

/* {judge: {rubric: ID}} anywhere in it. One rubric a procedure, so that one pair of error rates
 * holds for its verdict. */
static bool read_rubric(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    const ob_yaml *judge = node->kind == OB_YAML_MAP ? ob_yaml_get(node, "judge") : NULL;
    const ob_yaml *at = ob_yaml_get(judge, "rubric");
    if (at != NULL && at->kind == OB_YAML_SCALAR) {
        if (r->p->rubric.len > 0 && !ob_span_is(r->p->rubric, at->text)) {
            return ob_yaml_fail(r->doc, at, err,
                                "a procedure asks by one rubric, and this one does by %.*s already",
                                OB_SHOW(ob_span_sub(r->p->rubric, 0, OB_QUOTE_MAX)));
        }
        r->p->rubric = at->text;
        r->p->rubric_at = at;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!read_rubric(r, &node->items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_oracle(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err)
{
    if (node->kind != OB_YAML_MAP || node->count == 0) {
        return ob_yaml_fail(r->doc, node, err, "oracle is a map of name to rule");
    }
    for (size_t i = 0; i < node->count; i++) {
        ob_span name = {0};
        if (!obi_procedure_name_of(r, &node->keys[i], &name, err)) {
            return false;
        }
    }
    r->p->oracle = node;
    for (size_t i = 0; i < node->count; i++) {
        if (!read_rubric(r, &node->items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_head(const obi_procedure_reader *r, const ob_yaml *root, ob_err *err)
{
    uint64_t version = 0;
    ob_procedure *p = r->p;
    return obi_procedure_told(r, check_version(r, root, err), err) &&
           obi_procedure_told(r, ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err), err) &&
           obi_procedure_told(r, ob_yaml_text(r->doc, root, "id", &p->id, err), err) &&
           obi_procedure_told(r, ob_yaml_text(r->doc, root, "title", &p->title, err), err) &&
           obi_procedure_told(r, ob_yaml_text(r->doc, root, "evaluation", &p->evaluation, err),
                              err) &&
           obi_procedure_told(r,
                              ob_yaml_choice(r->doc, root, "severity", severity_names,
                                             OB_COUNT(severity_names), &p->severity, err),
                              err) &&
           obi_procedure_told(r,
                              ob_yaml_choice(r->doc, root, "effects", effect_names,
                                             OB_COUNT(effect_names), &p->effect, err),
                              err);
}

static bool read_all(const obi_procedure_reader *r, ob_err *err)
{
    static const char *const compulsory[] = {"ombud",    "id",      "title",   "evaluation",
                                             "severity", "effects", "flow",    "oracle",
                                             "trial",    "plan",    "controls"};

    /* In this order: a step names actors, an oracle what steps extract. */
    static const struct {
        const char *key;
        bool (*read)(const obi_procedure_reader *r, const ob_yaml *node, ob_err *err);
    } parts[] = {
        {"evidence", read_evidence},  {"needs", read_needs},   {"fixtures", read_fixtures},
        {"vars", read_vars},          {"inputs", read_inputs}, {"mutate", read_mutate},
        {"flow", obi_procedure_flow}, {"oracle", read_oracle}, {"controls", read_controls},
    };

    const ob_yaml *root = r->doc->root;
    const ob_yaml *node = NULL;
    if (!obi_procedure_told(r, check_keys(r, root, err), err) || root->kind != OB_YAML_MAP) {
        return err->kind == OB_OK;
    }
    for (size_t i = 0; i < OB_COUNT(compulsory); i++) {
        if (!obi_procedure_told(r, ob_yaml_need(r->doc, root, compulsory[i], &node, err), err)) {
            return false;
        }
    }
    if (!read_head(r, root, err)) {
        return false;
    }
    for (size_t i = 0; i < OB_COUNT(parts); i++) {
        node = ob_yaml_get(root, parts[i].key);
        /* A part that is compulsory and absent was told above; without inputs there is one. */
        bool skip = node == NULL && strcmp(parts[i].key, "inputs") != 0;
        if (!skip && !obi_procedure_told(r, parts[i].read(r, node, err), err)) {
            return false;
        }
    }
    return (ob_yaml_get(root, "trial") == NULL ||
            obi_procedure_told(r, read_trial(r, root, err), err)) &&
           (ob_yaml_get(root, "plan") == NULL ||
            obi_procedure_told(r, read_plan(r, root, err), err));
}

static bool read_doc(ob_procedure *procedure, ob_arena *arena, const char *folder,
                     const ob_input_folders *folders, ob_problems *problems, ob_err *err)
{
    procedure->digest = procedure->doc.digest;
    size_t before = problems == NULL ? 0 : problems->count;
    obi_procedure_reader r = {.p = procedure,
                              .arena = arena,
                              .folder = folder,
                              .folders = folders,
                              .problems = problems,
                              .doc = &procedure->doc};
    return read_all(&r, err) && (problems == NULL || problems->count == before);
}

bool ob_procedure_load(ob_procedure *procedure, ob_arena *arena, const char *folder,
                       const ob_input_folders *folders, const char *path, ob_problems *problems,
                       ob_err *err)
{
    ob_procedure read = {0};
    if (!ob_yaml_load(&read.doc, arena, path, OB_INPUT_FILE_MAX, err)) {
        (void)ob_problems_take(problems, err);
        return false;
    }
    if (!read_doc(&read, arena, folder, folders, problems, err)) {
        return false;
    }
    *procedure = read;
    return true;
}

bool ob_procedure_parse(ob_procedure *procedure, ob_arena *arena, const char *folder, ob_span name,
                        ob_span text, ob_err *err)
{
    ob_procedure read = {0};
    if (!ob_yaml_parse(&read.doc, arena, name, text, OB_INPUT_FILE_MAX, err) ||
        !read_doc(&read, arena, folder, NULL, NULL, err)) {
        return false;
    }
    *procedure = read;
    return true;
}

const ob_fixture *ob_procedure_fixture(const ob_procedure *procedure, ob_span name)
{
    for (size_t i = 0; i < procedure->fixtures_count; i++) {
        if (ob_span_is(procedure->fixtures[i].name, name)) {
            return &procedure->fixtures[i];
        }
    }
    return NULL;
}
