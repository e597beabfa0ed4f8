/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peer that our own speed is compared with: a bare libcurl-multi client that posts the same
 * small body N times with 16 in flight, and does nothing with the answers. bare URL N
 */
#include <curl/curl.h>

#define IN_FLIGHT 16

static size_t drop(char *data, size_t size, size_t count, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * count;
}

static CURL *make(const char *url)
{
    CURL *easy = curl_easy_init();
    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{\"user\":\"nobody\",\"password\":\"x\"}");
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    return easy;
}

int main(int argc, char **argv)
{
    long wanted = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    long started = 0;
    long ended = 0;
    if (wanted <= 0) {
        (void)fputs("usage: bare URL N\n", stderr);
        return 2;
    }
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    struct timespec from, to;
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    for (; started < IN_FLIGHT && started < wanted; started++) {
        (void)curl_multi_add_handle(multi, make(argv[1]));
    }
    while (ended < wanted) {
        int running = 0;
        int left = 0;
        (void)curl_multi_perform(multi, &running);
        for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;) {
            CURL *easy = m->easy_handle;
            (void)curl_multi_remove_handle(multi, easy);
            ended++;
            if (started < wanted) {
                started++;
                (void)curl_multi_add_handle(multi, easy);
            } else {
                curl_easy_cleanup(easy);
            }
        }
        (void)curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    (void)curl_multi_cleanup(multi);
    (void)printf("%.4f\n",
                 (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
    return 0;
}
