/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out inside SQLite, at every place in turn: told, nothing lost, nothing leaked.
 */
#include "store_kit.h"

static struct memory {
    sqlite3_mem_methods real;
    long left; /* allocations until the failure; below 0: none fails */
    bool hit;
} memory = {.left = -1};

static bool strike(void)
{
    if (memory.left > 0) {
        memory.left--;
        return false;
    }
    if (memory.left == 0) {
        memory.left = -1;
        memory.hit = true;
        return true;
    }
    return false;
}

static void *memory_take(int bytes)
{
    return strike() ? NULL : memory.real.xMalloc(bytes);
}

static void *memory_resize(void *old, int bytes)
{
    return strike() ? NULL : memory.real.xRealloc(old, bytes);
}

/* SQLite takes some failures in its stride, so a hit may end well; a failure must say why. */
static void every_allocation_may_fail(void **state)
{
    const kit *k = *state;
    size_t told = 0;
    bool hit = true;
    for (long n = 0; hit; n++) {
        ob_err err = {0};
        kit_done w = {0};
        memory.hit = false;
        memory.left = n;
        bool good = kit_work(k, &w, &err);
        hit = memory.hit;
        memory.left = -1;
        if (!good) {
            assert_true(hit);
            if (err.kind != OB_ERR_NOMEM) {
                fail_msg("allocation %ld: %s", n, err.text);
            }
            assert_non_null(strstr(err.text, k->path));
            told++;
        }
        kit_check(k, &w);
        kit_remove(k);
    }
    print_message("# swept %zu points: memory of SQLite\n", told);
    assert_true(told > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, kit_setup, kit_teardown),
    };
    /* Before anything else: the small blocks that SQLite keeps aside would hide failures. */
    if (sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real) != SQLITE_OK) {
        return 1;
    }
    sqlite3_mem_methods mine = memory.real;
    mine.xMalloc = memory_take;
    mine.xRealloc = memory_resize;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) != SQLITE_OK) {
        return 1;
    }
    return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
