/* SPDX-License-Identifier: Apache-2.0 */
/* embed NAME FILE OUT: a C source with the bytes of FILE as the array NAME. Runs while the library
 * is built, on the machine that builds. */
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fputs("embed NAME FILE OUT\n", stderr);
        return 2;
    }
    FILE *in = fopen(argv[2], "rb");
    FILE *out = fopen(argv[3], "wb");
    if (in == NULL || out == NULL) {
        (void)fprintf(stderr, "embed: cannot open %s\n", in == NULL ? argv[2] : argv[3]);
        return 1;
    }
    size_t count = 0;
    (void)fprintf(out,
                  "extern const unsigned char %s[];\nextern const unsigned long %s_bytes;\n"
                  "const unsigned char %s[] = {",
                  argv[1], argv[1], argv[1]);
    for (int c = getc(in); c != EOF; c = getc(in)) {
        (void)fprintf(out, "%s%d,", count++ % 24 == 0 ? "\n" : "", c);
    }
    (void)fprintf(out, "\n};\nconst unsigned long %s_bytes = %luul;\n", argv[1],
                  (unsigned long)count);
    int bad = ferror(in) | ferror(out);
    return (fclose(in) | fclose(out) | bad) != 0;
}
