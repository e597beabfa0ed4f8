/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong around the store: a call of the file system that fails, memory that is out, a
 * process that is killed, several processes at once. Afterwards the chain holds and everything that
 * was reported as written is there.
 */
#include "store_kit.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Between SQLite and the system: calls that change a file are counted, and one of them fails. */
static struct fault {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    long left; /* calls until the failure; below 0: none fails */
    long more; /* how many fail from then on */
    int code;  /* what they answer */
    bool hit;
} fault;

typedef struct fault_file {
    sqlite3_file base;
    sqlite3_io_methods methods;
    sqlite3_file *real; /* behind this struct, in the same memory */
} fault_file;

static int strike(void)
{
    if (fault.left > 0) {
        fault.left--;
    } else if (fault.left == 0) {
        fault.hit = true;
        if (--fault.more <= 0) {
            fault.left = -1;
        }
        return fault.code;
    }
    return SQLITE_OK;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((fault_file *)file)->real;
}

static int fault_write(sqlite3_file *f, const void *bytes, int count, sqlite3_int64 at)
{
    int code = strike();
    if (code != SQLITE_OK) {
        /* Half of it gets there: a torn page. */
        (void)real_of(f)->pMethods->xWrite(real_of(f), bytes, count / 2, at);
        return code;
    }
    return real_of(f)->pMethods->xWrite(real_of(f), bytes, count, at);
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int code = strike();
    return code != SQLITE_OK ? code : real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int fault_sync(sqlite3_file *f, int flags)
{
    int code = strike();
    return code != SQLITE_OK ? code : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int fault_shm_map(sqlite3_file *f, int page, int size, int extend, volatile void **out)
{
    int code = strike();
    return code != SQLITE_OK ? code
                             : real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int fault_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int fault_read(sqlite3_file *f, void *to, int count, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), to, count, at);
}

static int fault_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int fault_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int fault_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int fault_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int fault_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int fault_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int fault_device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int fault_shm_lock(sqlite3_file *f, int offset, int count, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, count, flags);
}

static void fault_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int fault_shm_unmap(sqlite3_file *f, int away)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), away);
}

static int fault_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                      int *out)
{
    fault_file *f = (fault_file *)file;
    (void)vfs;
    *f = (fault_file){.real = (sqlite3_file *)(void *)(f + 1)};
    int code = fault.real->xOpen(fault.real, name, f->real, flags, out);
    if (f->real->pMethods != NULL) {
        f->methods = (sqlite3_io_methods){.iVersion = 2,
                                          .xClose = fault_close,
                                          .xRead = fault_read,
                                          .xWrite = fault_write,
                                          .xTruncate = fault_truncate,
                                          .xSync = fault_sync,
                                          .xFileSize = fault_size,
                                          .xLock = fault_lock,
                                          .xUnlock = fault_unlock,
                                          .xCheckReservedLock = fault_reserved,
                                          .xFileControl = fault_control,
                                          .xSectorSize = fault_sector,
                                          .xDeviceCharacteristics = fault_device,
                                          .xShmMap = fault_shm_map,
                                          .xShmLock = fault_shm_lock,
                                          .xShmBarrier = fault_shm_barrier,
                                          .xShmUnmap = fault_shm_unmap};
        f->base.pMethods = &f->methods;
    }
    return code;
}

static int fault_on(void **state)
{
    if (fault.real == NULL) {
        fault.real = sqlite3_vfs_find(NULL);
        fault.vfs = *fault.real;
        fault.vfs.zName = "fault";
        fault.vfs.szOsFile = (int)sizeof(fault_file) + fault.real->szOsFile;
        fault.vfs.xOpen = fault_open;
    }
    fault.left = -1;
    return sqlite3_vfs_register(&fault.vfs, 1) == SQLITE_OK ? kit_setup(state) : -1;
}

static int fault_off(void **state)
{
    fault.left = -1;
    return sqlite3_vfs_unregister(&fault.vfs) == SQLITE_OK ? kit_teardown(state) : -1;
}

/* Lets call number 0, 1, 2 ... fail until nothing fails any more. */
static long sweep(const kit *k, int code, long more, const char *text)
{
    for (long n = 0;; n++) {
        ob_err err = {0};
        kit_done w = {0};
        fault.left = n;
        fault.more = more;
        fault.code = code;
        fault.hit = false;
        bool good = kit_work(k, &w, &err);
        bool hit = fault.hit;
        fault.left = -1;
        if (!good) {
            assert_true(hit);
            assert_int_equal(err.kind, OB_ERR_STORE);
            assert_int_equal(err.code & 0xff, code & 0xff);
            assert_non_null(strstr(err.text, k->path));
            assert_non_null(strstr(err.text, text));
            assert_null(strchr(err.text, '\n'));
        }
        kit_check(k, &w);
        kit_remove(k);
        if (!hit) {
            assert_true(good);
            print_message("# swept %ld points: changes of files, code %d, %ld of them\n", n, code,
                          more);
            return n;
        }
    }
}

