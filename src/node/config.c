/* SPDX-License-Identifier: Apache-2.0 */
#include "node/config_parts.h"

#include <ombud/text.h>

typedef obi_node_reading reading;

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool ob_node_hex(ob_span text, uint8_t *out, size_t cap, size_t *len)
{
    if (text.len % 2 != 0 || text.len / 2 > cap) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 2) {
        int high = digit(text.ptr[i]);
        int low = digit(text.ptr[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i / 2] = (uint8_t)(high * 16 + low);
    }
    *len = text.len / 2;
    return true;
}

/* A key whose value is bytes in hexadecimal digits; absent: *out stays, *there is false. An empty
 * one is written "" and is there. */
static bool read_hex(const reading *r, const ob_yaml *map, const char *key, size_t max,
                     ob_span *out, bool *there, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(map, key);
    size_t len = 0;
    *there = node != NULL;
    if (node == NULL) {
        return true;
    }
    uint8_t *bytes = OB_NEW(r->arena, uint8_t, max, err);
    if (bytes == NULL) {
        return false;
    }
    if (node->kind != OB_YAML_SCALAR || !ob_node_hex(node->text, bytes, max, &len)) {
        return ob_yaml_fail(r->doc, node, err,
                            "'%s' is written in pairs of hexadecimal digits, at most %zu, such as "
                            "\"0a3f\"",
                            key, max);
    }
    if (!node->quoted && node->text.len > 0) {
        return ob_yaml_fail(r->doc, node, err, "'%s' needs quotes: \"%.*s\"", key,
                            OB_SHOW(ob_span_sub(node->text, 0, 40)));
    }
    *out = (ob_span){(const char *)bytes, len};
    return true;
}

/* A file that is named: beside this one unless its path begins at the root. */
static bool read_file_name(const reading *r, const ob_yaml *map, const char *key, ob_span *out,
                           ob_err *err)
{
    ob_span text = {0};
    ob_span name = r->doc->name;
    if (!ob_yaml_text(r->doc, map, key, &text, err)) {
        return false;
    }
    size_t folder = name.len;
    while (folder > 0 && name.ptr[folder - 1] != '/') {
        folder--;
    }
    if (text.len == 0) {
        return true;
    }
    if (memchr(text.ptr, '\0', text.len) != NULL) {
        return ob_yaml_fail(r->doc, ob_yaml_get(map, key), err, "'%s' is no name of a file", key);
    }
    return ob_arena_printf(r->arena, out, err, "%.*s%.*s",
                           text.ptr[0] == '/' ? 0 : (int)(folder > 4000 ? 4000 : folder), name.ptr,
                           OB_SHOW(text));
}

typedef struct named {
    const char *name;
    int number;
} named;

static const named aeads[] = {
    {"AES-CCM-16-64-128", OB_AES_CCM_16_64_128},
    {"AES-CCM-16-64-256", OB_AES_CCM_16_64_256},
    {"AES-CCM-64-64-128", OB_AES_CCM_64_64_128},
    {"AES-CCM-64-64-256", OB_AES_CCM_64_64_256},
    {"AES-CCM-16-128-128", OB_AES_CCM_16_128_128},
    {"AES-CCM-16-128-256", OB_AES_CCM_16_128_256},
    {"AES-CCM-64-128-128", OB_AES_CCM_64_128_128},
    {"AES-CCM-64-128-256", OB_AES_CCM_64_128_256},
    {"A128GCM", OB_AES_GCM_128},
    {"A192GCM", OB_AES_GCM_192},
    {"A256GCM", OB_AES_GCM_256},
    {"ChaCha20/Poly1305", OB_CHACHA20_POLY1305},
};
static const named hashes[] = {
    {"SHA-256", OB_SHA_256}, {"SHA-384", OB_SHA_384}, {"SHA-512", OB_SHA_512}};

static bool read_named(const reading *r, const ob_yaml *map, const char *key, const named *list,
                       size_t count, int *number, ob_err *err)
{
    const char *names[OB_COUNT(aeads)];
    int which = -1;
    for (size_t i = 0; i < count; i++) {
        names[i] = list[i].name;
    }
    if (!ob_yaml_choice(r->doc, map, key, names, count, &which, err)) {
        return false;
    }
    *number = which < 0 ? *number : list[which].number;
    return true;
}

/* A name among count others, which stand size bytes apart and begin with theirs. */
static bool read_name(const reading *r, const ob_yaml *map, const void *others, size_t count,
                      size_t size, ob_span *name, ob_err *err)
{
    const ob_yaml *node = NULL;
    if (!ob_yaml_need(r->doc, map, "name", &node, err) ||
        !ob_yaml_text(r->doc, map, "name", name, err)) {
        return false;
    }
    bool twice = ob_span_is_str(*name, OB_NODE_ANYONE);
    for (size_t i = 0; i < count; i++) {
        ob_span other;
        memcpy(&other, (const char *)others + i * size, sizeof other);
        twice = twice || ob_span_is(*name, other);
    }
    return !twice || ob_yaml_fail(r->doc, node, err, "this name is taken; names are given once");
}

