/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of a test's own, below TMPDIR. All that a program makes goes when it ends, also where a
 * check failed on the way; a test that makes many gives each back as it goes.
 */
#ifndef OB_SCRATCH_H
#define OB_SCRATCH_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_MAX      256 /* bytes of a folder's path */
#define SCRATCH_FILE_MAX (SCRATCH_MAX + 64)

/* The folder that holds those of this process, and which process that is: a child that was forked
 * has a copy of both, and nothing to remove. */
static inline const char *scratch_root(bool ends)
{
    static char root[SCRATCH_MAX / 2];
    static pid_t owner;
    if (ends) {
        return owner == getpid() ? root : "";
    }
    if (root[0] == '\0') {
        const char *base = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
        if (base == NULL || base[0] == '\0') {
            /* Memory, where there is such a folder: some tests wait for thousands of syncs. */
            base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        }
        int len = snprintf(root, sizeof root, "%s/ombud-test-XXXXXX", base);
        /* Other users may pass: a test becomes one to meet a folder that is closed to it. */
        if (len < 0 || (size_t)len >= sizeof root || mkdtemp(root) == NULL ||
            chmod(root, 0711) != 0) {
            root[0] = '\0';
        }
        owner = getpid();
    }
    return root;
}

static inline int scratch_unlink(const char *path, const struct stat *info, int kind,
                                 struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

/* 0, or -1 as fixtures say it. */
static inline int scratch_remove(const char *folder)
{
    return nftw(folder, scratch_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void scratch_end(void)
{
    const char *root = scratch_root(true);
    if (root[0] != '\0' && chdir("/") == 0) {
        (void)scratch_remove(root);
    }
}

/* A new, empty folder of mode 0700. 0, or -1 as fixtures say it. */
static inline int scratch_make(char folder[static SCRATCH_MAX])
{
    static bool ends;
    const char *root = scratch_root(false);
    if (root[0] == '\0' || (!ends && atexit(scratch_end) != 0)) {
        return -1;
    }
    ends = true;
    (void)snprintf(folder, SCRATCH_MAX, "%s/XXXXXX", root);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

#endif
