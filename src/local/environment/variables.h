/* The environment variables of a function: Lambda's, those of --pass-env, and those of its configuration.
 * Functions inherit no other variables from pt-local. */
#ifndef LOCAL_ENVIRONMENT_VARIABLES_H
#define LOCAL_ENVIRONMENT_VARIABLES_H

struct environment;

/* Makes a NULL-terminated list for execve; variables_free frees it. */
char **variables_new(const struct environment *environment);
void variables_free(char **variables);

#endif
