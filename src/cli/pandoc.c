/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pandoc.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ombud/sys.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct folder {
    char path[2048]; /* empty: none yet */
    char page[2064];
    char docx[2064];
} folder;

static void folder_fini(folder *f)
{
    if (f->path[0] != '\0') {
        (void)unlink(f->page);
        (void)unlink(f->docx);
        (void)rmdir(f->path);
    }
}

static bool folder_make(folder *f, ob_err *err)
{
    if (!ob_cli_folder(f->path, sizeof f->path, "ombud-paper", err)) {
        return false;
    }
    (void)snprintf(f->page, sizeof f->page, "%s/paper.md", f->path);
    (void)snprintf(f->docx, sizeof f->docx, "%s/paper.docx", f->path);
    return true;
}

/* Ours, with the time that pandoc writes into the document: SOURCE_DATE_EPOCH. */
static bool environment(ob_arena *arena, ob_day day, char ***made, ob_err *err)
{
    size_t count = 0;
    ob_span epoch = {0};
    while (environ[count] != NULL) {
        count++;
    }
    char **list = OB_NEW(arena, char *, count + 2, err);
    if (list == NULL || !ob_arena_printf(arena, &epoch, err, "SOURCE_DATE_EPOCH=%lld",
                                         (long long)ob_day_count(day) * 86400)) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environ[i], "SOURCE_DATE_EPOCH=", 18) != 0) {
            list[used++] = environ[i];
        }
    }
    list[used] = (char *)(uintptr_t)epoch.ptr;
    *made = list;
    return true;
}

static bool run(const folder *f, ob_day day, ob_err *err)
{
    /* Not --sandbox: Debian's pandoc could not read its own templates. The text names no file. */
    const char *const argv[] = {"pandoc", "-f", "gfm", "-t", "docx", "-o", f->docx, f->page, NULL};
    OB_AUTO(ob_arena) arena = {0};
    char **variables = NULL;
    pid_t pid = 0;
    int status = 0;
    if (!environment(&arena, day, &variables, err)) {
        return false;
    }
    /* posix_spawnp only reads the texts. */
    int code = posix_spawnp(&pid, "pandoc", NULL, NULL, (char *const *)(uintptr_t)argv, variables);
    if (code == ENOENT) {
        return ob_fail(err, OB_ERR_USAGE,
                       "--format docx needs pandoc, which is not installed; html opens in a word "
                       "processor, too");
    }
    if (code != 0) {
        return ob_fail_errno(err, code, "cannot start pandoc");
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           ob_fail(err, OB_ERR_IO, "pandoc could not make the document");
}

bool ob_pandoc_docx(ob_buf *out, ob_span markdown, ob_day day, ob_err *err)
{
    folder f __attribute__((cleanup(folder_fini))) = {0};
    return folder_make(&f, err) && ob_file_write(f.page, markdown, 0600, err) &&
           run(&f, day, err) && ob_file_read(f.docx, out, err);
}
