/* SPDX-License-Identifier: Apache-2.0 */
/* The three forms of a page: text for a terminal, Markdown, HTML. */
#include "catalogue/export.h"

#include <ombud/text.h>

#define COLUMNS 78

/* Labels of the document, in the order of the English. */
static const struct {
    const char *english;
    const char *chinese;
} labels[] = {
    {"1/s", "次/秒"},
    {"Actor", "威胁主体"},
    {"Algorithm", "算法"},
    {"Asset", "资产"},
    {"Better", "取值方向"},
    {"Body", "发布机构"},
    {"Chinese documents", "中国标准与规定"},
    {"Clean", "未命中"},
    {"Component", "组件"},
    {"Contents", "目录"},
    {"Countered by", "对应要求"},
    {"Date", "日期"},
    {"Definition", "定义"},
    {"Denial of service", "拒绝服务"},
    {"Description", "描述"},
    {"EU AI Act, articles", "欧盟《人工智能法》条款"},
    {"Elevation of privilege", "权限提升"},
    {"Evaluation", "评估项"},
    {"Evaluation guidelines", "评估指南"},
    {"Evaluations", "评估项"},
    {"Facts", "事实"},
    {"A fixed plan would have used", "若按固定样本，需用"},
    {"GDPR, articles", "GDPR 条款"},
    {"Hit", "命中"},
    {"Incidents", "安全事件"},
    {"Information disclosure", "信息泄露"},
    {"Introduction", "引言"},
    {"Judge, by rubric", "裁判模型，评分准则"},
    {"Keyword", "约束程度"},
    {"Labelled replies", "标注样本"},
    {"Lesson", "教训"},
    {"Level", "等级"},
    {"Levels", "等级"},
    {"Limit", "限值"},
    {"Logic", "方法说明"},
    {"MITRE ATLAS mitigations", "MITRE ATLAS 缓解措施"},
    {"Mappings", "映射"},
    {"Method", "评估方法"},
    {"Methods", "评估方法"},
    {"Metrics", "指标"},
    {"Mode", "测试方式"},
    {"NLU/LLM", "语言理解与大模型"},
    {"OWASP LLM top 10", "OWASP LLM 十大风险"},
    {"OWASP agentic top 10", "OWASP 智能体十大风险"},
    {"Observation", "观察"},
    {"Pass", "通过准则"},
    {"Problem area", "问题领域"},
    {"Problem areas", "问题领域"},
    {"Procedures", "测试程序"},
    {"Repudiation", "抵赖"},
    {"Requirement", "要求"},
    {"Requirements", "安全要求"},
    {"STRIDE", "STRIDE 分类"},
    {"Sampling plans", "抽样方案"},
    {"Scenarios", "场景"},
    {"Security requirements", "安全要求"},
    {"Severity", "严重程度"},
    {"Singapore starter kit", "新加坡测试入门工具包"},
    {"Sources", "来源"},
    {"Spoofing", "假冒"},
    {"Statement", "条文"},
    {"Status", "状态"},
    {"Stimulus", "测试输入"},
    {"Table", "表"},
    {"Tampering", "篡改"},
    {"Threats", "安全威胁"},
    {"Title", "标题"},
    {"Trials to a PASS", "判定通过所需试验数"},
    {"Unit", "单位"},
    {"Verification", "核实情况"},
    {"Web address", "网址"},
    {"Year", "年份"},
    {"added by this project", "本项目增补"},
    {"all levels", "所有等级"},
    {"basic", "基本级"},
    {"channel/voice", "语音渠道"},
    {"config-probe", "配置核查"},
    {"count", "次数"},
    {"dialogue front end", "对话前端"},
    {"drill", "演练"},
    {"enhanced", "增强级"},
    {"facts seen in secondary text", "据二手资料"},
    {"fault", "故障注入"},
    {"high", "高级"},
    {"higher", "越高越好"},
    {"human hand-off", "人工转接"},
    {"knowledge base/RAG", "知识库与检索增强"},
    {"load", "负载"},
    {"logs", "日志"},
    {"lower", "越低越好"},
    {"ms", "毫秒"},
    {"multi-turn", "多轮对话"},
    {"n_one", "1 次失败时的 n"},
    {"n_three", "3 次失败时的 n"},
    {"n_two", "2 次失败时的 n"},
    {"n_zero", "0 次失败时的 n"},
    {"none", "无"},
    {"not applicable", "不适用"},
    {"of the draft Recommendation", "建议书草案"},
    {"offline", "离线"},
    {"operations", "运营"},
    {"optional", "可选"},
    {"passive", "被动观察"},
    {"platform", "平台"},
    {"points", "分"},
    {"protocol", "协议"},
    {"ratio", "比率"},
    {"recommended", "建议"},
    {"remembered", "凭记忆"},
    {"required", "要求"},
    {"s", "秒"},
    {"session store", "会话存储"},
    {"single-turn", "单轮对话"},
    {"soak", "长时间运行"},
    {"text read", "已阅原文"},
    {"tools/back-office", "工具与后台"},
    {"unverified", "未核实"},
};

