/* SPDX-License-Identifier: Apache-2.0 */
#include "map/landscape_fields.h"

bool obi_field_text(obi_loader *l, const ob_yaml *map, const char *key, ob_span *out, ob_err *err)
{
    return ob_yaml_text(l->doc, map, key, out, err) || obi_map_took(l, err);
}

bool obi_field_need(obi_loader *l, const ob_yaml *map, const char *key, ob_span *out, ob_err *err)
{
    const ob_yaml *at = NULL;
    return (ob_yaml_need(l->doc, map, key, &at, err) || obi_map_took(l, err)) &&
           obi_field_text(l, map, key, out, err);
}

bool obi_field_day(obi_loader *l, const ob_yaml *map, const char *key, ob_day *day, ob_err *err)
{
    ob_span text = {0};
    if (!obi_field_text(l, map, key, &text, err)) {
        return false;
    }
    return text.len == 0 || ob_day_read(text, day) ||
           obi_map_mistake(l, ob_yaml_get(map, key), err,
                           "%s is a date such as 2026, 2026-11 or 2026-11-24", key);
}

bool obi_field_bool(obi_loader *l, const ob_yaml *map, const char *key, bool *out, ob_err *err)
{
    const ob_yaml *at = NULL;
    return (ob_yaml_need(l->doc, map, key, &at, err) || obi_map_took(l, err)) &&
           (ob_yaml_bool(l->doc, map, key, out, err) || obi_map_took(l, err));
}

bool obi_field_url(obi_loader *l, const ob_yaml *map, ob_span *url, ob_err *err)
{
    return obi_field_text(l, map, "url", url, err) &&
           (url->len == 0 || ob_span_has_prefix(*url, OB_SPAN("https://")) ||
            ob_span_has_prefix(*url, OB_SPAN("http://")) ||
            obi_map_mistake(l, ob_yaml_get(map, "url"), err, "url begins with https://"));
}

bool obi_field_known(obi_loader *l, const ob_yaml *map, const char *const *names, size_t count,
                     ob_err *err)
{
    return ob_yaml_known(l->doc, map, names, count, err) || obi_map_took(l, err);
}

bool obi_field_is_list(const ob_yaml *node)
{
    bool good = node->kind == OB_YAML_SEQ;
    for (size_t i = 0; good && i < node->count; i++) {
        good = node->items[i].kind == OB_YAML_SCALAR;
    }
    return good;
}

bool obi_field_names(obi_loader *l, const ob_yaml *map, const char *key, ob_names *names,
                     ob_err *err)
{
    const ob_yaml *list = ob_yaml_get(map, key);
    if (list == NULL) {
        return true;
    }
    if (!obi_field_is_list(list)) {
        return obi_map_mistake(l, list, err, "%s is a list of names: [one, two]", key);
    }
    ob_span *items = OB_NEW(l->arena, ob_span, list->count, err);
    for (size_t i = 0; items != NULL && i < list->count; i++) {
        items[i] = list->items[i].text;
    }
    *names = (ob_names){items, list->count};
    return items != NULL;
}
