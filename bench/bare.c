/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peer that our own speed is compared with: a bare libcurl-multi client that sends the requests
 * of a run again, with the same bodies and headers and as many in flight, and does nothing with the
 * answers but see that they are 200. bare URL HEADERS BODIES: files of lines.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_FLIGHT 16

static size_t drop(char *data, size_t size, size_t count, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * count;
}

static char *read_line(FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len = getline(&line, &room, file);
    if (len < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static CURL *make(const char *url, struct curl_slist *headers)
{
    CURL *easy = curl_easy_init();
    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    return easy;
}

/* Sends the next line; false: there is none. */
static bool send_next(CURLM *multi, CURL *easy, FILE *bodies)
{
    char *old = NULL;
    char *body = read_line(bodies);
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &old);
    free(old);
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, body);
    if (body == NULL) {
        return false;
    }
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    return curl_multi_add_handle(multi, easy) == CURLM_OK;
}

/* Answers of 200 among those that have ended. */
static long take_ended(CURLM *multi, FILE *bodies, unsigned *active)
{
    long good = 0;
    int left = 0;
    for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;) {
        CURL *easy = m->easy_handle;
        long status = 0;
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        good += m->data.result == CURLE_OK && status == 200;
        (void)curl_multi_remove_handle(multi, easy);
        if (!send_next(multi, easy, bodies)) {
            curl_easy_cleanup(easy);
            (*active)--;
        }
    }
    return good;
}

int main(int argc, char **argv)
{
    FILE *head = argc == 4 ? fopen(argv[2], "re") : NULL;
    FILE *bodies = head == NULL ? NULL : fopen(argv[3], "re");
    struct curl_slist *headers = NULL;
    unsigned active = 0;
    long good = 0;
    if (bodies == NULL) {
        (void)fputs("usage: bare URL HEADERS BODIES\n", stderr);
        return 2;
    }
    for (char *line; (line = read_line(head)) != NULL; free(line)) {
        headers = curl_slist_append(headers, line);
    }
    (void)fclose(head);
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < IN_FLIGHT; i++) {
        CURL *easy = make(argv[1], headers);
        if (send_next(multi, easy, bodies)) {
            active++;
        } else {
            curl_easy_cleanup(easy);
        }
    }
    while (active > 0) {
        int running = 0;
        (void)curl_multi_perform(multi, &running);
        good += take_ended(multi, bodies, &active);
        (void)curl_multi_poll(multi, NULL, 0, active > 0 ? 100 : 0, NULL);
    }
    (void)curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    (void)fclose(bodies);
    (void)printf("%ld\n", good);
    return 0;
}
