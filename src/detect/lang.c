/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of a reply: by its script where the script says it, by frequent small words,
 * elisions and accented letters in Latin script. Links, addresses, numbers and ids say nothing.
 * Frequent words of languages outside the six are counted as well, so that they are not taken for a
 * neighbour.
 */
#include "detect/codings.h"

#include <ombud/look.h>

enum {
    LANG_EN,
    LANG_ES,
    LANG_FR,
    LANG_OTHER,
    LANGS
};

/* Between blanks, in lower case. */
static const char *const latin[LANGS] = {
    [LANG_EN] = " the and you your is are was were be been to of for with this that it we our i my "
                "can cannot could will would have has had please yes thank thanks from at by an as "
                "but if what how when which here there do does did about any all sorry hello not "
                "help may should must let only after before then they them their ",
    [LANG_ES] = " el los las una uno y que en por para con su sus es son est\u00e1 "
                "est\u00e1n usted ustedes puede puedo pueden podemos lo se del al como pero "
                "m\u00e1s s\u00ed si hola gracias favor nuestro nuestra mi qu\u00e9 "
                "c\u00f3mo ha he hay este esta estos desde hasta cuando no le ya tiene tengo "
                "sobre sin muy tambi\u00e9n buenos d\u00ed"
                "as de la un ",
    [LANG_FR] = " le les des une et est vous votre vos nous notre je il elle dans pour avec sur au "
                "aux ce cette ces qui ne pas plus sont \u00eatre avez avons pouvez peux puis "
                "oui non bonjour merci mais ou o\u00f9 comment si \u00e0 par ou quel quelle "
                "\u00e9t\u00e9 mon ma mes sans tr\u00e8s aussi du en que de la un ai a ",
    [LANG_OTHER] = " und der die das ist nicht ich sie ein eine mit f\u00fcr wir ihr auf von zu "
                   "den dem haben wird il che della di sono per con una questo \u00e8 n\u00e3o "
                   "voc\u00ea uma com os um em seu sua para obrigado het een van niet jest nie "
                   "och att det som bir bu ve ",
};

typedef struct tally {
    size_t han;
    size_t kana;
    size_t cyrillic;
    size_t not_russian;
    size_t arabic;
    size_t letters; /* Latin */
    size_t words;
    unsigned scores[LANGS];
} tally;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A link, an address, a number, an id: the same in every language. */
static bool says_nothing(ob_span piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        if (obi_is_digit(piece.ptr[i]) || piece.ptr[i] == '@' || piece.ptr[i] == '_') {
            return true;
        }
    }
    return ob_span_find(piece, OB_SPAN("://"), 0) != SIZE_MAX ||
           ob_span_has_prefix(piece, OB_SPAN("www."));
}

static void count_accent(tally *t, uint32_t rune)
{
    switch (rune) {
    case 0xf1: /* n with tilde */
    case 0xbf:
    case 0xa1: /* turned marks */
        t->scores[LANG_ES] += 2;
        break;
    case 0xe1:
    case 0xed:
    case 0xf3:
    case 0xfa:
        t->scores[LANG_ES]++;
        break;
    case 0xe0:
    case 0xe7:
    case 0xe8:
    case 0xea:
    case 0xee:
    case 0xf4:
    case 0xfb:
    case 0x153:
        t->scores[LANG_FR]++;
        break;
    case 0xe3:
    case 0xf5:
    case 0xdf:
    case 0xe4:
    case 0xf6:
    case 0xe5:
    case 0x142:
        t->scores[LANG_OTHER] += 2;
        break;
    default:
        break;
    }
}

static void count_word(tally *t, const char *word, size_t len)
{
    char key[40];
    if (len == 0 || len > sizeof key - 2) {
        return;
    }
    key[0] = ' ';
    memcpy(key + 1, word, len);
    key[len + 1] = ' ';
    t->words++;
    for (size_t i = 0; i < LANGS; i++) {
        bool listed = ob_span_find(ob_span_str(latin[i]), (ob_span){key, len + 2}, 0) != SIZE_MAX;
        t->scores[i] += listed ? 2 : 0;
    }
}

