/* A scope of its own for this program, from the user's systemd: with version 2 of control groups an ordinary
 * user may make groups in what is delegated to him, and nowhere else. */
#ifndef LOCAL_SANDBOX_SCOPE_H
#define LOCAL_SANDBOX_SCOPE_H

/* Runs this program anew in a delegated scope, by systemd-run, when it needs one to make control groups and
 * can have one; it has then the same process number, and this does not return. Otherwise it does nothing. */
void scope_enter(char **arguments);

#endif
