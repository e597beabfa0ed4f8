/* SPDX-License-Identifier: Apache-2.0 */
/* Names, addresses and numbers in sentences, by the whole way from text to findings, in pieces as
 * well. */
#include "ob_test.h"
#include "split_check.h"

typedef struct row {
    const char *text;
    const char *masked;
} row;

static const row rows[] = {
    {"Hi, my name is Ruth and my bill is wrong.", "Hi, my name is [name] and my bill is wrong."},
    {"my name is ruth adeyemi and i moved", "my name is [name] and i moved"},
    {"My name is not on the bill.", "My name is not on the bill."},
    {"This is Ruth Adeyemi speaking.", "This is [name] speaking."},
    {"This is Urgent. I am Angry!", "This is Urgent. I am Angry!"},
    {"Hi Ruth, thanks", "Hi [name], thanks"},
    {"Hello Team, this is Samsung Galaxy support", "Hello Team, this is Samsung Galaxy support"},
    {"Dear Customer, your Maple Router", "Dear Customer, your Maple Router"},
    {"Dear Mr O'Hara, hello", "Dear Mr [name], hello"},
    {"me llamo Jos\u00e9 Garz\u00f3n.", "me llamo [name]."},
    {"\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442 \u041e\u043b\u044c\u0433\u0430.",
     "\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442 [name]."},
    {"\u6211\u53eb\u5b59\u6653\u6797\u3002", "\u6211\u53eb[name-cn]\u3002"},
    {"\u673a\u4e3b\u59d3\u540d:\u5b59\u6653\u6797\u3002",
     "\u673a\u4e3b\u59d3\u540d:[name-cn]\u3002"},
    {"\u673a\u4e3b\u59d3\u540d\uff1a\u5b59\u6797", "\u673a\u4e3b\u59d3\u540d\uff1a[name-cn]"},
    {"Name: \u5b59\u6653\u6797, yes", "Name: [name-cn], yes"},
    {"my name is \u5b59\u6797", "my name is [name-cn]"},
    {"\u59d3\u540d:Ruth Adeyemi", "\u59d3\u540d:[name]"},
    {"<name>Ruth Adeyemi</name>", "<name>[name]</name>"},
    {"- Name: **Ruth Adeyemi**", "- Name: **[name]**"},
    {"Plan: \u5b59\u6797\u5957\u9910", "Plan: \u5b59\u6797\u5957\u9910"},
    {"\u6211\u662f\u9ad8\u4e2d\u751f\u3002", "\u6211\u662f\u9ad8\u4e2d\u751f\u3002"},
    {"I live at 12 Alder Street, Springfield, IL 62704. I would like",
     "I live at [addr]. I would like"},
    {"ship it to Flat 3, 12 Alder Road, Leeds LS1 4DY please", "ship it to [addr] please"},
    {"12 Alder Lane, 5 days ago", "[addr], 5 days ago"},
    {"Alderstra\u00dfe 12, 99998 Ort, danke", "[addr], danke"},
    {"J'habite au 128 rue de la Lune, 99001 Ville.", "J'habite au [addr]."},
    {"vivo en calle Olmo 5, 3 B, gracias", "vivo en [addr], gracias"},
    {"\u0443\u043b. \u041b\u0443\u043d\u044b, \u0434. 5, \u043a\u0432. 12", "[addr]"},
    {"It has 500 Minutes And 5 Star Service on Route 66.",
     "It has 500 Minutes And 5 Star Service on Route 66."},
    {"\u6211\u4f4f\u5728\u6df1\u5733\u5e02\u5357\u5c71\u533a\u6a61\u6811\u8def8\u53f72\u680b301"
     "\u5ba4\u3002",
     "\u6211\u4f4f\u5728[addr]\u3002"},
    {"\u5730\u5740:\u6a61\u6811\u82b1\u56ed3\u680b2\u5355\u5143501", "\u5730\u5740:[addr]"},
    {"\u5317\u4eac\u7684\u5bbd\u5e26\u600e\u4e48\u6837",
     "\u5317\u4eac\u7684\u5bbd\u5e26\u600e\u4e48\u6837"},
    /* A number is what its own words call it, also where "number" stands nearer. */
    {"the ticket with the number 4711002231 is open",
     "the ticket with the number 4711002231 is open"},
    {"Mein Auftrag mit der Nummer 4711002231", "Mein Auftrag mit der Nummer 4711002231"},
    {"el pedido con el n\u00famero 4711002231", "el pedido con el n\u00famero 4711002231"},
    {"le dossier portant le num\u00e9ro 4711002231",
     "le dossier portant le num\u00e9ro 4711002231"},
    {"o protocolo com o n\u00famero 4711002231", "o protocolo com o n\u00famero 4711002231"},
    {"\u0437\u0430\u044f\u0432\u043a\u0430 \u0441 \u043d\u043e\u043c\u0435\u0440\u043e\u043c "
     "4711002231",
     "\u0437\u0430\u044f\u0432\u043a\u0430 \u0441 \u043d\u043e\u043c\u0435\u0440\u043e\u043c "
     "4711002231"},
    {"call the customer with the number 4155552671", "call the customer with the number [msisdn]"},
    {"Your code is 482913.", "Your code is [otp]."},
    {"Ihr Code lautet 482913", "Ihr Code lautet [otp]"},
    {"Votre code est 482913", "Votre code est [otp]"},
    {"Su c\u00f3digo es 482913", "Su c\u00f3digo es [otp]"},
    {"your discount code is 482913, your code review 482914",
     "your discount code is 482913, your code review 482914"},
    {"Votre code postal est 75011", "Votre code postal est 75011"},
};

static void sentences(void **state)
{
    (void)state;
    ob_err err = {0};
    ob_detector *detector = NULL;
    ob_scanner *scanner = NULL;
    static split check;
    assert_true(ob_detector_new(&detector, (ob_span){0}, NULL, &err));
    assert_true(ob_scanner_new(&scanner, detector, NULL, &err));
    for (size_t i = 0; i < OB_COUNT(rows); i++) {
        ob_span text = ob_span_str(rows[i].text);
        if (!split_start(&check, detector, scanner, text, &err) ||
            !ob_span_is_str(ob_buf_span(&check.want), rows[i].masked)) {
            fail_msg("%s\nbecomes %.*s (%s)", rows[i].text, OB_SHOW(ob_buf_span(&check.want)),
                     err.text);
        }
        bool same = split_even(&check, 1, &err);
        for (size_t cut = 1; same && cut < text.len; cut++) {
            same = split_once(&check, cut, &err);
        }
        if (!same) {
            fail_msg("%s: %s", rows[i].text, err.text);
        }
    }
    ob_buf_fini(&check.want);
    ob_scanner_free(scanner);
    ob_detector_free(detector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sentences)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
