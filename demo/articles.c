/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The knowledge base of the fictional operator, and retrieval from it: FTS5 for English, key words
 * for Chinese. An article answers only when every particular thing that the question names (a plan,
 * a device, a clause) stands in it; otherwise the assistant says that it cannot find it.
 */
#include "core.h"

typedef struct article {
    const char *id;
    const char *title;
    const char *keys; /* words that point to it, separated by | */
    const char *text;
} article;

static const article articles[] = {
    {"KB-01", "Opening hours", "opening hours|open today|营业时间|几点开门|开放时间",
     "Our shops are open from Monday to Saturday. The assistant and the fault line are there day "
     "and "
     "night. 门店周一至周六营业，在线助手全天服务。"},
    {"KB-02", "Plan Basic", "plan basic|basic plan|cheapest plan|基础套餐",
     "Plan Basic costs EUR 12.50 a month and holds 5 GB of data within the country."},
    {"KB-03", "Plan Comfort", "plan comfort|comfort plan|舒适套餐",
     "Plan Comfort costs EUR 24.00 a month and holds 25 GB of data; calls within the country are "
     "free."},
    {"KB-04", "Notice period",
     "notice period|cancel my contract|terminate|cancellation|解约|通知期|取消合同",
     "A contract can be ended with a notice of 30 days, in writing or in the customer portal. "
     "合同可提前30天通知解除。"},
    {"KB-05", "Minimum term",
     "minimum term|contract length|how long is the contract|合约期|最短期限",
     "The minimum term of a contract is 12 months. After that it runs from month to month. "
     "合同最短期限为12个月。"},
    {"KB-06", "Roaming", "roaming|abroad|travel|漫游|国外|出国",
     "In countries of zone 1 calls and data are used as at home. In zone 2 a day pass costs EUR "
     "4.90 "
     "and holds 1 GB. 二区漫游日包价格为4.90欧元，含1 GB。"},
    {"KB-07", "Paying a bill",
     "pay my bill|payment deadline|due date|when do i have to pay|付款期限|何时付款",
     "A bill is due 14 days after its date. Direct debit, card and transfer are accepted. "
     "账单须在出账后14天内支付。"},
    {"KB-08", "Late payment", "late payment|late fee|pay too late|reminder fee|滞纳金|逾期",
     "A reminder for a late payment costs EUR 3.00. The line is restricted 45 days after the due "
     "date."},
    {"KB-09", "Withdrawal", "withdraw|cooling-off|right of return|send it back|退货|冷静期",
     "A contract made online can be withdrawn from within 14 days without giving a reason. "
     "网上签订的合同可在14天内无理由撤销。"},
    {"KB-10", "Changing the SIM card", "new sim|replace sim|sim card|esim|补卡|换卡",
     "A replacement SIM card costs EUR 9.50 and is sent after an identity check, within 3 days."},
    {"KB-11", "Keeping a number", "port|keep my number|number transfer|携号转网",
     "Taking a number along to or from another operator is free and done within 1 day."},
    {"KB-12", "Fault repair", "repair time|how long does a repair|technician|维修时间|修复",
     "Faults of a fixed line are repaired within 2 days. A technician's visit is free unless the "
     "customer's own equipment is the cause. 固定线路故障在2天内修复。"},
    {"KB-13", "Compensation for outages",
     "outage compensation policy|compensated for an outage|中断补偿政策",
     "After an outage longer than 2 days the monthly price is reduced for the days without "
     "service; a "
     "person of the complaints team decides."},
    {"KB-14", "Complaints",
     "complaint take|complaint deadline|answer to a complaint|投诉处理时间|投诉多久",
     "A complaint gets a receipt at once and an answer within 10 days. 投诉将在10天内得到答复。"},
    {"KB-15", "Moving house", "moving house|move house|new address|搬家",
     "Moving a fixed line to a new address costs EUR 29.00 and should be asked for 21 days ahead."},
    {"KB-16", "Router rental", "router|modem|rent a router|路由器",
     "A rented router costs EUR 2.50 a month and is replaced free of charge when it breaks."},
    {"KB-17", "Data use and speed", "speed|throttle|data used up|how fast|网速|限速",
     "When the data of a plan is used up, the speed is reduced until the end of the month; 2 GB "
     "more "
     "cost EUR 5.00."},
    {"KB-18", "Prepaid", "prepaid|top up|top-up|预付费|充值",
     "Prepaid credit can be topped up from EUR 10.00 and stays valid for 12 months. "
     "预付费余额有效期为12个月。"},
    {"KB-19", "Student discount", "student|discount|youth|学生|折扣",
     "Students get 20 % off Plan Comfort for 24 months when they show a valid certificate. "
     "学生购买舒适套餐可享受20%的折扣。"},
    {"KB-20", "Itemised bill", "itemised|itemized|call record|详单",
     "An itemised bill is free in the portal and costs EUR 1.50 on paper."},
    {"KB-21", "Emergency calls", "emergency call|112|紧急呼叫",
     "Emergency calls are free and work without credit and without a registered SIM card."},
    {"KB-22", "Data protection",
     "personal data|privacy|data protection|recording|隐私|个人数据|录音",
     "Recordings of calls are kept for 90 days; clause 9.1 of the terms says what for. "
     "通话录音保存90天，见条款第9.1条。"},
    {"KB-23", "Liability", "liability|terms|clause|条款",
     "The general terms have 12 sections; clause 7.2 deals with liability and clause 9.1 with "
     "data."},
    {"KB-24", "Parental control", "parental|child|block content|家长|儿童",
     "Premium numbers can be blocked free of charge, at once, in the portal."},
    {"KB-25", "Delivery", "delivery|shipping|arrive|送货|配送",
     "Devices are delivered within 4 days; delivery costs EUR 5.90 and is free above EUR 50.00."},
};

