/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference service as a process of its own: started from the program's own file on any free
 * port of loopback, ended by its pid. Its admin token reaches it through the environment and stands
 * nowhere else. One thread.
 */
#ifndef OB_CLI_REFERENCE_H
#define OB_CLI_REFERENCE_H

#include <ombud/sys.h>
#include <sys/types.h>

/* Under this name the service file asks for the admin token. */
#define OB_REFERENCE_SECRET   "DEMO_ADMIN"
#define OB_REFERENCE_VARIABLE "OMBUD_SECRET_" OB_REFERENCE_SECRET

typedef struct ob_reference {
    pid_t pid;
    char address[80]; /* host:port */
} ob_reference;

OB_MUST bool ob_reference_token(char token[33], ob_err *err);
/* Puts a token in place that services started from now on inherit. */
OB_MUST bool ob_reference_hand_over(const char *token, ob_err *err);
/* Starts one with further arguments of "demo serve" and waits until it serves. */
OB_MUST bool ob_reference_open(ob_reference *service, const char *const *arguments, size_t count,
                               ob_err *err);
void ob_reference_close(ob_reference *service);
/* Sets the dials that body names, as {"leak.cross_session": 0.05}, and all others to 0. */
OB_MUST bool ob_reference_dials(const ob_reference *service, const char *token, const char *body,
                                ob_err *err);

#endif
