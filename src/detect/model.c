/* SPDX-License-Identifier: Apache-2.0 */
/* The score of a window, and of a text from its windows. */
#include "detect/model.h"

#include <math.h>

#define ONE 65536 /* of numbers with 16 bits behind the point */

const char *obi_model_lang_id(unsigned lang)
{
    static const char *const ids[OBI_LANGS] = {
        [OBI_LANG_OTHER] = "other", [OBI_LANG_EN] = "en", [OBI_LANG_ZH] = "zh",
        [OBI_LANG_FR] = "fr",       [OBI_LANG_ES] = "es", [OBI_LANG_RU] = "ru",
        [OBI_LANG_AR] = "ar",       [OBI_LANG_DE] = "de", [OBI_LANG_PT] = "pt",
        [OBI_LANG_IT] = "it",       [OBI_LANG_JA] = "ja", [OBI_LANG_KO] = "ko",
    };
    return ids[lang < OBI_LANGS ? lang : OBI_LANG_OTHER];
}

bool obi_model_gate(const obi_model *model, const obi_window *window)
{
    int32_t sum = 0;
    for (size_t i = 0; i < window->count; i++) {
        sum += obi_model_gate_word(model, window->words[i].hash);
    }
    return sum >= model->parts.gate_least;
}

/* Steps of a weight, by the square root of their number. */
static double raw_of(const obi_model *model, const obi_window *window)
{
    uint32_t features[OBI_MODEL_FEATURES_MAX];
    size_t count = obi_model_features(window, features);
    const int8_t *weights = model->parts.weights;
    unsigned bits = model->parts.bits;
    int32_t sum = 0;
    if (count == 0) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        sum += weights[obi_model_slot(features[i], bits)];
    }
    return (double)sum / sqrt((double)count);
}

int obi_model_score(const obi_model *model, const obi_window *window)
{
    unsigned lang = window->lang < OBI_LANGS ? window->lang : 0;
    const obi_model_line *line = &model->parts.lines[lang];
    if (window->count == 0) {
        return OBI_MODEL_SILENT;
    }
    double odds = (line->bias + line->slope * raw_of(model, window)) * 100 / ONE;
    if (odds <= OBI_MODEL_SILENT) {
        return OBI_MODEL_SILENT;
    }
    return odds >= OBI_MODEL_SCORE_MAX ? OBI_MODEL_SCORE_MAX : (int)lround(odds);
}

int obi_model_text(const obi_model *model, int best, int64_t sum, uint64_t windows)
{
    if (windows == 0) {
        return OBI_MODEL_SILENT;
    }
    int64_t below = (int64_t)best - sum / (int64_t)windows;
    return best - (int)(below * model->parts.mean_share / ONE);
}
