/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that a shell would run: behind what ends another command, or in what it replaces by its
 * output. Honest texts name commands ("ping 192.168.1.1"), and have semicolons, bars and back
 * quotes; so it takes an operator, a known command, and an argument that is none of prose.
 */
#include "detect/markup.h"

typedef enum use {
    USE_NONE,
    USE_TELLS, /* shows something; alone or with a path */
    USE_NET,   /* talks to a network */
    USE_RUNS,  /* runs what it is given */
    USE_HARMS  /* destroys, or changes who may do what */
} use;

typedef struct row {
    ob_span name;
    use use;
} row;

/* By name. */
static const row commands[] = {
#define COMMAND(name, use) {{(name), sizeof(name) - 1}, USE_##use},
    COMMAND("ash", RUNS) COMMAND("awk", RUNS) COMMAND("base64", TELLS) COMMAND(
        "bash", RUNS) COMMAND("busybox",
                              RUNS) COMMAND("calc", RUNS) COMMAND("cat", TELLS) COMMAND("cd", TELLS)
        COMMAND("chmod", HARMS) COMMAND("chown", HARMS) COMMAND("cmd", RUNS) COMMAND(
            "cp", HARMS) COMMAND("crontab", HARMS) COMMAND("csh", RUNS) COMMAND("curl",
                                                                                NET) COMMAND("dash",
                                                                                             RUNS)
            COMMAND("dd", HARMS) COMMAND("del", HARMS) COMMAND("dig", NET) COMMAND("dir", TELLS) COMMAND(
                "echo",
                TELLS) COMMAND("env", TELLS) COMMAND("eval",
                                                     RUNS) COMMAND("exec",
                                                                   RUNS) COMMAND("find", TELLS)
                COMMAND("format", HARMS) COMMAND("ftp", NET) COMMAND("grep", TELLS) COMMAND(
                    "halt",
                    HARMS) COMMAND("head",
                                   TELLS) COMMAND("host",
                                                  NET) COMMAND("hostname",
                                                               TELLS) COMMAND("id", TELLS)
                    COMMAND("ifconfig", TELLS) COMMAND("ipconfig", TELLS) COMMAND(
                        "iptables",
                        HARMS) COMMAND("kill",
                                       HARMS) COMMAND("killall", HARMS) COMMAND("ksh", RUNS)
                        COMMAND("ls", TELLS) COMMAND("mkdir", HARMS) COMMAND("mkfs", HARMS) COMMAND(
                            "more",
                            TELLS) COMMAND("mv", HARMS) COMMAND("nc", NET)
                            COMMAND("ncat", NET) COMMAND("net", NET) COMMAND("netcat", NET) COMMAND(
                                "netstat", TELLS) COMMAND("node",
                                                          RUNS) COMMAND("nohup", RUNS)
                                COMMAND("nslookup", NET) COMMAND("passwd", HARMS) COMMAND(
                                    "perl",
                                    RUNS) COMMAND("php", RUNS) COMMAND("ping", NET)
                                    COMMAND("poweroff", HARMS) COMMAND(
                                        "powershell", RUNS) COMMAND("printenv", TELLS)
                                        COMMAND("printf", TELLS) COMMAND("ps", TELLS) COMMAND(
                                            "pwd", TELLS) COMMAND("pwsh",
                                                                  RUNS) COMMAND("python", RUNS)
                                            COMMAND("python3", RUNS) COMMAND("rd", HARMS) COMMAND(
                                                "reboot",
                                                HARMS) COMMAND("rm", HARMS) COMMAND("rmdir", HARMS)
                                                COMMAND("ruby", RUNS) COMMAND("scp", NET) COMMAND(
                                                    "set",
                                                    TELLS) COMMAND("sh", RUNS) COMMAND("shred",
                                                                                       HARMS)
                                                    COMMAND("shutdown", HARMS) COMMAND(
                                                        "sleep",
                                                        TELLS) COMMAND("socat",
                                                                       NET) COMMAND("ssh", NET)
                                                        COMMAND("start", RUNS) COMMAND(
                                                            "sudo",
                                                            RUNS) COMMAND("systeminfo", TELLS)
                                                            COMMAND("tail", TELLS) COMMAND(
                                                                "tar", HARMS) COMMAND("tasklist",
                                                                                      TELLS)
                                                                COMMAND("telnet", NET) COMMAND(
                                                                    "tftp",
                                                                    NET) COMMAND("touch", HARMS)
                                                                    COMMAND("type", TELLS) COMMAND(
                                                                        "uname", TELLS)
                                                                        COMMAND("useradd", HARMS)
                                                                            COMMAND(
                                                                                "ver",
                                                                                TELLS) COMMAND("wge"
                                                                                               "t",
                                                                                               NET)
                                                                                COMMAND(
                                                                                    "whoami", TELLS)
                                                                                    COMMAND("wipe",
                                                                                            HARMS)
                                                                                        COMMAND(
                                                                                            "xargs",
                                                                                            RUNS)
                                                                                            COMMAND(
                                                                                                "zs"
                                                                                                "h",
                                                                                                RUNS)
#undef COMMAND
};

