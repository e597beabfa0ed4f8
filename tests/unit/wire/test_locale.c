/* SPDX-License-Identifier: Apache-2.0 */
/* The library in a program that has chosen a language whose numbers have a comma: JSON and numbers
 * stay what they are. Without such a language, and without means to make one, it is left out. */
#include "ob_test.h"
#include "scratch.h"

#include <ombud/json.h>

#include <locale.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void numbers_keep_their_point(void **state)
{
    (void)state;
    OB_AUTO(ob_buf) text = {.max = 1000};
    ob_json_writer w = {.out = &text};
    ob_err err = {0};
    double value = 0;
    ob_jw_array(&w, NULL);
    ob_jw_double(&w, NULL, 12345.5);
    ob_jw_double(&w, NULL, -1.5e-7);
    ob_jw_double(&w, NULL, 1e300);
    ob_jw_double(&w, NULL, 0.5);
    ob_jw_end(&w, false);
    assert_span(ob_buf_span(&text), "[12345.5,-1.5e-07,1e+300,0.5]");
    assert_ok(ob_span_to_double(OB_SPAN("-2.5e1"), &value, &err));
    assert_true(value == -25);
    assert_fails(ob_span_to_double(OB_SPAN("2,5"), &value, &err), OB_ERR_INPUT, "not a number");
}

/* Makes the language de_DE in folder, where the system has its source only. */
static void make_language(const char *folder)
{
    char name[200];
    (void)snprintf(name, sizeof name, "%s/de_DE.UTF-8", folder);
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("localedef", "localedef", "-i", "de_DE", "-f", "UTF-8", name, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    (void)waitpid(child, &status, 0);
    (void)setenv("LOCPATH", folder, 1);
}

static bool has_comma(void)
{
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL && localeconv()->decimal_point[0] == ',';
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_keep_their_point)};
    char folder[SCRATCH_MAX];
    if (!has_comma() && scratch_make(folder) == 0) {
        make_language(folder);
    }
    int status = 0;
    if (has_comma()) {
        status = cmocka_run_group_tests(tests, NULL, NULL);
    } else {
        (void)puts("1..0 # SKIP no language with a comma in its numbers");
    }
    return status;
}
