/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays seeds through a fuzz target without a fuzzer: each argument is a file, or a folder whose
 * files are taken one by one. Also feeds every prefix of short seeds, because cut inputs are where
 * parsers break. A folder without files is a failure: a replay that replays nothing proves nothing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PREFIX_MAX 512

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        return -1;
    }
    static uint8_t bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    /* A copy of the exact size, so that AddressSanitizer sees a read behind the end. */
    for (size_t cut = size <= PREFIX_MAX ? 0 : size; cut <= size; cut++) {
        uint8_t *copy = malloc(cut == 0 ? 1 : cut);
        if (copy == NULL) {
            return -1;
        }
        for (size_t i = 0; i < cut; i++) {
            copy[i] = bytes[i];
        }
        (void)LLVMFuzzerTestOneInput(copy, cut);
        free(copy);
    }
    return 0;
}

static int replay_folder(const char *path, size_t *count)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        return -1;
    }
    int result = 0;
    for (const struct dirent *entry; result == 0 && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char name[4096];
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof name) {
            result = -1;
            break;
        }
        result = replay_file(name);
        (*count)++;
    }
    (void)closedir(folder);
    return result;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        struct stat info;
        int result = -1;
        if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode)) {
            result = replay_folder(argv[i], &count);
        } else {
            result = replay_file(argv[i]);
            count++;
        }
        if (result != 0) {
            return 1;
        }
    }
    if (count == 0) {
        (void)fputs("no seeds\n", stderr);
        return 1;
    }
    (void)printf("%zu seeds replayed\n", count);
    return 0;
}
