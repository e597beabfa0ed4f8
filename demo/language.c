/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guess at the language of a turn, good for whole sentences: the script decides, and among the
 * three languages in Latin letters the small words do.
 */
#include "core.h"

static const char english[] = " the | a | is | are | you| my | i |i'm|hello|please| to | do |what|"
                              "can |want|good |hi | me |this|there|someone| and |need";
static const char spanish[] = "¿|¡|ñ| el | la | una | un |estoy|quiero|hablar|usted|por favor|hola|"
                              " mi | que |buen|necesito| me | con | los | soy |eres| es |alguien|"
                              " se | de ";
static const char french[] = "ç|è|ê|à|œ| je |je |j'| vous|est-ce|bonjour|bonsoir|parler|suis| une |"
                             " un | mon | ma | le | les |salut|merci| que |êtes| avec | des |"
                             "quelqu'un| pas | de ";

static unsigned count_words(ob_span text, const char *words)
{
    unsigned count = 0;
    ob_span rest = ob_span_str(words);
    for (ob_span word; ob_span_cut(&rest, '|', &word);) {
        count += ob_span_find_nocase(text, word, 0) != SIZE_MAX;
    }
    return count;
}

obd_lang obd_language(ob_span text)
{
    uint32_t rune = 0;
    for (size_t at = 0; ob_utf8_next(text, &at, &rune);) {
        if (rune >= 0x4e00 && rune <= 0x9fff) {
            return OBD_ZH;
        }
        if (rune >= 0x0600 && rune <= 0x06ff) {
            return OBD_AR;
        }
        if (rune >= 0x0400 && rune <= 0x04ff) {
            return OBD_RU;
        }
    }
    unsigned en = count_words(text, english);
    unsigned es = count_words(text, spanish);
    unsigned fr = count_words(text, french);
    if (es > en && es >= fr) {
        return OBD_ES;
    }
    return fr > en ? OBD_FR : OBD_EN;
}

void obd_say_in(obd_turn *turn, const char *const texts[OBD_LANGS])
{
    ob_buf_add_str(&turn->reply, texts[obd_language(turn->text)]);
}
