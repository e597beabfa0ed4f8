/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a store: which one is opened, which is refused, how private it is. */
#include "store_kit.h"

static mode_t mode_of(const kit *k, const char *suffix)
{
    char path[SCRATCH_FILE_MAX + 8];
    struct stat s = {0};
    (void)snprintf(path, sizeof path, "%s%s", k->path, suffix);
    assert_int_equal(stat(path, &s), 0);
    return s.st_mode & 07777;
}

/* An empty file that somebody made before us, open to all. */
static void an_empty_file_becomes_private(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    int fd = open(k->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, 0644), 0);
    assert_int_equal(close(fd), 0);
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_int_equal(mode_of(k, ""), 0600);
}

static void settings_are_as_documented(void **state)
{
    const kit *k = *state;

    static const struct {
        const char *sql;
        const char *value;
    } rows[] = {
        {"PRAGMA application_id", "1332568693"},
        {"PRAGMA user_version", "1"},
        {"PRAGMA journal_mode", "wal"},
        {"SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict AND name IN "
         "('run', 'record')",
         "2"},
    };

    ob_err err = {0};
    ob_store store = {0};
    assert_ok(ob_store_open(&store, k->path, false, &err));
    ob_store_close(&store);
    ob_store_close(&store); /* closing twice is fine */
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(k->path, &db), SQLITE_OK);
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        sqlite3_stmt *s = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, rows[i].sql, -1, &s, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(s), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(s, 0), rows[i].value);
        (void)sqlite3_finalize(s);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void write_file(const kit *k, const char *text)
{
    ob_err err = {0};
    assert_ok(ob_file_write(k->path, ob_span_str(text), 0600, &err));
}

static void strangers_are_refused_unchanged(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    assert_fails(ob_store_open(&store, k->path, true, &err), OB_ERR_STORE, "No such file");
    assert_fails(ob_store_open(&store, "/nonexistent/x.db", false, &err), OB_ERR_STORE,
                 "No such file");
    assert_fails(ob_store_open(&store, k->folder, false, &err), OB_ERR_STORE, k->folder);
    assert_fails(ob_store_open(&store, k->folder, true, &err), OB_ERR_STORE, k->folder);

    static const char notes[] = "shopping list: 1 lb of apples, 2 lb of pears, and so on\n";
    OB_AUTO(ob_buf) kept = {.max = 4096};
    write_file(k, notes);
    assert_fails(ob_store_open(&store, k->path, false, &err), OB_ERR_STORE, "not a database");
    assert_int_equal(err.code, SQLITE_NOTADB);
    assert_ok(ob_file_read(k->path, &kept, &err));
    assert_span(ob_buf_span(&kept), notes);
    assert_int_equal(unlink(k->path), 0);

    kit_sql(k, "CREATE TABLE recipes (name TEXT)");
    assert_fails(ob_store_open(&store, k->path, false, &err), OB_ERR_STORE,
                 "is no evidence store of ombud");
    assert_fails(ob_store_open(&store, k->path, true, &err), OB_ERR_STORE,
                 "is no evidence store of ombud");
    assert_null(store.core);
}

static void a_queue_of_the_system_does_not_block(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    assert_int_equal(mkfifo(k->path, 0600), 0);
    assert_fails(ob_store_open(&store, k->path, true, &err), OB_ERR_STORE, "not a regular file");
    assert_fails(ob_store_open(&store, k->path, false, &err), OB_ERR_STORE, "not a regular file");
}

static void versions_are_refused(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    assert_ok(ob_store_open(&store, k->path, false, &err));
    ob_store_close(&store);
    kit_sql(k, "PRAGMA user_version = 2");
    assert_fails(ob_store_open(&store, k->path, false, &err), OB_ERR_STORE,
                 "written by a newer ombud (format 2, this one knows 1)");
    kit_sql(k, "PRAGMA user_version = 0");
    assert_fails(ob_store_open(&store, k->path, false, &err), OB_ERR_STORE, "format 0");
}

/* A link is another name of the same store, which one process writes at a time. */
static void a_link_does_not_open_a_second_way(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    OB_AUTO_CLOSE(ob_store) again = {0};
    char link[SCRATCH_FILE_MAX];
    char id[40];
    (void)snprintf(link, sizeof link, "%s/link.db", k->folder);
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("s.yaml"), id, &err));
    assert_int_equal(symlink("evidence.db", link), 0);
    assert_ok(ob_store_open(&again, link, false, &err));
    assert_fails(ob_store_run_new(&again, OB_SPAN("s"), OB_SPAN("s.yaml"), id, &err), OB_ERR_STORE,
                 "another ombud is writing");
    (void)snprintf(link, sizeof link, "%s/link.db-lock", k->folder);
    assert_int_not_equal(access(link, F_OK), 0);
    (void)snprintf(link, sizeof link, "%s/link.db", k->folder);
    assert_int_equal(unlink(link), 0);
}

/* Names that SQLite would read as something else than a file. */
static void names_are_only_names(void **state)
{
    static const char *const names[] = {":memory:", "file:x.db?mode=memory", "file:x.db"};
    static const char *const beside[] = {"", "-lock", "-wal", "-shm"};
    const kit *k = *state;
    ob_err err = {0};
    int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(chdir(k->folder), 0);
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        ob_store store = {0};
        char run[40];
        OB_AUTO(ob_arena) arena = {0};
        ob_run_info info = {0};
        assert_ok(ob_store_open(&store, names[i], false, &err));
        assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err));
        ob_store_close(&store);
        assert_ok(ob_store_open(&store, names[i], true, &err));
        assert_ok(ob_store_run_find(&store, &arena, run, &info, &err));
        ob_store_close(&store);
        for (size_t j = 0; j < OB_COUNT(beside); j++) {
            char path[64];
            (void)snprintf(path, sizeof path, "%s%s", names[i], beside[j]);
            assert_true(unlink(path) == 0 || j > 1); /* the file and its lock must be there */
        }
    }
    assert_int_equal(fchdir(back), 0);
    assert_int_equal(close(back), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_file_becomes_private, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(settings_are_as_documented, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(strangers_are_refused_unchanged, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_queue_of_the_system_does_not_block, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(versions_are_refused, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_link_does_not_open_a_second_way, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(names_are_only_names, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests_name("store_files", tests, NULL, NULL);
}
