/* SPDX-License-Identifier: Apache-2.0 */
/* What a session remembers of the turns before: the words that were said last. */
#include "detect/gather_core.h"

/* So many words stay together with the next turn, from where a sentence begins among them. More of
 * them found no more attacks, and more that only met by chance. */
#define RECALL_WORDS 24

void obi_passages_recall(obi_passages *p, ob_span said)
{
    obi_gather *g = &p->gather;
    size_t pos = 0;
    while (g->count < RECALL_WORDS) {
        obi_token *word = &g->words[g->count];
        if (!obi_reader_next(&p->reader, said, &pos, true, word)) {
            break;
        }
        /* It stands before the text. */
        word->start = 0;
        word->end = 0;
        obi_gather_add(g, p->lexicon, word, p->reader.folded);
    }
    g->fresh = g->count;
    obi_reader_start(&p->reader);
}

/* Where the last words begin, with the signs before the first of them. */
static size_t newest_from(obi_reader *reader, ob_span text)
{
    struct {
        size_t at;
        bool begins;
    } last[RECALL_WORDS];

    size_t count = 0;
    size_t pos = 0;
    size_t behind = 0;
    obi_token word;
    obi_reader_start(reader);
    while (obi_reader_next(reader, text, &pos, true, &word)) {
        last[count % RECALL_WORDS].at = behind;
        last[count % RECALL_WORDS].begins = obi_begins_sentence(&word);
        behind = (size_t)word.end;
        count++;
    }
    if (count <= RECALL_WORDS) {
        return 0;
    }
    for (size_t i = count - RECALL_WORDS; i < count; i++) {
        if (last[i % RECALL_WORDS].begins) {
            return last[i % RECALL_WORDS].at;
        }
    }
    return last[count % RECALL_WORDS].at;
}

size_t obi_passages_said(obi_passages *p, char *said, size_t len)
{
    char room[2 * OB_SESSION_BYTES + 1];
    size_t newest = p->raw_len < OB_SESSION_BYTES ? p->raw_len : OB_SESSION_BYTES;
    ob_span text = {p->raw + p->raw_len - newest, newest};
    memcpy(room, said, len);
    size_t used = len;
    if (used > 0) {
        room[used++] = '\n';
    }
    if (text.len > 0) {
        memcpy(room + used, text.ptr, text.len);
    }
    used += text.len;
    size_t from = used < OB_SESSION_BYTES ? 0 : used - OB_SESSION_BYTES;
    while (from > 0 && from < used && ((unsigned char)room[from] & 0xc0) == 0x80) {
        from++;
    }
    from += newest_from(&p->reader, (ob_span){room + from, used - from});
    memcpy(said, room + from, used - from);
    ob_wipe(room, sizeof room);
    return used - from;
}