static void a_full_disk_loses_nothing(void **state)
{
    /* Once, and from then on for ever. */
    assert_true(sweep(*state, SQLITE_FULL, 1, "make room on the disk") > 30);
    assert_true(sweep(*state, SQLITE_FULL, 1000000, "make room on the disk") > 30);
}

static void a_broken_disk_loses_nothing(void **state)
{
    assert_true(sweep(*state, SQLITE_IOERR_WRITE, 1, "disk I/O error") > 30);
    assert_true(sweep(*state, SQLITE_IOERR_FSYNC, 1000000, "disk I/O error") > 30);
}

/* The same store object goes on once there is room again. */
static void room_again_and_on(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    char run[40];
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 1, &err));
    fault.left = 0;
    fault.more = 1000000;
    fault.code = SQLITE_FULL;
    assert_fails(kit_append(&store, OB_RECORD_TURN, 2, &err), OB_ERR_STORE, "disk is full");
    assert_fails(kit_append(&store, OB_RECORD_TURN, 2, &err), OB_ERR_STORE, "disk is full");
    fault.left = -1;
    assert_ok(ob_store_begin(&store, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 2, &err));
    assert_ok(kit_append(&store, OB_RECORD_TURN, 3, &err));
    assert_ok(ob_store_commit(&store, &err));
    assert_int_equal(kit_count(&store, &(ob_record_query){.run = run, .trial = -1}), 3);
    ob_store_close(&store);
    assert_int_equal(kit_verify(k, run, NULL), 0);
}

/* WAL needs a folder that may be written to; without one the error says so. */
static void open_in_closed_folder(const kit *k, const char *text)
{
    int status = -1;
    char lock[SCRATCH_FILE_MAX + 8];
    (void)snprintf(lock, sizeof lock, "%s-lock", k->path);
    assert_int_equal(chmod(k->folder, 0555), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(k->path, 65534, 65534), 0);
        assert_true(chown(lock, 65534, 65534) == 0 || errno == ENOENT);
    }
    pid_t child = fork();
    if (child == 0) {
        ob_err err = {0};
        ob_store store = {0};
        char run[40];
        bool lowered = geteuid() != 0 || seteuid(65534) == 0;
        bool refused = lowered &&
                       (!ob_store_open(&store, k->path, false, &err) ||
                        !ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err)) &&
                       err.kind == OB_ERR_STORE && strstr(err.text, text) != NULL;
        if (!refused) {
            (void)fprintf(stderr, "# %s\n", err.text);
        }
        _exit(refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(k->folder, 0700), 0);
    assert_int_equal(status, 0);
}

static void a_closed_folder_is_told(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store store = {0};
    assert_ok(ob_file_write(k->path, OB_SPAN(""), 0600, &err));
    open_in_closed_folder(k, "-lock: Permission denied");
    assert_ok(ob_store_open(&store, k->path, false, &err));
    ob_store_close(&store);
    open_in_closed_folder(k, "it needs a folder that it may write to");
}

/* Kept where a killed child leaves it: how many records it was told are written. */
typedef struct tally {
    volatile uint64_t written;
    volatile bool ready;
} tally;

/* Appends until it is killed, by ones and by batches. It ends with its parent, too. */
static void write_on(const kit *k, const char *run, tally *t)
{
    ob_err err = {0};
    ob_store store = {0};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || !ob_store_open(&store, k->path, false, &err) ||
        !ob_store_run_resume(&store, run, &err)) {
        _exit(1);
    }
    t->ready = true;
    for (int64_t n = 0;; n++) {
        uint64_t batch = 1 + (uint64_t)n % 4;
        if (batch > 1 && !ob_store_begin(&store, &err)) {
            _exit(2);
        }
        for (uint64_t i = 0; i < batch; i++) {
            if (!kit_append(&store, OB_RECORD_TURN, n, &err)) {
                _exit(3);
            }
        }
        if (batch > 1 && !ob_store_commit(&store, &err)) {
            _exit(4);
        }
        t->written += batch;
    }
}

static void pause_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* Reads and verifies beside the writer; every look is at one moment. */
static void look_beside(const kit *k, const char *run)
{
    ob_err err = {0};
    OB_AUTO_CLOSE(ob_store) store = {0};
    uint64_t before = 0;
    assert_ok(ob_store_open(&store, k->path, true, &err));
    for (int i = 0; i < 4; i++) {
        bool good = false;
        uint64_t bad = 0;
        assert_ok(ob_store_verify(&store, run, NULL, &good, &bad, &err));
        if (!good) {
            fail_msg("a reader found record %llu changed", (unsigned long long)bad);
        }
        uint64_t count = kit_count(&store, &(ob_record_query){.run = run, .trial = -1});
        assert_true(count >= before);
        before = count;
    }
}

