/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/index.h"

#include <ombud/text.h>

#include <sqlite3.h>

struct ob_index_core {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

static bool fail(struct ob_index_core *core, ob_err *err)
{
    int code = sqlite3_errcode(core->db);
    return ob_fail(err, code == SQLITE_NOMEM ? OB_ERR_NOMEM : OB_ERR_BUG, "the text index: %s",
                   sqlite3_errmsg(core->db));
}

bool ob_index_open(ob_index *index, ob_err *err)
{
    static const char make[] = "CREATE VIRTUAL TABLE t USING fts5(names, title, topics, body,"
                               " tokenize = 'porter unicode61 remove_diacritics 2'); BEGIN";
    struct ob_index_core *core = ob_mem_new(sizeof *core);
    if (core == NULL) {
        return ob_fail(err, OB_ERR_NOMEM, "out of memory for a text index");
    }
    *core = (struct ob_index_core){0};
    bool good = (sqlite3_open_v2(":memory:", &core->db,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                     SQLITE_OPEN_MEMORY,
                                 NULL) == SQLITE_OK &&
                 sqlite3_exec(core->db, make, NULL, NULL, NULL) == SQLITE_OK &&
                 sqlite3_prepare_v2(core->db,
                                    "INSERT INTO t (rowid, names, title, topics, body)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5)",
                                    -1, &core->insert, NULL) == SQLITE_OK) ||
                fail(core, err);
    ob_index opened = {core};
    if (!good) {
        ob_index_close(&opened);
        return false;
    }
    *index = opened;
    return true;
}

void ob_index_close(ob_index *index)
{
    if (index == NULL || index->core == NULL) {
        return;
    }
    (void)sqlite3_finalize(index->core->insert);
    (void)sqlite3_close_v2(index->core->db);
    ob_mem_free(index->core);
    index->core = NULL;
}

static int bind(sqlite3_stmt *s, int at, ob_span text)
{
    return sqlite3_bind_text64(s, at, text.ptr == NULL ? "" : text.ptr, text.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

bool ob_index_add(ob_index *index, uint32_t number, ob_span names, ob_span title, ob_span topics,
                  ob_span text, ob_err *err)
{
    struct ob_index_core *core = index->core;
    sqlite3_stmt *s = core->insert;
    bool good = sqlite3_bind_int64(s, 1, (sqlite3_int64)number + 1) == SQLITE_OK &&
                bind(s, 2, names) == SQLITE_OK && bind(s, 3, title) == SQLITE_OK &&
                bind(s, 4, topics) == SQLITE_OK && bind(s, 5, text) == SQLITE_OK &&
                sqlite3_step(s) == SQLITE_DONE;
    good = good || fail(core, err);
    (void)sqlite3_reset(s);
    return good;
}

/* Each word becomes a quoted string, so nothing in it is syntax of FTS5. */
static bool expression(ob_buf *out, ob_span words, ob_index_how how)
{
    bool first = true;
    for (size_t at = 0; at < words.len;) {
        size_t start = at;
        while (at < words.len && strchr(" \t\r\n\"", words.ptr[at]) == NULL) {
            at++;
        }
        ob_span word = ob_span_sub(words, start, at);
        at++;
        bool letters = false;
        for (size_t i = 0; i < word.len; i++) {
            char c = word.ptr[i];
            letters = letters || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                      (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
        }
        if (letters) {
            const char *between = how == OB_INDEX_PHRASE ? " + \""
                                  : how == OB_INDEX_ALL  ? " AND \""
                                                         : " OR \"";
            ob_buf_add_str(out, first ? "\"" : between);
            ob_buf_add(out, word);
            ob_buf_add_str(out, "\"");
            first = false;
        }
    }
    return !first;
}

bool ob_index_search(ob_index *index, ob_arena *arena, ob_span words, ob_index_how how, size_t max,
                     ob_match **matches, size_t *count, ob_err *err)
{
    static const char sql[] = "SELECT rowid, bm25(t, 10.0, 5.0, 3.0, 1.0) FROM t WHERE t MATCH ?1"
                              " ORDER BY 2, 1 LIMIT ?2";
    OB_AUTO(ob_buf) query = {.max = 65536};
    struct ob_index_core *core = index->core;
    sqlite3_stmt *s = NULL;
    size_t used = 0;
    ob_match *list = OB_NEW(arena, ob_match, max, err);
    bool asks = expression(&query, words, how);
    if (list == NULL || !ob_buf_check(&query, "the words of a search", err)) {
        return false;
    }
    bool good = true;
    if (asks) {
        good = (sqlite3_prepare_v2(core->db, sql, -1, &s, NULL) == SQLITE_OK &&
                bind(s, 1, ob_buf_span(&query)) == SQLITE_OK &&
                sqlite3_bind_int64(s, 2, (sqlite3_int64)max) == SQLITE_OK) ||
               fail(core, err);
        int code = SQLITE_DONE;
        while (good && used < max && (code = sqlite3_step(s)) == SQLITE_ROW) {
            list[used++] = (ob_match){.number = (uint32_t)(sqlite3_column_int64(s, 0) - 1),
                                      .rank = sqlite3_column_double(s, 1)};
        }
        good = good && (code == SQLITE_DONE || code == SQLITE_ROW || fail(core, err));
        (void)sqlite3_finalize(s);
    }
    if (good) {
        *matches = list;
        *count = used;
    }
    return good;
}
