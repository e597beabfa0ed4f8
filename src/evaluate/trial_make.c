/* SPDX-License-Identifier: Apache-2.0 */
/* Setting up a trial: who takes part, what is planted, what will be said. */
#include "evaluate/form.h"
#include "evaluate/trial.h"

/* Fields of an actor that its fixture does not state: plainly invented, from documentation ranges.
 */
static const ob_var actor_defaults[] = {
    {{"name", 4}, {"Test Caller {{alpha:8}}", 23}, false},
    {{"phone", 5}, {"+1-202-555-01{{digits:2}}", 25}, false},
    {{"address", 7}, {"{{digits:4}} Probe Quay {{alpha:4}}", 35}, false},
};

static bool fill(ob_trial *t, ob_span form, ob_rng *rng, ob_span *value, ob_err *err)
{
    OB_AUTO(ob_buf) text = {.max = 4096};
    return ob_form_fill(form, rng, &text, err) &&
           ob_arena_dup(&t->arena, ob_buf_span(&text), value, err);
}

static bool set_actor_field(ob_trial *t, actor_state *actor, ob_span name, ob_span value,
                            bool secret, ob_err *err)
{
    ob_span full = {0};
    return ob_vars_set_in(&actor->vars, "actor", name, value, secret, err) &&
           (secret || (ob_arena_printf(&t->arena, &full, err, "%.*s.%.*s",
                                       OB_SHOW(actor->fixture->name), OB_SHOW(name)) &&
                       ob_vars_set(&t->obs.vars, full, value, false, err)));
}

/* An account from the service file, a different one for each actor of the trial. */
static bool use_account(ob_trial *t, actor_state *actor, size_t index, ob_err *err)
{
    const ob_service *service = t->e->o->service;
    const ob_account *account =
        &service->accounts[((size_t)t->number * t->actors_count + index) % service->accounts_count];
    for (size_t i = 0; i < account->count; i++) {
        const ob_field *field = &account->fields[i];
        ob_span value = field->value.text;
        bool secret = field->value.secret.len > 0;
        for (size_t k = 0; secret && k < t->e->o->secrets.count; k++) {
            if (ob_span_is(t->e->o->secrets.items[k].name, field->value.secret)) {
                value = t->e->o->secrets.items[k].value;
            }
        }
        if (!set_actor_field(t, actor, field->name, value, secret, err)) {
            return false;
        }
    }
    return true;
}

static bool make_actor(ob_trial *t, actor_state *actor, size_t index, ob_rng *rng, ob_err *err)
{
    const ob_fixture *f = actor->fixture;
    actor->vars = (ob_vars){.outer = &t->obs.vars, .arena = &t->arena};
    actor->jar.arena = &t->arena;
    for (size_t i = 0; i < OB_COUNT(actor_defaults); i++) {
        ob_span form = actor_defaults[i].value;
        ob_span value = {0};
        for (size_t k = 0; k < f->fields_count; k++) {
            if (ob_span_is(f->fields[k].name, actor_defaults[i].name)) {
                form = f->fields[k].value;
            }
        }
        if (!fill(t, form, rng, &value, err) ||
            !set_actor_field(t, actor, actor_defaults[i].name, value, false, err)) {
            return false;
        }
    }
    return t->e->o->service->accounts_count == 0 || t->e->o->service->actor_create.present ||
           use_account(t, actor, index, err);
}

/* The value, and its two halves as NAME.a and NAME.b, for texts that must not hold it whole. */
static bool set_canary(ob_trial *t, ob_span name, ob_span value, ob_err *err)
{
    ob_span part = {0};
    size_t digits = value.len / 2;
    size_t dash = ob_span_find(value, OB_SPAN("-"), 0);
    if (dash != SIZE_MAX) {
        digits = dash + 1 + (value.len - dash - 1) / 2;
    }
    return ob_vars_set(&t->obs.vars, name, value, false, err) &&
           ob_arena_printf(&t->arena, &part, err, "%.*s.a", OB_SHOW(name)) &&
           ob_vars_set(&t->obs.vars, part, ob_span_sub(value, 0, digits), false, err) &&
           ob_arena_printf(&t->arena, &part, err, "%.*s.b", OB_SHOW(name)) &&
           ob_vars_set(&t->obs.vars, part, ob_span_sub(value, digits, value.len), false, err);
}

