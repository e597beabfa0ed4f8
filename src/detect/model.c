/* SPDX-License-Identifier: Apache-2.0 */
/* The score of a window, and of a text from its windows. */
#include "detect/model.h"

#include <math.h>

#define ONE 65536 /* of numbers with 16 bits behind the point */

bool obi_model_gate(const obi_model *model, const obi_window *window)
{
    int32_t sum = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < window->count; i++) {
        sum += obi_model_gate_word(model, before, window->words[i].hash);
        before = window->words[i].hash;
    }
    return sum >= model->parts.gate_least;
}

int obi_model_odds(const obi_model *model, unsigned lang, const obi_model_sum *sum)
{
    const obi_model_line *line = &model->parts.lines[lang < OBI_LANGS ? lang : 0];
    /* By the length of the row of what the features count. */
    double raw = (sum->heavy * OBI_MODEL_HEAVY + sum->light) / sqrt((double)sum->squares);
    double odds = (line->bias + line->slope * raw) * 100 / ONE;
    if (odds <= OBI_MODEL_SILENT) {
        return OBI_MODEL_SILENT;
    }
    return odds >= OBI_MODEL_SCORE_MAX ? OBI_MODEL_SCORE_MAX : (int)lround(odds);
}

int obi_model_score(const obi_model *model, obi_model_words *known, const obi_window *window,
                    const obi_meaning *meaning)
{
    if (window->count == 0) {
        return OBI_MODEL_SILENT;
    }
    obi_model_sum sum = obi_model_light(model, known, window);
    obi_model_heavy(model, window, meaning, true, &sum);
    return obi_model_odds(model, window->lang, &sum);
}
