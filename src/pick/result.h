/* The result: the last record of a run, and its table for people. */
#ifndef PICK_RESULT_H
#define PICK_RESULT_H

#include "pick/choice.h"
#include "pick/confidence.h"
#include "util/table.h"

struct result_settings {
    enum strategy strategy;
    double weight;
    bool include_stats;
    const char *visualization_url; /* the page alone, without anything behind it */
    const char *region;            /* "" when unknown */
    const char *function; /* a JSON string token, or NULL: which function it is, where there are several */
    double present_memory_mb; /* the function's memory as it is, MB; 0: unknown */
    double memory_floor; /* the smallest size that may hold the function, where smaller ones failed for want
                             of memory; 0: none did */
    bool provisional;    /* the run was stopped before all was measured */
    const struct confidence *confidence; /* of the choice; NULL: not known */
};

/* Appends
 * {"power","cost","duration","stateMachine":{"executionCost","lambdaCost","visualization"},
 * "confidence"?,"expectedRegret"?,"memoryFloorMB"?,"provisional"?,"stats"?,"excluded"?}
 * without a newline. The choice must have something to choose from. */
void result_append(struct text *out, const struct sizes *sizes, const struct choice *choice,
                   const struct result_settings *settings);

/* True when the line is a result, `*object` then, of a run that was not dry. It has no type: it is told by
 * what no record has. */
bool result_is(struct span line, struct span *object);

/* Appends ,"excluded":[{"power","reason"},...] to an object, nothing when no size is. */
void result_put_excluded(struct text *out, const struct sizes *sizes);

/* Appends what has to be said before the answer, in sentences: the function fails at the memory that it has
 * (`present`, MB; 0: not known), or one size alone was measured, which is no choice. False when there is
 * nothing of the kind. With it the answer is not to be called sure. */
bool result_append_caveat(struct text *out, const struct sizes *sizes, const struct choice *choice,
                          double present);

/* Appends how sure it is that the chosen size is the best, in words, to a sentence that says which that is,
 * and its full stop: ": 97 % sure; 1024 MB costs 0.6 % more and is 41 % faster: within noise.";
 * without `sure` only what the next size would be. */
void result_append_confidence(struct text *out, const struct choice *choice,
                              const struct confidence *confidence, enum strategy strategy, bool sure);

/* How the table is drawn. */
struct result_picture {
    size_t width; /* columns of the terminal; 0: there is none */
    bool unicode; /* blocks may be drawn */
    bool colour;
};

/* Appends the table of all sizes; as TABLE_ALIGNED with a sentence in front and bars behind. */
void result_append_table(struct text *out, const struct sizes *sizes, const struct choice *choice,
                         const struct result_settings *settings, enum table_format format,
                         const struct result_picture *picture);

#endif