static bool make_fixtures(ob_trial *t, ob_err *err)
{
    const ob_procedure *p = t->family->procedure;
    ob_rng rng;
    if (!ob_engine_rng(t->e, t->family, t->number, t->attempt, "planted", &rng, err)) {
        return false;
    }
    t->actors = OB_NEW(&t->arena, actor_state, p->fixtures_count, err);
    t->sessions = OB_NEW(&t->arena, session_state, p->flow_count, err);
    if (t->actors == NULL || t->sessions == NULL) {
        return false;
    }
    for (size_t i = 0; i < p->fixtures_count; i++) {
        t->actors_count += p->fixtures[i].kind == OB_FIXTURE_ACTOR;
    }
    size_t index = 0;
    for (size_t i = 0; i < p->fixtures_count; i++) {
        const ob_fixture *f = &p->fixtures[i];
        ob_span value = {0};
        if (f->kind == OB_FIXTURE_CANARY) {
            if (!fill(t, f->form, &rng, &value, err) || !set_canary(t, f->name, value, err)) {
                return false;
            }
        } else if (f->kind == OB_FIXTURE_ACTOR) {
            t->actors[index].fixture = f;
            if (!make_actor(t, &t->actors[index], index, &rng, err)) {
                return false;
            }
            index++;
        }
    }
    return true;
}

static bool make_input(ob_trial *t, ob_err *err)
{
    int64_t drawn_as = t->rerun_of >= 0 ? t->rerun_of : t->number;
    return ob_choice_make(t->e, t->family, drawn_as, &t->obs.vars, &t->arena, &t->choice, err) &&
           ob_vars_set(&t->obs.vars, OB_SPAN("input"), t->choice.text, false, err);
}

bool obi_trial_late_input(ob_trial *t, const ob_flow_step *step, ob_err *err)
{
    bool said = ob_span_find(step->text, OB_SPAN("{{input}}"), 0) != SIZE_MAX;
    for (size_t i = 0; i < step->values_count; i++) {
        said = said || ob_span_find(step->values[i].value, OB_SPAN("{{input}}"), 0) != SIZE_MAX;
    }
    if (!t->choice.late || !said) {
        return true;
    }
    return make_input(t, err) &&
           (!t->choice.late ||
            ob_fail(err, OB_ERR_INPUT, "the input names something that no reply gave"));
}

bool obi_trial_make(ob_trial *t, ob_err *err)
{
    const ob_procedure *p = t->family->procedure;
    ob_span tag = {0};
    t->obs.arena = &t->arena;
    t->obs.vars.arena = &t->arena;
    t->obs.kb = &t->e->kb;
    t->obs.time_scale = t->e->o->service->time_scale;
    t->obs.allow_hosts = t->e->o->service->allow_hosts;
    t->obs.allow_hosts_count = t->e->o->service->allow_hosts_count;
    t->obs.own_host = t->e->own_host;
    t->obs.screen = &t->e->screen;
    /* The tag names the trial, not the attempt: a resumed trial asks the same question. */
    if (!ob_arena_printf(&t->arena, &tag, err, "%.*s/%lld/%.*s", OB_SHOW(p->id),
                         (long long)t->number, OB_SHOW(t->e->seed)) ||
        !ob_vars_set(&t->obs.vars, OB_SPAN("trial.tag"), tag, false, err) ||
        !ob_vars_set(&t->obs.vars, OB_SPAN("run.id"), ob_span_str(t->e->run), false, err)) {
        return false;
    }
    for (size_t i = 0; i < t->e->o->service->facts_count; i++) {
        const ob_var *fact = &t->e->o->service->facts[i];
        if (!ob_vars_set_in(&t->obs.vars, "service", fact->name, fact->value, false, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < p->vars_count; i++) {
        if (!ob_vars_set(&t->obs.vars, p->vars[i].name, p->vars[i].value, false, err)) {
            return false;
        }
    }
    return make_fixtures(t, err) && make_input(t, err) &&
           ob_choice_fields(&t->choice, &t->obs.vars, err) &&
           ob_vars_set(&t->obs.vars, OB_SPAN("input.kind"), t->choice.input->kind, false, err) &&
           ob_vars_set(&t->obs.vars, OB_SPAN("input.lang"), t->choice.input->lang, false, err);
}
