/* The parameters of the input object: a table of their names and kinds, and of the command line option for
 * each. */
#ifndef TUNE_PARAMETER_H
#define TUNE_PARAMETER_H

/* The strategies, in the order of enum strategy (model/strategy.h). */
#define STRATEGIES "cost|speed|balanced"

/* The input parameters by name, in the order of the original's page; the last entry has a NULL name. The
 * command line has an option for each. */
enum parameter_kind {
    PARAMETER_STRING,
    PARAMETER_WHOLE,
    PARAMETER_NUMBER,
    PARAMETER_BOOLEAN,
    PARAMETER_SWITCH, /* a number; true, and an option without an argument, mean its default */
    PARAMETER_MEMORY_SIZES,
    PARAMETER_STRINGS,
    PARAMETER_PAYLOAD
};
struct parameter {
    const char *name;
    enum parameter_kind kind;
    const char *option;          /* without dashes */
    const char *argument, *help; /* as in util/options.h */
};
extern const struct parameter tuning_parameters[];

#endif