/* Words of the data that are no English yet. */
static const struct {
    const char *word;
    const char *english;
} spelt[] = {
    {"n_zero", "n with 0 failures"},
    {"n_one", "n with 1 failure"},
    {"n_two", "n with 2 failures"},
    {"n_three", "n with 3 failures"},
};

const char *obi_say(const ob_page *page, const char *english)
{
    for (size_t i = 0; page->zh && i < OB_COUNT(labels); i++) {
        if (strcmp(labels[i].english, english) == 0) {
            return labels[i].chinese;
        }
    }
    for (size_t i = 0; i < OB_COUNT(spelt); i++) {
        if (strcmp(spelt[i].word, english) == 0) {
            return spelt[i].english;
        }
    }
    return english;
}

ob_span obi_pick(const ob_page *page, ob_span text, ob_span text_zh)
{
    return page->zh && text_zh.len > 0 ? text_zh : text;
}

static void add_markdown(ob_buf *out, ob_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (strchr("\\`*_<>[]|#", c) != NULL && c != '\0') {
            ob_buf_add_char(out, '\\');
        }
        ob_buf_add_char(out, c == '\n' ? ' ' : c);
    }
}

static void add_text(ob_page *page, ob_span text)
{
    switch (page->style) {
    case OB_PAGE_PLAIN:
        ob_buf_add(&page->field, text);
        break;
    case OB_PAGE_MARKDOWN:
        add_markdown(page->out, text);
        break;
    case OB_PAGE_HTML:
        ob_buf_add_html(page->out, text);
        break;
    }
}

/* The bytes of text up to the next place where a line may end, and their width on a terminal:
 * behind spaces, and around characters of two columns. */
static size_t next_piece(ob_span text, size_t *width)
{
    size_t pos = 0;
    uint32_t rune = 0;
    *width = 0;
    while (pos < text.len) {
        size_t start = pos;
        (void)ob_utf8_next(text, &pos, &rune);
        bool wide = rune >= 0x2e80;
        if (wide && start > 0) {
            return start;
        }
        *width += wide ? 2 : 1;
        if (wide || rune == ' ') {
            return pos;
        }
    }
    return pos;
}

/* Writes text in lines of COLUMNS, all but the first indented. */
static void wrap(ob_buf *out, ob_span text, size_t column, size_t indent)
{
    while (text.len > 0) {
        size_t width = 0;
        size_t bytes = next_piece(text, &width);
        ob_span piece = ob_span_sub(text, 0, bytes);
        size_t shown = piece.len > 0 && piece.ptr[piece.len - 1] == ' ' ? width - 1 : width;
        if (column + shown > COLUMNS && column > indent) {
            while (out->len > 0 && out->ptr[out->len - 1] == ' ') {
                out->len--;
            }
            ob_buf_addf(out, "\n%*s", (int)indent, "");
            column = indent;
        }
        ob_buf_add_shown(out, piece, SIZE_MAX);
        column += width;
        text = ob_span_sub(text, bytes, text.len);
    }
}

