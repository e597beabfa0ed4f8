/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every size limit of Ombud, by name. A limit that a file can set stands here with its default.
 */
#ifndef OMBUD_LIMITS_H
#define OMBUD_LIMITS_H

#define OB_ARENA_CAP_DEFAULT  ((size_t)256 << 20)
#define OB_INPUT_FILE_MAX     ((size_t)1 << 20) /* packs, service, scope, statement */
#define OB_LANDSCAPE_FILE_MAX ((size_t)16 << 20)
#define OB_YAML_DEPTH_MAX     64
#define OB_YAML_NODES_MAX     500000
#define OB_JSON_DEPTH_MAX     128
#define OB_QUOTE_MAX          60                /* bytes of input quoted in an error text */
#define OB_REPLY_MAX_DEFAULT  ((size_t)4 << 20) /* limits.reply_size of a service file */
#define OB_REPLY_MAX_CEILING  ((size_t)64 << 20)
#define OB_REQUEST_MAX        ((size_t)4 << 20)
#define OB_EVENT_MAX          ((size_t)1 << 20) /* one server-sent event */
#define OB_DECODE_MAX         ((size_t)8 << 20) /* all decoded views of one text together */
#define OB_REPORT_MAX         ((size_t)512 << 20)

#endif
