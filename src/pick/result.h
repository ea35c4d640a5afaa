/* The result of a run: its last record, and the table that people read. */
#ifndef PICK_RESULT_H
#define PICK_RESULT_H

#include "pick/choice.h"
#include "pick/confidence.h"
#include "util/table.h"

struct result_settings {
    enum strategy strategy;
    double weight;
    bool include_stats;
    const char *visualization_url; /* address of the page, without query and fragment */
    const char *region;            /* "" when unknown */
    const char *function;     /* the function's name as a JSON string token; NULL when there is only one */
    double present_memory_mb; /* the function's current memory, MB; 0: unknown */
    double memory_floor;      /* the smallest size that may be enough when smaller ones ran out of memory, MB;
                                      0: no size ran out of memory */
    bool provisional;         /* the run was stopped before all sizes were measured */
    const struct confidence *confidence; /* of the choice; NULL: unknown */
};

/* Appends the result record, without a newline:
 *   {"power","cost","duration","stateMachine":{"executionCost","lambdaCost","visualization"},
 *    "confidence"?,"expectedRegret"?,"memoryFloorMB"?,"provisional"?,"stats"?,"excluded"?}
 * The choice must have at least one candidate. */
void result_append(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                   const struct result_settings *settings);

/* True when the line is the result of a run (not of a dry run); `*object` is then its JSON object. A
 * result has no "type": it is recognized by having "stateMachine" and "power". */
bool result_is(struct span line, struct span *object);

/* Appends "excluded":[{"power","reason"},...] to an open JSON object; nothing when no size is excluded. */
void result_put_excluded(struct text *out, const struct memory_sizes *sizes);

/* Appends the sentences that must precede the answer: the function fails at its current memory (`present`,
 * MB; 0: unknown), or only one size was measured, so that nothing was chosen. Returns true when it
 * appended any: the answer must then not be called sure. */
bool result_append_caveat(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                          double present);

/* True when failures leave a single size to choose, so that nothing is compared. */
bool result_is_only_one(const struct memory_sizes *sizes, const struct choice *choice);

/* Ends the sentence that names the chosen size: appends how sure the choice is, how the second best size
 * compares, and the full stop: ": 97 % sure; 1024 MB costs 0.6 % more (within noise) and is 41 % faster.". When
 * another size is more likely to be the best: " in this run: 8 % sure, against 72 % for 128 MB; ...". Without `sure` the first part is left out. */
void result_append_confidence(struct text *out, const struct choice *choice,
                              const struct confidence *confidence, enum strategy strategy, bool sure);

/* How the table is drawn. */
struct result_picture {
    size_t width; /* columns of the terminal; 0: not a terminal */
    bool unicode; /* bars are drawn with Unicode blocks instead of # */
    bool colour;
};

/* Appends the table of all sizes; TABLE_ALIGNED has a sentence before the table and a chart of bars after
 * it. */
void result_append_table(struct text *out, const struct memory_sizes *sizes, const struct choice *choice,
                         const struct result_settings *settings, enum table_format format,
                         const struct result_picture *picture);

#endif
