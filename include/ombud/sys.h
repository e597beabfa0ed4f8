/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program asks of the system: clock, random bytes, SHA-256, whole files, logging.
 */
#ifndef OMBUD_SYS_H
#define OMBUD_SYS_H

#include <ombud/buf.h>

OB_BEGIN

/* Monotonic nanoseconds; only differences mean anything. */
OB_API uint64_t ob_clock_ns(void);
/* Wall time in milliseconds since 1970-01-01 UTC. */
OB_API int64_t ob_clock_wall_ms(void);

/* Fills out with bytes of the system's generator. */
OB_MUST OB_API bool ob_random(void *out, size_t bytes, ob_err *err);

#define OB_SHA256_BYTES 32

typedef struct ob_digest {
    uint8_t bytes[OB_SHA256_BYTES];
} ob_digest;

/* SHA-256 (FIPS 180-4) of the concatenation of count parts. */
OB_MUST OB_API bool ob_sha256(const ob_span *parts, size_t count, ob_digest *out, ob_err *err);
/* 64 lower-case hex digits and a NUL. */
OB_API void ob_digest_hex(const ob_digest *digest, char out[65]);

/*
 * Pseudo-random numbers for choices that must repeat: a function of its key alone. Not for secrets
 * that a peer may not guess unless the seed itself is 256 random bits.
 */
typedef struct ob_rng {
    uint64_t state[4]; /* xoshiro256** (Blackman, Vigna 2018) */
} ob_rng;

/* Seeds from the SHA-256 of seed and label. */
OB_MUST OB_API bool ob_rng_init(ob_rng *rng, ob_span seed, ob_span label, ob_err *err);
OB_API uint64_t ob_rng_u64(ob_rng *rng);
/* Uniform in 0 .. bound - 1, without modulo bias; bound 0 gives 0. */
OB_API uint64_t ob_rng_below(ob_rng *rng, uint64_t bound);
/* Uniform in [0, 1) with 53 bits. */
OB_API double ob_rng_unit(ob_rng *rng);

/* Appends a whole regular file to buf, refusing more than its max. Names the path on failure. */
OB_MUST OB_API bool ob_file_read(const char *path, ob_buf *buf, ob_err *err);
/* Writes text to a temporary name beside path (where it leads, if it is a link), fsyncs, and
 * renames: all or nothing. A device or a pipe is written to as it is. */
OB_MUST OB_API bool ob_file_write(const char *path, ob_span text, unsigned mode, ob_err *err);

/* Logging: the library calls back, the program prints. Zero sink = silence. fields is
 * "key=value key=value", already escaped. Replies and personal data never go here. */
typedef enum ob_log_level {
    OB_LOG_ERROR,
    OB_LOG_WARN,
    OB_LOG_INFO,
    OB_LOG_DEBUG
} ob_log_level;

typedef struct ob_log {
    ob_log_level level;
    void (*sink)(void *ctx, ob_log_level level, const char *event, const char *fields);
    void *ctx;
} ob_log;

OB_API void ob_log_event(const ob_log *log, ob_log_level level, const char *event,
                         const char *format, ...) OB_PRINTF(4, 5);

OB_END

#endif