bool obd_articles_load(ob_demo_core *core, ob_err *err)
{
    bool good =
        sqlite3_exec(core->db, "CREATE VIRTUAL TABLE article USING fts5(number UNINDEXED, body)",
                     NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; good && i < OB_COUNT(articles); i++) {
        char number[16];
        char body[2048];
        (void)snprintf(number, sizeof number, "%zu", i);
        (void)snprintf(body, sizeof body, "%s %s %s", articles[i].title, articles[i].keys,
                       articles[i].text);
        good = obd_change(core, "INSERT INTO article VALUES (?1, ?2)",
                          (const char *const[]){number, body}, 2);
    }
    return good || ob_fail(err, OB_ERR_STORE, "the articles cannot be loaded: %s",
                           sqlite3_errmsg(core->db));
}

const char *obd_article_text(int number)
{
    return articles[number].text;
}

const char *obd_article_id(int number)
{
    return articles[number].id;
}

void obd_articles_json(ob_buf *out)
{
    ob_json_writer w = {.out = out};
    ob_jw_object(&w, NULL);
    ob_jw_array(&w, "articles");
    for (size_t i = 0; i < OB_COUNT(articles); i++) {
        ob_jw_object(&w, NULL);
        ob_jw_str(&w, "id", articles[i].id);
        ob_jw_str(&w, "title", articles[i].title);
        ob_jw_str(&w, "text", articles[i].text);
        ob_jw_null(&w, "valid_until");
        ob_jw_end(&w, true);
    }
    ob_jw_end(&w, false);
    ob_jw_end(&w, true);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_part(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Words that are written large without naming anything in particular. */
static bool is_common(ob_span word)
{
    static const char *const words[] = {"I",  "I'm",   "EUR",  "SIM",     "EU",  "Plan",
                                        "OK", "ID",    "eSIM", "TV",      "PIN", "Hello",
                                        "Hi", "Wi-Fi", "GB",   "Internet"};
    for (size_t i = 0; i < OB_COUNT(words); i++) {
        if (ob_span_is_str(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* What a Chinese question sets between title marks names a thing, too. */
static bool titles_fit(ob_span text, const article *a)
{
    size_t at = 0;
    while ((at = ob_span_find(text, OB_SPAN("《"), at)) != SIZE_MAX) {
        size_t start = at + strlen("《");
        size_t end = ob_span_find(text, OB_SPAN("》"), start);
        ob_span name = ob_span_sub(text, start, end);
        if (ob_span_find_nocase(ob_span_str(a->text), name, 0) == SIZE_MAX &&
            ob_span_find_nocase(ob_span_str(a->keys), name, 0) == SIZE_MAX) {
            return false;
        }
        at = start;
    }
    return true;
}

/* Every capitalised word that begins no sentence, and every number with a point or a digit in a
 * name, must stand in the article. */
static bool names_fit(ob_span text, const article *a)
{
    ob_span all[] = {ob_span_str(a->title), ob_span_str(a->text), ob_span_str(a->keys)};
    bool sentence = true;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        while (at < text.len && is_part(text.ptr[at])) {
            at++;
        }
        if (at == start) {
            char c = text.ptr[at++];
            sentence =
                sentence ? c == ' ' || c == '"' : c == '.' || c == '?' || c == '!' || c == ':';
            continue;
        }
        ob_span word = ob_span_sub(text, start, at);
        while (word.len > 0 && (word.ptr[word.len - 1] == '.' || word.ptr[word.len - 1] == '-')) {
            word.len--;
        }
        if (word.len == 0) {
            continue;
        }
        bool digit = false;
        for (size_t i = 0; i < word.len; i++) {
            digit = digit || (word.ptr[i] >= '0' && word.ptr[i] <= '9');
        }
        bool large = word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
        bool particular = digit || (large && !sentence && !is_common(word));
        bool found = false;
        for (size_t i = 0; i < OB_COUNT(all); i++) {
            found = found || ob_span_find_nocase(all[i], word, 0) != SIZE_MAX;
        }
        if (particular && !found) {
            return false;
        }
        sentence =
            at < text.len && (text.ptr[at] == '.' || text.ptr[at] == '?' || text.ptr[at] == '!');
    }
    return true;
}

static bool fits(ob_span text, const article *a)
{
    return names_fit(text, a) && titles_fit(text, a);
}

/* FTS5 query: all longer words, any of them. */
static bool make_query(ob_span text, char *query, size_t room)
{
    size_t used = 0;
    size_t words = 0;
    for (size_t at = 0; at < text.len && words < 20;) {
        size_t start = at;
        while (at < text.len && is_letter(text.ptr[at])) {
            at++;
        }
        size_t length = at - start;
        static const char *const dull[] = {
            "what",  "your",  "have",  "does", "much", "that", "with", "this", "please", "there",
            "would", "could", "about", "when", "long", "from", "tell", "want", "need",   "cost"};
        bool skip = length < 4 || length > 30;
        for (size_t i = 0; !skip && i < OB_COUNT(dull); i++) {
            skip = ob_span_is_nocase(ob_span_sub(text, start, at), ob_span_str(dull[i]));
        }
        if (!skip && used + length + 8 < room) {
            used += (size_t)snprintf(query + used, room - used, "%s\"%.*s\"",
                                     words == 0 ? "" : " OR ", (int)length, text.ptr + start);
            words++;
        }
        at += at == start;
    }
    return words > 0;
}

int obd_article_find(ob_demo_core *core, ob_span text)
{
    char query[1024];
    char number[16];
    for (size_t i = 0; i < OB_COUNT(articles); i++) {
        if (obd_has(text, articles[i].keys)) {
            return fits(text, &articles[i]) ? (int)i : -1;
        }
    }
    if (!make_query(text, query, sizeof query) ||
        !obd_ask(core,
                 "SELECT number FROM article WHERE article MATCH ?1 AND bm25(article) < -3.0 "
                 "ORDER BY bm25(article) LIMIT 1",
                 (const char *const[]){query}, 1, number, sizeof number)) {
        return -1;
    }
    int found = (int)strtol(number, NULL, 10);
    return fits(text, &articles[found]) ? found : -1;
}