void obi_heading(ob_page *page, unsigned depth, ob_span id, ob_span title)
{
    ob_buf *out = page->out;
    switch (page->style) {
    case OB_PAGE_PLAIN:
        wrap(out, title, 0, 0);
        ob_buf_add_str(out, "\n");
        break;
    case OB_PAGE_MARKDOWN:
        /* A paragraph or a table of contents may have left an empty line already. */
        ob_buf_add_str(out, out->len > 1 && out->ptr[out->len - 2] == '\n' ? "" : "\n");
        ob_buf_addf(out, "%.*s <a id=\"%.*s\"></a>", (int)depth, "######", OB_SHOW(id));
        add_markdown(out, title);
        ob_buf_add_str(out, "\n\n");
        break;
    case OB_PAGE_HTML:
        ob_buf_addf(out, "<h%u id=\"", depth);
        ob_buf_add_html(out, id);
        ob_buf_add_str(out, "\">");
        ob_buf_add_html(out, title);
        ob_buf_addf(out, "</h%u>\n", depth);
        break;
    }
}

void obi_field_open(ob_page *page, const char *label)
{
    const char *colon = page->zh ? "：" : ": ";
    switch (page->style) {
    case OB_PAGE_PLAIN:
        ob_buf_reset(&page->field);
        ob_buf_addf(&page->field, "%s%s", label, colon);
        break;
    case OB_PAGE_MARKDOWN:
        ob_buf_add_str(page->out, "- **");
        add_markdown(page->out, ob_span_str(label));
        ob_buf_addf(page->out, "**%s", colon);
        break;
    case OB_PAGE_HTML:
        ob_buf_add_str(page->out, "<p class=\"f\"><b>");
        ob_buf_add_html(page->out, ob_span_str(label));
        ob_buf_addf(page->out, "</b>%s", colon);
        break;
    }
}

void obi_field_open_of(ob_page *page, const char *label, ob_span id, const ob_word *word)
{
    char text[200];
    ob_span name = obi_pick(page, word->name, word->name_zh);
    (void)snprintf(text, sizeof text, page->zh ? "%s（%.*s%s%.*s）" : "%s (%.*s%s%.*s)",
                   obi_say(page, label), OB_SHOW(id), id.len > 0 ? " " : "", OB_SHOW(name));
    obi_field_open(page, text);
}

void obi_field_add(ob_page *page, ob_span text)
{
    add_text(page, text);
}

void obi_field_link(ob_page *page, ob_span id)
{
    switch (page->style) {
    case OB_PAGE_PLAIN:
        ob_buf_add(&page->field, id);
        break;
    case OB_PAGE_MARKDOWN:
        ob_buf_addf(page->out, "[%.*s](#%.*s)", OB_SHOW(id), OB_SHOW(id));
        break;
    case OB_PAGE_HTML:
        ob_buf_add_str(page->out, "<a href=\"#");
        ob_buf_add_html(page->out, id);
        ob_buf_add_str(page->out, "\">");
        ob_buf_add_html(page->out, id);
        ob_buf_add_str(page->out, "</a>");
        break;
    }
}

void obi_field_close(ob_page *page)
{
    switch (page->style) {
    case OB_PAGE_PLAIN:
        ob_buf_add_str(page->out, "  ");
        wrap(page->out, ob_buf_span(&page->field), 2, 4);
        ob_buf_add_str(page->out, "\n");
        break;
    case OB_PAGE_MARKDOWN:
        ob_buf_add_str(page->out, "\n");
        break;
    case OB_PAGE_HTML:
        ob_buf_add_str(page->out, "</p>\n");
        break;
    }
}

void obi_field(ob_page *page, const char *label, ob_span text)
{
    if (text.len == 0) {
        return;
    }
    obi_field_open(page, obi_say(page, label));
    obi_field_add(page, text);
    obi_field_close(page);
}

void obi_para(ob_page *page, ob_span text)
{
    switch (page->style) {
    case OB_PAGE_PLAIN:
        ob_buf_add_str(page->out, "  ");
        wrap(page->out, text, 2, 2);
        ob_buf_add_str(page->out, "\n");
        break;
    case OB_PAGE_MARKDOWN:
        add_markdown(page->out, text);
        ob_buf_add_str(page->out, "\n\n");
        break;
    case OB_PAGE_HTML:
        ob_buf_add_str(page->out, "<p>");
        ob_buf_add_html(page->out, text);
        ob_buf_add_str(page->out, "</p>\n");
        break;
    }
}