bool obi_node_read_list(const reading *r, const ob_yaml *map, const char *key, size_t max,
                        const ob_yaml **list, ob_err *err)
{
    *list = ob_yaml_get(map, key);
    return *list == NULL ||
           ((*list)->kind == OB_YAML_SEQ && (*list)->count > 0 && (*list)->count <= max) ||
           ob_yaml_fail(r->doc, *list, err, "'%s' must be a list of 1 to %zu entries", key, max);
}

static bool read_context(reading *r, const ob_yaml *map, ob_node_context *out, ob_err *err)
{
    static const char *const keys[] = {"name",   "sender-id",      "recipient-id", "id-context",
                                       "secret", "salt",           "aead",         "hash",
                                       "window", "send-id-context"};
    ob_oscore_options *o = &out->options;
    uint64_t window = 32;
    bool there[4];
    const ob_yaml *node = NULL;
    if (!ob_yaml_known(r->doc, map, keys, OB_COUNT(keys), err) ||
        !read_name(r, map, r->config->contexts, r->config->context_count, sizeof *out, &out->name,
                   err) ||
        !ob_yaml_need(r->doc, map, "secret", &node, err) ||
        !read_file_name(r, map, "secret", &out->secret_file, err) ||
        !read_hex(r, map, "sender-id", OB_OSCORE_ID_MAX, &o->sender_id, &there[0], err) ||
        !read_hex(r, map, "recipient-id", OB_OSCORE_ID_MAX, &o->recipient_id, &there[1], err) ||
        !read_hex(r, map, "id-context", OB_OSCORE_CONTEXT_MAX, &o->id_context, &there[2], err) ||
        !read_hex(r, map, "salt", 64, &o->master_salt, &there[3], err) ||
        !ob_yaml_bool(r->doc, map, "send-id-context", &o->send_id_context, err) ||
        !read_named(r, map, "aead", aeads, OB_COUNT(aeads), &o->aead, err) ||
        !read_named(r, map, "hash", hashes, OB_COUNT(hashes), &o->hash, err) ||
        !ob_yaml_u64(r->doc, map, "window", 1, OB_OSCORE_WINDOW_MAX, &window, err)) {
        return false;
    }
    if (!there[0] || !there[1]) {
        return ob_yaml_fail(r->doc, map, err, "needs %s", there[0] ? "recipient-id" : "sender-id");
    }
    if (ob_span_is(o->sender_id, o->recipient_id)) {
        return ob_yaml_fail(r->doc, map, err, "sender-id and recipient-id are the same");
    }
    o->has_id_context = there[2];
    o->window = (unsigned)window;
    return true;
}

static bool read_contexts(reading *r, const ob_yaml *root, ob_err *err)
{
    const ob_yaml *list = NULL;
    if (!obi_node_read_list(r, root, "contexts", OB_NODE_CONTEXTS_MAX, &list, err)) {
        return false;
    }
    if (list == NULL) {
        return true;
    }
    ob_node_context *items = OB_NEW(r->arena, ob_node_context, list->count, err);
    if (items == NULL) {
        return false;
    }
    r->config->contexts = items;
    for (size_t i = 0; i < list->count; i++) {
        ob_node_context *c = &items[i];
        if (!read_context(r, &list->items[i], c, err)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) { /* requests are told apart by these two */
            if (ob_span_is(items[k].options.recipient_id, c->options.recipient_id) &&
                ob_span_is(items[k].options.id_context, c->options.id_context)) {
                return ob_yaml_fail(r->doc, &list->items[i], err,
                                    "'%.*s' has the same recipient-id and id-context",
                                    OB_SHOW(ob_span_sub(items[k].name, 0, 40)));
            }
        }
        r->config->context_count++;
    }
    return true;
}

/* The serial number of a device, instead of its credential. */
static bool read_serial(const reading *r, const ob_yaml *map, ob_node_cred *out, ob_err *err)
{
    const ob_yaml *node = ob_yaml_get(map, "serial");
    if (!ob_yaml_text(r->doc, map, "serial", &out->serial, err)) {
        return false;
    }
    if (node != NULL && r->config->edhoc.authority_file.len == 0) {
        return ob_yaml_fail(r->doc, node, err,
                            "'serial' needs 'authority', who issues the certificates");
    }
    return true;
}

