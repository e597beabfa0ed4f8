/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's side: accounts, ledger, state, knowledge base, and faults of the billing back end.
 */
#include "server.h"

#define LEDGER_MAX ((size_t)64 << 20) /* some 300,000 calls of one customer */

static const char *customer_of(const obd_request *r)
{
    const char *id = MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, "customer");
    return id == NULL ? "" : id;
}

enum MHD_Result obd_admin_create(obd_request *r)
{
    ob_json_doc doc = {0};
    char id[24], account[24], user[33], password[33], bill[16];
    char name[128], phone[64], address[256];
    unsigned char bytes[32] = {0};
    ob_err ignored = {0};
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    if (!ob_random(bytes, sizeof bytes, &ignored)) {
        return obd_send_error(r, 500, "no random bytes");
    }
    obd_copy_text(doc.root, "name", name, sizeof name);
    obd_copy_text(doc.root, "phone", phone, sizeof phone);
    obd_copy_text(doc.root, "address", address, sizeof address);
    obd_new_id(r->core, "K", id);
    obd_new_id(r->core, "A", account);
    for (size_t i = 0; i < 16; i++) {
        (void)snprintf(user + 2 * i, 3, "%02x", bytes[i]);
        (void)snprintf(password + 2 * i, 3, "%02x", bytes[16 + i]);
    }
    (void)snprintf(bill, sizeof bill, "%u.%02u", 30u + bytes[0] % 40, bytes[1] % 100u);
    if (!obd_change(
            r->core,
            "INSERT INTO customer (id, account, user, password, name, phone, address, bill) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (const char *const[]){id, account, user, password, name, phone, address, bill}, 8)) {
        return obd_send_error(r, 500, "the account cannot be made");
    }
    OB_AUTO(ob_buf) json = {.max = 4096};
    ob_json_writer w = {.out = &json};
    ob_jw_object(&w, NULL);
    ob_jw_str(&w, "customer_id", id);
    ob_jw_str(&w, "account_id", account);
    ob_jw_str(&w, "user", user);
    ob_jw_str(&w, "password", password);
    ob_jw_str(&w, "name", name);
    ob_jw_str(&w, "phone", phone);
    ob_jw_str(&w, "address", address);
    ob_jw_str(&w, "last_bill", bill);
    ob_jw_str(&w, "refundable", "0.00");
    ob_jw_end(&w, true);
    return obd_send_json(r, 201, &json);
}

static enum MHD_Result nothing(obd_request *r)
{
    OB_AUTO(ob_buf) json = {.max = 16};
    ob_buf_add_str(&json, "{}");
    return obd_send_json(r, 200, &json);
}

enum MHD_Result obd_admin_remove(obd_request *r)
{
    (void)obd_change(r->core, "DELETE FROM customer WHERE id = ?1",
                     (const char *const[]){r->path + strlen("/admin/customers/")}, 1);
    return nothing(r);
}

enum MHD_Result obd_admin_ledger(obd_request *r)
{
    OB_AUTO(ob_buf) json = {.max = LEDGER_MAX};
    ob_buf_add_str(&json, "{\"calls\":");
    obd_rows(
        r->core,
        "SELECT json_object('seq', seq, 'customer_id', customer, 'name', name, 'args', json(args),"
        " 'result', result, 'ref', ref, 'at', at) FROM ledger WHERE customer = ?1 ORDER BY seq",
        (const char *const[]){customer_of(r)}, 1, &json);
    ob_buf_add_char(&json, '}');
    return obd_send_json(r, 200, &json);
}

enum MHD_Result obd_admin_state(obd_request *r)
{
    static const struct {
        const char *name;
        const char *sql;
    } parts[] = {
        {"lines",
         "SELECT json_object('number', phone, 'plan', 'Basic', 'state', 'active') FROM customer "
         "WHERE id = ?1"},
        {"bills", "SELECT json_object('id', 'B' || substr(id, 2), 'amount', bill) FROM customer "
                  "WHERE id = ?1"},
        {"recordings",
         "SELECT json_object('id', 'V' || substr(id, 2)) FROM customer WHERE id = ?1"},
        {"credits",
         "SELECT json_object('id', id, 'amount', amount) FROM credit WHERE customer = ?1"},
        {"tickets", "SELECT json_object('id', id, 'kind', kind) FROM ticket WHERE customer = ?1"},
        {"notes", "SELECT json_object('text', text) FROM note WHERE customer = ?1"},
    };

