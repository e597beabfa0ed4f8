/* SPDX-License-Identifier: Apache-2.0 */
/* The table of runes. */
#include "detect/runes.h"

const uint8_t obi_rune_places[0x20000 / OBI_RUNE_PAGE] = {
#define PLACE(...) __VA_ARGS__,
#include "detect/rune_table.def"
#undef PLACE
};

const uint8_t obi_rune_pages[OBI_RUNE_PAGES][OBI_RUNE_PAGE] = {
#define PAGE(bytes) bytes,
#include "detect/rune_table.def"
#undef PAGE
};

uint8_t obi_rune_far(uint32_t rune)
{
    /* Tags and the second set of variation selectors; all other code points of their plane up to
     * U+E0FFF are ignorable, too. Before it is Han, behind it private use. */
    if (rune < 0xe0000 || rune > 0xe0fff) {
        return OBI_RUNE_ALONE;
    }
    bool tag = rune >= 0xe0001 && rune <= 0xe007f;
    bool selector = rune >= 0xe0100 && rune <= 0xe01ef;
    return tag || selector ? OBI_RUNE_HIDING : OBI_RUNE_INVISIBLE;
}