/* CBOR is looked at here, so that a mistake has its place in the file. */
static bool read_cred(const reading *r, const ob_yaml *map, ob_node_cred *out, ob_err *err)
{
    bool there = false;
    ob_edhoc_cred made;
    uint8_t id[24];
    ob_err why = {0};
    if (!read_hex(r, map, "credential", OB_NODE_CRED_MAX, &out->ccs, &there, err) ||
        !read_file_name(r, map, "certificate", &out->certificate_file, err)) {
        return false;
    }
    if ((there ? 1 : 0) + (out->certificate_file.len > 0 ? 1 : 0) + (out->serial.len > 0 ? 1 : 0) !=
        1) {
        return ob_yaml_fail(r->doc, map, err, "needs one of 'credential' and 'certificate'%s",
                            r->config->edhoc.authority_file.len > 0 ? ", or 'serial' for a peer"
                                                                    : "");
    }
    if (there && (!ob_edhoc_ccs(&made, out->ccs, id, &why) || made.id.len == 0)) {
        return ob_yaml_fail(r->doc, ob_yaml_get(map, "credential"), err,
                            "this is no CCS whose COSE_Key has a kid; 'ombud link keygen' makes "
                            "one");
    }
    return true;
}

/* A name stands for rights, so nobody has a peer's by being a context, or the other way round. */
static bool is_no_context(const reading *r, const ob_yaml *map, ob_span name, ob_err *err)
{
    for (size_t i = 0; i < r->config->context_count; i++) {
        if (ob_span_is(r->config->contexts[i].name, name)) {
            return ob_yaml_fail(r->doc, ob_yaml_get(map, "name"), err,
                                "a context has this name, and its rights go with it; give the peer "
                                "a name of its own");
        }
    }
    return true;
}

/* A message names a CCS by its kid alone, so of two peers with one kid the second is never found.
 */
static bool has_own_kid(const reading *r, const ob_yaml *map, const ob_node_cred *peers, size_t at,
                        ob_err *err)
{
    ob_edhoc_cred own;
    ob_edhoc_cred other;
    uint8_t ids[2][24];
    ob_err ignored = {0};
    if (peers[at].ccs.len == 0 || !ob_edhoc_ccs(&own, peers[at].ccs, ids[0], &ignored)) {
        return true;
    }
    for (size_t i = 0; i < at; i++) {
        if (peers[i].ccs.len > 0 && ob_edhoc_ccs(&other, peers[i].ccs, ids[1], &ignored) &&
            ob_span_is(own.id, other.id)) {
            return ob_yaml_fail(r->doc, ob_yaml_get(map, "credential"), err,
                                "'%.*s' has a key with this kid; make one of the two with another "
                                "('ombud link keygen --kid')",
                                OB_SHOW(ob_span_sub(peers[i].name, 0, 40)));
        }
    }
    return true;
}

static bool read_peers(reading *r, const ob_yaml *map, ob_err *err)
{
    static const char *const keys[] = {"name", "credential", "certificate", "serial"};
    const ob_yaml *list = NULL;
    if (!obi_node_read_list(r, map, "peers", OB_NODE_PEERS_MAX, &list, err)) {
        return false;
    }
    if (list == NULL) {
        return ob_yaml_fail(r->doc, map, err, "needs peers: whom does this node know?");
    }
    ob_node_cred *items = OB_NEW(r->arena, ob_node_cred, list->count, err);
    if (items == NULL) {
        return false;
    }
    r->config->edhoc.peers = items;
    for (size_t i = 0; i < list->count; i++) {
        if (!ob_yaml_known(r->doc, &list->items[i], keys, OB_COUNT(keys), err) ||
            !read_name(r, &list->items[i], items, i, sizeof *items, &items[i].name, err) ||
            !is_no_context(r, &list->items[i], items[i].name, err) ||
            !read_serial(r, &list->items[i], &items[i], err) ||
            !read_cred(r, &list->items[i], &items[i], err) ||
            !has_own_kid(r, &list->items[i], items, i, err)) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (items[i].serial.len > 0 && ob_span_is(items[i].serial, items[k].serial)) {
                return ob_yaml_fail(r->doc, ob_yaml_get(&list->items[i], "serial"), err,
                                    "'%.*s' has this serial number",
                                    OB_SHOW(ob_span_sub(items[k].name, 0, 40)));
            }
        }
        r->config->edhoc.peer_count++;
    }
    return true;
}

/* Numbers of a list, each at most high and given once. */
static bool read_numbers(const reading *r, const ob_yaml *map, const char *key, uint64_t high,
                         int *out, size_t *count, ob_err *err)
{
    const ob_yaml *list = NULL;
    unsigned seen = 0;
    if (!obi_node_read_list(r, map, key, (size_t)high + 1, &list, err)) {
        return false;
    }
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const ob_yaml *item = &list->items[i];
        uint64_t value = 0;
        ob_err ignored = {0};
        if (item->kind != OB_YAML_SCALAR || !ob_span_to_u64(item->text, &value, &ignored) ||
            value > high || (seen >> value & 1) != 0) {
            return ob_yaml_fail(r->doc, item, err, "'%s' holds numbers from 0 to %llu, each once",
                                key, (unsigned long long)high);
        }
        seen |= 1U << value;
        out[i] = (int)value;
    }
    *count = list == NULL ? *count : list->count;
    return true;
}

