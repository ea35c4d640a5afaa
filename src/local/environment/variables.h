/* The environment variables that a function sees: Lambda's, then the function's own, and nothing of
 * pt-local's but what the user asked to pass. */
#ifndef LOCAL_ENVIRONMENT_VARIABLES_H
#define LOCAL_ENVIRONMENT_VARIABLES_H

struct environment;

/* A list for execve, NULL at its end; variables_free gives it back. */
char **variables_new(const struct environment *environment);
void variables_free(char **variables);

#endif
