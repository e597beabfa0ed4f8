/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/injections.h"

#include "detect/lexicon.h"
#include "detect/model.h"

#include <pthread.h>

struct obi_injections {
    pthread_mutex_t lock; /* for all below */
    ob_arena arena;
    const obi_lexicon *lexicon; /* NULL: nobody has asked */
    const obi_model *model;     /* NULL: the shipped one is wanted */
};

bool obi_injections_new(obi_injections **injections, ob_err *err)
{
    obi_injections *made = ob_mem_new(sizeof *made);
    if (made == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "no memory for the detector of injections");
    }
    *made = (obi_injections){0};
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        ob_mem_free(made);
        return ob_fail(err, OB_ERR_NOMEM, "no lock for the detector of injections");
    }
    *injections = made;
    return true;
}

void obi_injections_free(obi_injections *injections)
{
    if (injections == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&injections->lock);
    ob_arena_fini(&injections->arena);
    ob_mem_free(injections);
}

void obi_injections_model(obi_injections *injections, const obi_model *model)
{
    (void)pthread_mutex_lock(&injections->lock);
    injections->model = model;
    (void)pthread_mutex_unlock(&injections->lock);
}

static bool make(obi_injections *injections, ob_err *err)
{
    obi_lexicon *lexicon = NULL;
    obi_model *shipped = NULL;
    if (!obi_lexicon_build(&lexicon, &injections->arena, err) ||
        (injections->model == NULL && !obi_model_shipped(&shipped, &injections->arena, err))) {
        ob_arena_fini(&injections->arena);
        injections->arena = (ob_arena){0};
        return false;
    }
    injections->lexicon = lexicon;
    injections->model = injections->model == NULL ? shipped : injections->model;
    return true;
}

bool obi_injections_take(obi_injections *injections, const obi_lexicon **lexicon,
                         const obi_model **model, ob_err *err)
{
    (void)pthread_mutex_lock(&injections->lock);
    bool good = injections->lexicon != NULL || make(injections, err);
    if (good) {
        *lexicon = injections->lexicon;
        *model = injections->model;
    }
    (void)pthread_mutex_unlock(&injections->lock);
    return good;
}