static bool read_authority(const reading *r, const ob_yaml *map, ob_node_edhoc *e, ob_err *err)
{
    if (!read_file_name(r, map, "authority", &e->authority_file, err) ||
        !read_file_name(r, map, "revoked", &e->revoked_file, err) ||
        !ob_yaml_bool(r->doc, map, "send-certificate", &e->send_certificate, err)) {
        return false;
    }
    if (e->revoked_file.len > 0 && e->authority_file.len == 0) {
        return ob_yaml_fail(r->doc, ob_yaml_get(map, "revoked"), err,
                            "'revoked' needs 'authority', whose list it is");
    }
    return !e->send_certificate || ob_yaml_get(map, "certificate") != NULL ||
           ob_yaml_fail(r->doc, ob_yaml_get(map, "send-certificate"), err,
                        "'send-certificate' needs 'certificate'");
}

static bool read_edhoc(reading *r, const ob_yaml *root, ob_err *err)
{
    static const char *const keys[] = {"method",    "methods",     "suites",          "key",
                                       "peers",     "certificate", "message-4",       "credential",
                                       "authority", "revoked",     "send-certificate"};
    const ob_yaml *map = ob_yaml_get(root, "edhoc");
    const ob_yaml *node = NULL;
    ob_node_edhoc *e = &r->config->edhoc;
    int methods[4] = {0};
    size_t count = 0;
    uint64_t method = 3;
    if (map == NULL) {
        return true;
    }
    e->suites[0] = 2;
    e->suite_count = 1;
    if (!ob_yaml_known(r->doc, map, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, map, "key", &node, err) ||
        !read_file_name(r, map, "key", &e->key_file, err) || !read_authority(r, map, e, err) ||
        !read_cred(r, map, &e->own, err) || !read_peers(r, map, err) ||
        !ob_yaml_u64(r->doc, map, "method", 0, 3, &method, err) ||
        !read_numbers(r, map, "methods", 3, methods, &count, err) ||
        !read_numbers(r, map, "suites", 6, e->suites, &e->suite_count, err) ||
        !ob_yaml_bool(r->doc, map, "message-4", &e->message_4, err)) {
        return false;
    }
    e->method = (unsigned)method;
    for (size_t i = 0; i < count; i++) {
        e->methods |= 1U << methods[i];
    }
    e->methods = count == 0 ? 15 : e->methods;
    e->present = true;
    return true;
}

static bool read_config(reading *r, ob_err *err)
{
    static const char *const keys[] = {"ombud", "state", "contexts", "edhoc", "rights"};
    const ob_yaml *root = r->doc->root;
    const ob_yaml *node = NULL;
    uint64_t version = 0;
    if (!ob_yaml_known(r->doc, root, keys, OB_COUNT(keys), err) ||
        !ob_yaml_need(r->doc, root, "ombud", &node, err) ||
        !ob_yaml_u64(r->doc, root, "ombud", 1, 1, &version, err) ||
        !read_file_name(r, root, "state", &r->config->state_file, err) ||
        !read_contexts(r, root, err) || !read_edhoc(r, root, err) ||
        !obi_node_read_rights(r, root, err)) {
        return false;
    }
    if (r->config->context_count > 0 && r->config->state_file.len == 0) {
        return ob_yaml_fail(r->doc, ob_yaml_get(root, "contexts"), err,
                            "contexts need 'state', a file where their numbers survive: a number "
                            "that is used twice gives the messages away");
    }
    return true;
}

bool ob_node_config_parse(ob_node_config *config, ob_arena *arena, ob_span name, ob_span text,
                          ob_err *err)
{
    ob_node_config made = {0};
    reading r = {.config = &made, .arena = arena, .doc = &made.doc};
    if (!ob_yaml_parse(&made.doc, arena, name, text, OB_INPUT_FILE_MAX, err) ||
        !read_config(&r, err)) {
        return false;
    }
    *config = made;
    return true;
}

bool ob_node_config_load(ob_node_config *config, ob_arena *arena, const char *path, ob_err *err)
{
    ob_node_config made = {0};
    reading r = {.config = &made, .arena = arena, .doc = &made.doc};
    if (!ob_yaml_load(&made.doc, arena, path, OB_INPUT_FILE_MAX, err) || !read_config(&r, err)) {
        return false;
    }
    *config = made;
    return true;
}