static use use_of(ob_span name)
{
    size_t low = 0;
    for (size_t high = OB_COUNT(commands); low < high;) {
        size_t middle = (low + high) / 2;
        int order = ob_span_compare(name, commands[middle].name);
        if (order == 0) {
            return commands[middle].use;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return USE_NONE;
}

/* Names that no sentence begins with behind a sign. */
static bool is_only_command(ob_span name)
{
    static const char *const names[] = {"id",       "ls",         "ps",   "pwd",    "uname",
                                        "whoami",   "sh",         "bash", "zsh",    "ifconfig",
                                        "netstat",  "printenv",   "env",  "reboot", "dir",
                                        "ipconfig", "systeminfo", "calc"};
    for (size_t i = 0; i < OB_COUNT(names); i++) {
        if (ob_span_is_str(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* An argument of a command rather than the next word of a sentence. */
static bool is_argument(ob_span text)
{
    size_t end = 0;
    bool sign = false;
    if (text.len == 0) {
        return false;
    }
    if (obi_one_of(text.ptr[0], "-/.~$\"'><\\%*{")) {
        return text.len > 1 && !obi_blank(text.ptr[1]);
    }
    while (end < text.len && !obi_blank(text.ptr[end]) && !obi_one_of(text.ptr[end], ";|&)`")) {
        sign = sign ||
               (end + 1 < text.len && obi_one_of(text.ptr[end], "./:\\=@$") &&
                obi_is(text.ptr[end + 1], OBI_ALNUM)) ||
               obi_is(text.ptr[end], OBI_DIGIT);
        end++;
    }
    return sign;
}

static bool ends_command(char c)
{
    return obi_one_of(c, ";|&)`\n\r\"'<>");
}

/* A word at pos, behind paths ("/bin/sh") and quotes that hide it ("c'a't", "c\at"). */
static size_t read_name(ob_span text, size_t pos, char *out, size_t cap, size_t *len)
{
    size_t at = pos;
    *len = 0;
    for (; at < text.len && at - pos < 48; at++) {
        char c = text.ptr[at];
        if (c == '/') {
            *len = 0;
        } else if (obi_is(c, OBI_ALNUM) || c == '_' || (c == '.' && *len > 0)) {
            if (*len == cap) {
                return pos;
            }
            out[(*len)++] = obi_is(c, OBI_UPPER) ? (char)(c | 0x20) : c;
        } else if (!obi_one_of(c, "'\"\\@") || (at + 1 < text.len && obi_blank(text.ptr[at + 1]))) {
            break; /* at the end of the text the quote may be one within the name */
        }
    }
    if (*len > 4 && memcmp(out + *len - 4, ".exe", 4) == 0) {
        *len -= 4;
    }
    return at;
}

/* "${IFS}", "$IFS": a blank for shells only. */
static size_t hidden_blank(ob_span text, size_t at)
{
    static const char *const forms[] = {"${IFS}", "$IFS$9", "$IFS", "%20", "+"};
    for (size_t i = 0; i < OB_COUNT(forms); i++) {
        ob_span form = ob_span_str(forms[i]);
        if (ob_span_is(ob_span_sub(text, at, at + form.len), form)) {
            return form.len;
        }
    }
    return 0;
}

static bool contains(ob_span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (ob_span_find_nocase(text, ob_span_str(*words), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* What somebody looks for who should not: in an argument of a command that only shows something. */
static bool is_sensitive(ob_span text)
{
    static const char *const places[] = {"/etc",   "passwd", "shadow",   ".ssh",  ".env", "/proc",
                                         "/root",  "id_rsa", "..",       "$",     "*",    "c:\\",
                                         "secret", ".git",   "/var/www", "/home", NULL};
    size_t end = 0;
    while (end < text.len && end < 40 && !obi_one_of(text.ptr[end], "\n;|&")) {
        end++;
    }
    return contains(ob_span_sub(text, 0, end), places);
}

/* A command, and what follows it. */
typedef struct call {
    ob_span name;
    use use;
    ob_span argument; /* and all behind it */
    bool glued;       /* nothing stands between the operator and it */
    bool path;        /* "/bin/sh" */
    bool hidden;      /* what stands between is a blank for a shell only */
    bool ended;       /* another operator, or the end, follows */
} call;

static bool is_harmful(const call *made)
{
    bool argument = is_argument(made->argument);
    bool only = is_only_command(made->name);
    if (made->path || made->hidden) {
        return true;
    }
    if (argument) {
        return only || made->glued || made->use != USE_TELLS || is_sensitive(made->argument);
    }
    return made->ended && (only || (made->glued && made->use != USE_TELLS));
}

/* A command at pos behind an operator. glued: nothing stood between. */
static obi_fit command(const obi_markup_at *at, size_t pos, bool glued, obi_mark *mark)
{
    char name[16];
    size_t len = 0;
    ob_span text = at->text;
    size_t end = read_name(text, pos, name, sizeof name, &len);
    if (end >= text.len && !at->last) {
        return OBI_FIT_MORE;
    }
    call made = {.name = {name, len}, .use = use_of((ob_span){name, len}), .glued = glued};
    if (made.use == USE_NONE || end == pos) {
        return OBI_FIT_NO;
    }
    size_t next = obi_skip_blank(text, end);
    if (text.len < next + 40 && !at->last) {
        return OBI_FIT_MORE;
    }
    char behind = end < text.len ? text.ptr[end] : '\n';
    char follows = next < text.len ? text.ptr[next] : '\n';
    /* One of several words, as in "yes|no". */
    bool listed = text.ptr[at->start] == '|' &&
                  (behind == '|' || (at->start > 0 && obi_is(text.ptr[at->start - 1], OBI_LETTER)));
    made.path = text.ptr[pos] == '/';
    made.hidden = end < text.len && hidden_blank(text, end) > 0;
    made.argument = next > end ? ob_span_sub(text, next, next + 40) : (ob_span){0};
    made.ended = !listed && (ends_command(behind) || (ends_command(follows) && glued));
    mark->end = end;
    while (made.argument.len > 0 && mark->end < next + 40 && mark->end < text.len &&
           (mark->end < next || !obi_blank(text.ptr[mark->end]))) {
        mark->end++;
    }
    return is_harmful(&made) ? OBI_FIT_YES : OBI_FIT_NO;
}

/* The operator at the literal, and where the command begins. */
obi_fit obi_markup_shell_chain(const obi_markup_at *at, obi_mark *mark)
{
    char sign = at->text.ptr[at->start];
    char before = at->start > 0 ? at->text.ptr[at->start - 1] : '\0';
    size_t pos = at->end;
    if (pos == at->text.len) {
        return at->last ? OBI_FIT_NO : OBI_FIT_MORE;
    }
    if (sign == '|' && pos < at->text.len && at->text.ptr[pos] == '|') {
        pos++;
    }
    size_t from = pos;
    pos = obi_skip_blank(at->text, pos);
    if (pos > from + 8 || (pos == at->text.len && at->last)) {
        return OBI_FIT_NO;
    }
    if (pos == at->text.len) {
        return OBI_FIT_MORE;
    }
    bool glued = pos == from;
    if ((sign == '`' && !obi_is(before, OBI_ALNUM) && !obi_one_of(before, "=;&|\"'$")) ||
        (sign == ';' && !glued && at->text.ptr[from] == '\n') || before == '&') {
        return OBI_FIT_NO;
    }
    *mark = (obi_mark){.start = at->start,
                       .rule = sign == '$' || sign == '`' ? "shell/substitution" : "shell/chain",
                       .kind = OB_KIND_SHELL};
    return command(at, pos, glued, mark);
}

static obi_fit found(const obi_markup_at *at, size_t end, const char *rule, obi_mark *mark)
{
    *mark = (obi_mark){
        .start = at->start, .end = end, .rule = rule, .kind = OB_KIND_SHELL, .sure = true};
    return OBI_FIT_YES;
}

/* Options behind a command that make it one of an attack: within this line and so many bytes. */
static obi_fit options(const obi_markup_at *at, const char *const *wanted, size_t most,
                       const char *rule, obi_mark *mark)
{
    ob_span rest = ob_span_sub(at->text, at->end, at->end + most);
    size_t line = ob_span_find(rest, OB_SPAN("\n"), 0);
    bool ended = line != SIZE_MAX || at->text.len >= at->end + most || at->last;
    if (at->start > 0 && obi_is(at->text.ptr[at->start - 1], OBI_TOKEN)) {
        return OBI_FIT_NO;
    }
    rest = ob_span_sub(rest, 0, line);
    size_t end = at->end + rest.len;
    return !ended ? OBI_FIT_MORE : contains(rest, wanted) ? found(at, end, rule, mark) : OBI_FIT_NO;
}

/* "cmd /c", "cmd.exe /k": what follows is run. */
static obi_fit windows_shell(const obi_markup_at *at, obi_mark *mark)
{
    ob_span text = at->text;
    size_t pos = at->end;
    if (ob_span_is_nocase(ob_span_sub(text, pos, pos + 4), OB_SPAN(".exe"))) {
        pos += 4;
    }
    size_t next = obi_skip_blank(text, pos);
    if (text.len < next + 3 && !at->last) {
        return OBI_FIT_MORE;
    }
    bool runs = text.len >= next + 2 && text.ptr[next] == '/' &&
                obi_one_of(text.ptr[next + 1], "cCkK") &&
                (text.len == next + 2 || obi_blank(text.ptr[next + 2]));
    return runs ? found(at, next + 2, "shell/windows", mark) : OBI_FIT_NO;
}

obi_fit obi_markup_shell_windows(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const wanted[] = {" -e ",    " -enc",    " -ec ", "-nop",
                                         "hidden",  "bypass",   "iex",   "downloadstring",
                                         "invoke-", "-command", NULL};
    if (at->start > 0 && obi_is(at->text.ptr[at->start - 1], OBI_TOKEN)) {
        return OBI_FIT_NO;
    }
    return (at->text.ptr[at->start] | 0x20) == 'c' ? windows_shell(at, mark)
                                                   : options(at, wanted, 40, "shell/windows", mark);
}

/* "rm -rf /", "rm -rf ~", "rm -rf *": not a folder of one's own. */
obi_fit obi_markup_shell_remove(const obi_markup_at *at, obi_mark *mark)
{
    ob_span text = at->text;
    ob_span before = obi_markup_before(at, at->start);
    size_t pos = obi_run(text, at->end, OBI_TOKEN);
    size_t next = obi_skip_blank(text, pos);
    if (!ob_span_has_suffix(before, OB_SPAN("rm ")) || pos - at->end > 24) {
        return OBI_FIT_NO;
    }
    if (text.len < next + 2 && !at->last) {
        return OBI_FIT_MORE;
    }
    char target = next < text.len ? text.ptr[next] : '\0';
    char behind = next + 1 < text.len ? text.ptr[next + 1] : ' ';
    bool root = obi_one_of(target, "/~*") && !obi_is(behind, OBI_ALNUM) && target != '\0';
    if (next == pos || !root) {
        return OBI_FIT_NO;
    }
    (void)found(at, next + 1, "shell/remove", mark);
    mark->start -= 3;
    return OBI_FIT_YES;
}

/* A shell that somebody else types into. */
obi_fit obi_markup_shell_reverse(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const bash[] = {" -i >",  " -i>", " -c 'bash -i", " -c \"bash -i", " -c {e",
                                       " -c '{", NULL};
    static const char *const pipe[] = {"/tmp/", "|", NULL};
    static const char *const nc[] = {"nc ", "ncat ", "netcat ", "socat ", NULL};
    static const char *const runs[] = {"-e ", "-c ", "exec:", "-ne ", "-nve ", NULL};
    ob_span before = obi_markup_before(at, at->start);
    switch (at->text.ptr[at->start] | 0x20) {
    case '/':
        if ((at->text.ptr[at->start + 1] | 0x20) == 'b') { /* "/bin/" behind "nc -e" */
            return contains(before, nc) && contains(before, runs)
                       ? found(at, at->end, "shell/reverse", mark)
                       : OBI_FIT_NO;
        }
        return found(at, at->end, "shell/reverse", mark);
    case 'b':
        return options(at, bash, 16, "shell/reverse", mark);
    case 'm':
        return options(at, pipe, 24, "shell/reverse", mark);
    default:
        return found(at, at->end, "shell/reverse", mark);
    }
}

/* Code of other languages that runs a command, or loads and runs what it loads. */
obi_fit obi_markup_shell_code(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const calls[] = {
        "popen(",       "run(",          "call(",      "check_output(", "system(", "(\"http",
        "('http",       "expression",    "webrequest", "mimikatz",      "('os",    "(\"os",
        "('subprocess", "(\"subprocess", "('",         "(\"",           NULL};
    return options(at, calls, 24, "shell/code", mark);
}

/* Files that tell who may log in: read by a command, or from outside of where it may read. */
obi_fit obi_markup_shell_file(const obi_markup_at *at, obi_mark *mark)
{
    static const char *const readers[] = {
        "cat ", "less ", "head ",   "tail ", "more ", "type ", "../",  "..\\",     "file:", "cp ",
        "<",    "nl ",   "include", "load",  "%00",   "cat${", "cat$", "strings ", NULL};
    ob_span before = obi_markup_before(at, at->start);
    before = ob_span_sub(before, before.len > 16 ? before.len - 16 : 0, before.len);
    return contains(before, readers) ? found(at, at->end, "shell/file", mark) : OBI_FIT_NO;
}