    const char *id = customer_of(r);
    char found[4096]; /* three texts of 448 bytes, each byte as \u00xx at worst */
    if (!obd_ask(
            r->core,
            "SELECT json_object('id', id, 'account_id', account, 'name', name, 'phone', phone, "
            "'address', address) FROM customer WHERE id = ?1",
            (const char *const[]){id}, 1, found, sizeof found)) {
        return obd_send_error(r, 404, "no such customer");
    }
    OB_AUTO(ob_buf) json = {.max = 1 << 20};
    ob_buf_addf(&json, "{\"customer\":%s", found);
    for (size_t i = 0; i < OB_COUNT(parts); i++) {
        ob_buf_addf(&json, ",\"%s\":", parts[i].name);
        obd_rows(r->core, parts[i].sql, (const char *const[]){id}, 1, &json);
    }
    ob_buf_add_char(&json, '}');
    return obd_send_json(r, 200, &json);
}

enum MHD_Result obd_admin_kb(obd_request *r)
{
    OB_AUTO(ob_buf) json = {.max = 1 << 20};
    obd_articles_json(&json);
    return obd_send_json(r, 200, &json);
}

enum MHD_Result obd_admin_break(obd_request *r)
{
    ob_json_doc doc = {0};
    char id[24], fault[32], backend[32];
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    obd_copy_text(doc.root, "customer_id", id, sizeof id);
    obd_copy_text(doc.root, "backend", backend, sizeof backend);
    obd_copy_text(doc.root, "fault", fault, sizeof fault);
    if (strcmp(backend, "billing") != 0) {
        return obd_send_error(r, 400, "the back end that can fail is billing");
    }
    if (strcmp(fault, "error") != 0 && strcmp(fault, "reset") != 0 &&
        strcmp(fault, "timeout") != 0) {
        return obd_send_error(r, 400, "a fault is error, reset or timeout");
    }
    if (!obd_changed(r->core, "UPDATE customer SET fault = ?2 WHERE id = ?1",
                     (const char *const[]){id, fault}, 2)) {
        return obd_send_error(r, 404, "no such customer");
    }
    return nothing(r);
}

enum MHD_Result obd_admin_mend(obd_request *r)
{
    (void)obd_change(r->core, "UPDATE customer SET fault = '' WHERE id = ?1",
                     (const char *const[]){customer_of(r)}, 1);
    return nothing(r);
}

/* Everything is checked before anything is set. */
enum MHD_Result obd_admin_dials(obd_request *r)
{
    ob_json_doc doc = {0};
    double rates[OB_DEMO_DIALS_MAX] = {0};
    if (!obd_parse_body(r, &doc)) {
        return obd_send_error(r, 400, "a JSON object is wanted");
    }
    for (const ob_json *item = doc.root->first; item != NULL; item = item->next) {
        size_t which = 0;
        while (which < ob_demo_dials_count &&
               !ob_span_is_str(item->key, ob_demo_dials[which].name)) {
            which++;
        }
        if (which == ob_demo_dials_count) {
            return obd_send_error(r, 400, "no dial has this name");
        }
        ob_err ignored = {0};
        if (item->kind != OB_JSON_NUMBER ||
            !ob_span_to_double(item->text, &rates[which], &ignored) ||
            !(rates[which] >= 0 && rates[which] <= 1)) {
            return obd_send_error(r, 400, "a dial goes from 0 to 1");
        }
    }
    (void)memcpy(r->core->rates, rates, sizeof rates);
    return nothing(r);
}