static void table_row(ob_page *page, const ob_yaml *cells, const char *tag)
{
    bool html = page->style == OB_PAGE_HTML;
    ob_buf_add_str(page->out, html ? "<tr>" : "|");
    for (size_t i = 0; i < cells->count; i++) {
        const ob_yaml *cell = tag[1] == 'h' ? &cells->keys[i] : &cells->items[i];
        char word[64];
        (void)snprintf(word, sizeof word, "%.*s", OB_SHOW(cell->text));
        ob_buf_addf(page->out, html ? "<%s>" : " ", tag);
        add_text(page, ob_span_str(obi_say(page, word)));
        ob_buf_addf(page->out, html ? "</%s>" : " |", tag);
    }
    ob_buf_add_str(page->out, html ? "</tr>\n" : "\n");
}

/* A line of "n: 59, p: 0.05" for each row, as a terminal shows it. */
static void table_plain(ob_page *page, const ob_yaml *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const ob_yaml *row = &rows->items[i];
        obi_field_open(page, obi_say(page, "Table"));
        for (size_t k = 0; k < row->count; k++) {
            char word[64];
            (void)snprintf(word, sizeof word, "%.*s", OB_SHOW(row->keys[k].text));
            add_text(page, ob_span_str(k == 0 ? "" : page->zh ? "；" : "; "));
            add_text(page, ob_span_str(obi_say(page, word)));
            add_text(page, OB_SPAN(" = "));
            add_text(page, row->items[k].text);
        }
        obi_field_close(page);
    }
}

void obi_table(ob_page *page, const ob_yaml *rows)
{
    if (page->style == OB_PAGE_PLAIN || rows->count == 0) {
        table_plain(page, rows);
        return;
    }
    bool html = page->style == OB_PAGE_HTML;
    ob_buf_add_str(page->out, html ? "<table>\n" : "");
    table_row(page, &rows->items[0], "th");
    ob_buf_add_str(page->out, html ? "" : "|");
    for (size_t i = 0; !html && i < rows->items[0].count; i++) {
        ob_buf_add_str(page->out, " ---: |");
    }
    ob_buf_add_str(page->out, html ? "" : "\n");
    for (size_t i = 0; i < rows->count; i++) {
        table_row(page, &rows->items[i], "td");
    }
    ob_buf_add_str(page->out, html ? "</table>\n" : "");
}

void obi_page_head(ob_page *page, ob_span title)
{
    if (page->style == OB_PAGE_MARKDOWN) {
        ob_buf_add_str(page->out, "# ");
        add_markdown(page->out, title);
        ob_buf_add_str(page->out, "\n\n");
        return;
    }
    ob_buf_addf(page->out,
                "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">\n<meta name=\"viewport\" "
                "content=\"width=device-width, initial-scale=1\">\n<title>",
                page->zh ? "zh-CN" : "en");
    ob_buf_add_html(page->out, title);
    ob_buf_add_str(
        page->out,
        "</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;color:#1c2330;background:#fff;"
        "max-width:52rem;margin:2rem auto;padding:0 1rem}h1{line-height:1.2}h2{margin-top:3rem;"
        "border-bottom:2px solid #1c2330}h3{margin-top:2.2rem}h4{margin:1.8rem 0 .3rem;"
        "border-top:1px solid #ccd3dd;padding-top:.8rem}p.f{margin:.15rem 0 .15rem 1rem}"
        "table{border-collapse:collapse;margin:.6rem 1rem}th,td{border:1px solid #ccd3dd;"
        "padding:.15rem .6rem;text-align:right}a{color:#0a4a8f}nav ul{margin:.2rem 0}@media "
        "print{a{color:inherit}}</style></head>\n"
        "<body><h1>");
    ob_buf_add_html(page->out, title);
    ob_buf_add_str(page->out, "</h1>\n");
}

void obi_page_tail(ob_page *page)
{
    if (page->style == OB_PAGE_HTML) {
        ob_buf_add_str(page->out, "</body></html>\n");
    }
}
