/* The version of the toolkit: one for all programs, printed by --version. */
#ifndef UTIL_VERSION_H
#define UTIL_VERSION_H

#define POWER_TUNE_VERSION "0.1.0"

#endif
