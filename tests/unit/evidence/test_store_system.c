/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store between two layers that fail. Below it: each system call of SQLite on its files fails
 * once, is interrupted, or does half. Above it: each step of a statement fails. What was reported
 * as written is there afterwards, nothing half counts, and the store goes on. Linked with
 * --wrap=sqlite3_step.
 */
#include "store_kit.h"

#include <errno.h>

typedef enum mishap {
    FAIL_EIO,
    FAIL_ENOSPC,
    INTERRUPTED, /* once; the call is made again */
    HALF         /* of the bytes, once */
} mishap;

static struct calls {
    long left; /* calls until the mishap; below 0: none */
    mishap what;
    bool struck;
} calls = {.left = -1};

static bool strikes(void)
{
    if (calls.left < 0 || calls.left-- > 0) {
        return false;
    }
    calls.struck = true;
    return true;
}

static ssize_t stumble(bool *half)
{
    *half = calls.what == HALF;
    errno = calls.what == FAIL_EIO ? EIO : calls.what == FAIL_ENOSPC ? ENOSPC : EINTR;
    return -1;
}

static ssize_t bad_write(int fd, const void *bytes, size_t count, off_t at)
{
    bool half = false;
    if (strikes() && stumble(&half) < 0 && !half) {
        return -1;
    }
    return pwrite(fd, bytes, half ? (count + 1) / 2 : count, at);
}

static ssize_t bad_read(int fd, void *to, size_t count, off_t at)
{
    bool half = false;
    if (strikes() && stumble(&half) < 0 && !half) {
        return -1;
    }
    return pread(fd, to, half ? (count + 1) / 2 : count, at);
}

static int bad_open(const char *path, int flags, int mode)
{
    bool half = false;
    return strikes() && stumble(&half) < 0 && !half ? -1
                                                    : open(path, flags | O_CLOEXEC, (mode_t)mode);
}

static int bad_truncate(int fd, off_t size)
{
    bool half = false;
    return strikes() && stumble(&half) < 0 && !half ? -1 : ftruncate(fd, size);
}

/* Which calls SQLite makes depends on how it was built: both names of each are taken. */
static const struct {
    const char *what;
    const char *names[2];
    sqlite3_syscall_ptr call;
} kinds[] = {
    {"writes", {"pwrite", "pwrite64"}, (sqlite3_syscall_ptr)(void (*)(void))bad_write},
    {"reads", {"pread", "pread64"}, (sqlite3_syscall_ptr)(void (*)(void))bad_read},
    {"opens", {"open", NULL}, (sqlite3_syscall_ptr)(void (*)(void))bad_open},
    {"truncations", {"ftruncate", NULL}, (sqlite3_syscall_ptr)(void (*)(void))bad_truncate},
};

static void take_calls(size_t kind, bool ours)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < 2 && kinds[kind].names[i] != NULL; i++) {
        (void)vfs->xSetSystemCall(vfs, kinds[kind].names[i], ours ? kinds[kind].call : NULL);
    }
}

static void check_error(const kit *k, const ob_err *err, const char *what, long n)
{
    if (err->kind != OB_ERR_STORE || strstr(err->text, k->path) == NULL ||
        strchr(err->text, '\n') != NULL || strlen(err->text) < strlen(k->path) + 10) {
        fail_msg("%s %ld: kind %s, '%s'", what, n, ob_err_kind_name(err->kind), err->text);
    }
}

/* Writes, then reads it all again, while call number n stumbles. */
static bool whole_work(const kit *k, kit_done *w, ob_err *err)
{
    ob_store store = {0};
    bool good = false;
    uint64_t bad = 0;
    if (!kit_work(k, w, err) || !ob_store_open(&store, k->path, true, err)) {
        return false;
    }
    bool read = ob_store_verify(&store, w->run, NULL, &good, &bad, err);
    assert_true(!read || good); /* what cannot be read is not changed evidence */
    ob_store_close(&store);
    return read;
}

static long sweep_calls(const kit *k, size_t kind, mishap what)
{
    static const char *const mishaps[] = {"EIO", "ENOSPC", "EINTR", "half"};
    long n = 0;
    take_calls(kind, true);
    for (bool struck = true; struck; n++) {
        ob_err err = {0};
        kit_done w = {0};
        calls = (struct calls){.left = n, .what = what};
        bool good = whole_work(k, &w, &err);
        struck = calls.struck;
        calls.left = -1;
        if (!good) {
            assert_true(struck);
            /* Interrupted or short calls are nobody's mistake; they are made again. */
            if (what == INTERRUPTED || what == HALF) {
                fail_msg("%s, %s at call %ld: %s", kinds[kind].what, mishaps[what], n, err.text);
            }
            check_error(k, &err, kinds[kind].what, n);
        }
        kit_check(k, &w);
        kit_remove(k);
    }
    take_calls(kind, false);
    print_message("# swept %ld points: %s, %s\n", n - 1, kinds[kind].what, mishaps[what]);
    return n - 1;
}

static void system_calls_fail(void **state)
{
    const kit *k = *state;
    assert_true(sweep_calls(k, 0, FAIL_EIO) > 30);
    assert_true(sweep_calls(k, 0, FAIL_ENOSPC) > 30);
    assert_true(sweep_calls(k, 0, INTERRUPTED) > 30);
    assert_true(sweep_calls(k, 0, HALF) > 30);
    assert_true(sweep_calls(k, 1, FAIL_EIO) > 8);
    assert_true(sweep_calls(k, 1, INTERRUPTED) > 8);
    assert_true(sweep_calls(k, 1, HALF) > 8);
    assert_true(sweep_calls(k, 2, FAIL_EIO) > 4);
    assert_true(sweep_calls(k, 2, INTERRUPTED) > 4);
    assert_true(sweep_calls(k, 3, FAIL_EIO) > 0);
}

/* Above: steps of statements */

int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);

static struct steps {
    long left;
    int code;
    bool struck;
} steps = {.left = -1};

int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    if (steps.left >= 0 && steps.left-- == 0) {
        steps.struck = true;
        return steps.code;
    }
    return __real_sqlite3_step(statement);
}

static long sweep_steps(const kit *k, int code)
{
    long n = 0;
    for (bool struck = true; struck; n++) {
        ob_err err = {0};
        kit_done w = {0};
        steps = (struct steps){.left = n, .code = code};
        bool good = whole_work(k, &w, &err);
        struck = steps.struck;
        steps.left = -1;
        if (good == struck) {
            fail_msg("step %ld, code %d: %s", n, code, good ? "passed over" : err.text);
        }
        if (!good) {
            check_error(k, &err, "step", n);
        }
        kit_check(k, &w);
        kit_remove(k);
    }
    print_message("# swept %ld points: steps, code %d\n", n - 1, code);
    return n - 1;
}

static void steps_fail(void **state)
{
    const kit *k = *state;
    assert_true(sweep_steps(k, SQLITE_IOERR) > 10);
    assert_true(sweep_steps(k, SQLITE_FULL) > 10);
    assert_true(sweep_steps(k, SQLITE_CORRUPT) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(system_calls_fail, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(steps_fail, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests_name("store_system", tests, NULL, NULL);
}
