/* SPDX-License-Identifier: Apache-2.0 */
/* The detector of a command: rules that a file holds ready, so that it starts at once. */
#include "cli/scan.h"
#include "detect/rules.h"

#include <unistd.h>

#define NAME "detectors.obr"

/* The shipped file: beside a program in its build folder, else as installed. Without one the rules
 * are compiled. */
static const char *shipped(char *path, size_t cap)
{
    ssize_t length = readlink("/proc/self/exe", path, cap - sizeof NAME - 1);
    if (length > 0) {
        path[length] = '\0';
        char *slash = strrchr(path, '/');
        if (slash != NULL) {
            memcpy(slash + 1, NAME, sizeof NAME);
            if (access(path, R_OK) == 0) {
                return path;
            }
        }
    }
    static const char installed[] = OB_DATADIR "/" NAME;
    return access(installed, R_OK) == 0 ? installed : NULL;
}

bool ob_cli_detector(const ob_args *args, const char *rules, ob_detector **detector, ob_err *err)
{
    char self[4096];
    OB_AUTO(ob_buf) compiled = {.max = OB_RULES_FILE_MAX};
    const char *path = rules != NULL ? rules : shipped(self, sizeof self);
    bool stale = false;
    if (path != NULL && !ob_file_read(path, &compiled, err)) {
        return false;
    }
    if (path != NULL && compiled.len == 0) {
        return ob_fail(err, OB_ERR_INPUT,
                       "%.100s is empty; make it with 'ombud scan compile --out FILE'", path);
    }
    if (!ob_detector_new(detector, ob_buf_span(&compiled), &stale, err)) {
        return path == NULL || err->kind != OB_ERR_INPUT ? false : ob_wrap(err, "%.100s", path);
    }
    if (stale) {
        ob_cli_say(args,
                   "ombud: %s was made by another version or on another machine; its rules are "
                   "compiled anew at each start, 'ombud scan compile' mends that",
                   path);
    }
    return true;
}
