/* SPDX-License-Identifier: Apache-2.0 */
#include "report/map_page.h"

#include "report/html.h"

/* The one script that may run is ours: the policy names its hash. */
static bool add_policy(ob_buf *out, ob_err *err)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    ob_span parts[8];
    ob_digest digest = {0};
    for (size_t i = 0; i < obi_map_page_script_count && i < OB_COUNT(parts); i++) {
        parts[i] = ob_span_str(obi_map_page_script[i]);
    }
    if (!ob_sha256(parts, obi_map_page_script_count, &digest, err)) {
        return false;
    }
    ob_buf_add_str(out,
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; script-src 'sha256-");
    for (size_t i = 0; i < OB_SHA256_BYTES; i += 3) {
        size_t left = OB_SHA256_BYTES - i;
        unsigned bits = (unsigned)digest.bytes[i] << 16 |
                        (left > 1 ? (unsigned)digest.bytes[i + 1] << 8 : 0u) |
                        (left > 2 ? (unsigned)digest.bytes[i + 2] : 0u);
        for (size_t k = 0; k < 4; k++) {
            ob_buf_add_char(out, k > left ? '=' : digits[bits >> (18 - 6 * k) & 63]);
        }
    }
    ob_buf_add_str(out, "'\">\n");
    return true;
}

static bool head(ob_buf *out, const ob_map *map, ob_err *err)
{
    char day[OB_DAY_TEXT_MAX];
    char baseline[OB_DAY_TEXT_MAX];
    ob_day_write(map->as_of, day);
    ob_day_write(map->baseline_day, baseline);
    ob_buf_add_str(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    if (!add_policy(out, err)) {
        return false;
    }
    ob_buf_addf(out,
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n"
                "<meta name=\"generator\" content=\"Ombud\">\n"
                "<title>The standards landscape on %s</title>\n<style>",
                day);
    for (size_t i = 0; i < obi_report_style_count; i++) {
        ob_buf_add_str(out, obi_report_style[i]);
    }
    for (size_t i = 0; i < obi_map_page_style_count; i++) {
        ob_buf_add_str(out, obi_map_page_style[i]);
    }
    ob_buf_addf(
        out,
        "</style></head>\n<body class=\"map\"><a class=\"skip\" href=\"#main\">To the map</a>\n"
        "<header><p class=\"kind\">As of %s; landscape of %s</p>"
        "<h1>The standards landscape</h1><p>%u bodies, %u activities, %u meetings, %u "
        "topics.%s</p></header>\n"
        "<nav aria-label=\"Contents\"><ul><li><a href=\"#graph\">Graph</a></li>"
        "<li><a href=\"#heat\">Topics and bodies</a></li>"
        "<li><a href=\"#time\">Timeline</a></li>"
        "<li><a href=\"#changes\">Changes</a></li></ul></nav>\n<main id=\"main\">\n",
        day, baseline, map->bodies_count, map->inside_count, map->meetings_count, map->topics_count,
        map->as_of < map->baseline_day
            ? " The landscape is later than the day: what it says may not have held then."
            : "");
    return true;
}

bool ob_map_page(ob_buf *out, ob_arena *arena, const ob_map *map, ob_day since, ob_err *err)
{
    if (!head(out, map, err) || !obi_map_page_graph(out, arena, map, err) ||
        !obi_map_page_heat(out, arena, map, err) || !obi_map_page_time(out, arena, map, err) ||
        !obi_map_page_changes(out, arena, map, since, err)) {
        return false;
    }
    ob_buf_add_str(out,
                   "</main>\n<footer><p>Made by Ombud from its landscape and the readings of a "
                   "store. The page asks nothing of the network; links lead to the "
                   "publishers.</p></footer>\n");
    if (!obi_map_page_data(out, map, err)) {
        return false;
    }
    ob_buf_add_str(out, "<script>");
    for (size_t i = 0; i < obi_map_page_script_count; i++) {
        ob_buf_add_str(out, obi_map_page_script[i]);
    }
    ob_buf_add_str(out, "</script>\n</body></html>\n");
    return ob_buf_check(out, "the page", err);
}