static void kills_lose_nothing(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    char run[40];
    ob_store store = {0};
    ob_rng rng = {0};
    tally *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(t != MAP_FAILED);
    assert_ok(ob_rng_init(&rng, OB_SPAN("kill"), OB_SPAN("store"), &err));
    assert_ok(ob_store_open(&store, k->path, false, &err));
    assert_ok(ob_store_run_new(&store, OB_SPAN("s"), OB_SPAN("p"), run, &err));
    ob_store_close(&store);
    for (int round = 0; round < 25; round++) {
        OB_AUTO(ob_arena) arena = {0};
        ob_run_info info = {0};
        int status = 0;
        t->ready = false;
        pid_t child = fork();
        if (child == 0) {
            write_on(k, run, t);
        }
        while (!t->ready && waitpid(child, &status, WNOHANG) == 0) {
            pause_us(100);
        }
        if (round % 5 == 0) {
            look_beside(k, run);
        }
        pause_us((long)ob_rng_below(&rng, 8000));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); /* not by an error of its own */
        assert_ok(ob_store_open(&store, k->path, true, &err));
        assert_ok(ob_store_run_find(&store, &arena, run, &info, &err));
        if (info.records < t->written) {
            fail_msg("%llu written, %llu found", (unsigned long long)t->written,
                     (unsigned long long)info.records);
        }
        t->written = info.records; /* a commit may have come through untold */
        ob_store_close(&store);
        assert_int_equal(kit_verify(k, run, &info.last), 0);
    }
    assert_true(t->written > 25);
    assert_int_equal(munmap(t, sizeof *t), 0);
}

/* Several processes find no store and make it at once. */
static void makers_do_not_collide(void **state)
{
    enum {
        MAKERS = 6
    };

    const kit *k = *state;
    for (int round = 0; round < 10; round++) {
        pid_t children[MAKERS];
        for (size_t i = 0; i < MAKERS; i++) {
            children[i] = fork();
            if (children[i] == 0) {
                ob_err err = {0};
                ob_store store = {0};
                bool good = ob_store_open(&store, k->path, false, &err);
                if (!good) {
                    (void)fprintf(stderr, "# %s\n", err.text);
                }
                ob_store_close(&store);
                _exit(good ? 0 : 1);
            }
        }
        int failed = 0;
        for (size_t i = 0; i < MAKERS; i++) {
            int status = -1;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            failed += status != 0;
        }
        assert_int_equal(failed, 0);
        kit_remove(k);
    }
}

/* Looking at a store twice in one process leaves the first look's locks alone: if it did not,
 * another process that closes the file as its last user would take the log away from a writer. */
static void a_second_look_drops_no_lock(void **state)
{
    const kit *k = *state;
    ob_err err = {0};
    ob_store writer = {0};
    ob_store look = {0};
    struct stat before = {0};
    struct stat after = {0};
    char run[40];
    char log[SCRATCH_FILE_MAX + 8];
    int pipes[2];
    int status = -1;
    (void)snprintf(log, sizeof log, "%s-wal", k->path);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork(); /* before anything is open: SQLite does not survive a fork */
    if (child == 0) {
        sqlite3 *db = NULL;
        char go = 0;
        (void)close(pipes[1]);
        bool good =
            read(pipes[0], &go, 1) == 1 && sqlite3_open(k->path, &db) == SQLITE_OK &&
            sqlite3_exec(db, "SELECT count(*) FROM record", NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_close(db) == SQLITE_OK;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(close(pipes[0]), 0);
    assert_ok(ob_store_open(&writer, k->path, false, &err));
    assert_ok(ob_store_run_new(&writer, OB_SPAN("s"), OB_SPAN("p"), run, &err));
    assert_ok(kit_append(&writer, OB_RECORD_TURN, 1, &err));
    assert_ok(ob_store_open(&look, k->path, true, &err));
    ob_store_close(&look);
    assert_ok(ob_store_open(&look, k->path, false, &err));
    ob_store_close(&look);
    assert_int_equal(stat(log, &before), 0);
    assert_int_equal(write(pipes[1], "g", 1), 1);
    assert_int_equal(close(pipes[1]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(stat(log, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_ok(kit_append(&writer, OB_RECORD_TURN, 2, &err));
    ob_store_close(&writer);
    assert_int_equal(kit_verify(k, run, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, fault_on, fault_off),
        cmocka_unit_test_setup_teardown(a_broken_disk_loses_nothing, fault_on, fault_off),
        cmocka_unit_test_setup_teardown(room_again_and_on, fault_on, fault_off),
        cmocka_unit_test_setup_teardown(a_closed_folder_is_told, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(kills_lose_nothing, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_second_look_drops_no_lock, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(makers_do_not_collide, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests_name("store_fault", tests, NULL, NULL);
}
