/* Moves this program into a systemd scope of its own. With control groups version 2, ordinary users can
 * make groups only in a part of the hierarchy that is delegated to them. */
#ifndef LOCAL_SANDBOX_SCOPE_H
#define LOCAL_SANDBOX_SCOPE_H

/* Executes this program again with `arguments` in a delegated scope, by systemd-run, if it needs one to
 * make control groups. The process number stays the same, and this function does not return. Does nothing
 * when no scope is needed or available. */
void scope_enter(char **arguments);

#endif