/* l', d', qu' before a word are French, n't and 're behind one are English. */
static void count_elision(tally *t, const char *word, size_t len, ob_span rest)
{
    static const char *const french[] = {"l", "d", "j", "n", "c", "qu", "s", "m"};
    static const char *const english[] = {"t", "re", "ll", "ve", "s", "m"};
    size_t end = 0;
    while (end < rest.len && obi_is_alpha(rest.ptr[end])) {
        end++;
    }
    for (size_t i = 0; i < OB_COUNT(english); i++) {
        if (ob_span_is_nocase(ob_span_sub(rest, 0, end), ob_span_str(english[i]))) {
            t->scores[LANG_EN] += 2;
            return;
        }
    }
    for (size_t i = 0; i < OB_COUNT(french); i++) {
        if (ob_span_is_str((ob_span){word, len}, french[i])) {
            t->scores[LANG_FR] += 2;
        }
    }
}

/* Lower case of the letters that these languages use. */
static uint32_t lower(uint32_t rune)
{
    bool latin1 = rune >= 0xc0 && rune <= 0xde && rune != 0xd7;
    return (rune >= 'A' && rune <= 'Z') || latin1 ? rune + 32 : rune == 0x152 ? 0x153 : rune;
}

static void count_rune(tally *t, uint32_t rune)
{
    t->han += rune >= 0x4e00 && rune <= 0x9fff;
    t->kana += (rune >= 0x3040 && rune <= 0x30ff) || (rune >= 0xac00 && rune <= 0xd7a3);
    t->cyrillic += rune >= 0x400 && rune <= 0x4ff;
    t->not_russian += rune == 0x456 || rune == 0x457 || rune == 0x454 || rune == 0x491 ||
                      rune == 0x45e || rune == 0x458;
    t->arabic += rune >= 0x620 && rune <= 0x64a;
}

static void count_piece(tally *t, ob_span piece)
{
    char word[64];
    size_t len = 0;
    uint32_t rune = 0;
    for (size_t pos = 0; ob_utf8_next(piece, &pos, &rune);) {
        uint32_t low = lower(rune);
        bool letter = (low >= 'a' && low <= 'z') || (low >= 0xdf && low <= 0x17f && low != 0xf7);
        count_rune(t, rune);
        count_accent(t, low);
        if (letter) {
            t->letters++;
            len = len + 4 < sizeof word ? len + ob_utf8_put(low, word + len) : len;
            continue;
        }
        if (rune == '\'' || rune == 0x2019) {
            count_elision(t, word, len, ob_span_sub(piece, pos, piece.len));
        } else {
            count_word(t, word, len);
        }
        len = 0;
    }
    count_word(t, word, len);
}

static ob_span by_words(const tally *t)
{
    static const char *const names[LANGS] = {"en", "es", "fr", ""};
    size_t best = 0;
    bool tie = false;
    for (size_t i = 1; i < LANGS; i++) {
        tie = t->scores[i] == t->scores[best] || (tie && t->scores[i] < t->scores[best]);
        best = t->scores[i] > t->scores[best] ? i : best;
    }
    /* In running text every eighth word at least is one of the small ones. */
    bool enough = t->scores[best] > 0 && (size_t)t->scores[best] * 4 >= t->words;
    return ob_span_str(enough && !tie ? names[best] : "");
}

ob_span ob_lang_guess(ob_span text)
{
    tally t = {0};
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !is_blank(text.ptr[end])) {
            end++;
        }
        ob_span piece = ob_span_sub(text, at, end);
        bool ascii = true;
        for (size_t i = 0; i < piece.len; i++) {
            ascii = ascii && (unsigned char)piece.ptr[i] < 0x80;
        }
        /* Chinese has no blanks: there a digit or a link stands within the sentence. */
        if (!ascii || !says_nothing(piece)) {
            count_piece(&t, piece);
        }
        at = end + 1;
    }
    /* A Chinese character holds about as much as three letters. */
    size_t chinese = t.han * 3;
    if (t.kana * 3 > t.han && t.kana * 3 > t.letters) {
        return ob_span_str("");
    }
    if (chinese > 0 && chinese >= t.letters && chinese >= t.cyrillic && chinese >= t.arabic) {
        return ob_span_str("zh");
    }
    if (t.cyrillic > 0 && t.cyrillic >= t.letters && t.cyrillic >= t.arabic) {
        return ob_span_str(t.not_russian * 40 > t.cyrillic ? "" : "ru");
    }
    if (t.arabic > 0 && t.arabic >= t.letters) {
        return ob_span_str("ar");
    }
    return by_words(&t);
}
