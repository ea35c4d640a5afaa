/* The plan record for the stages that take settings from it which their options do not give. Logs have no
 * plan: its span is then absent, and every setting has its default. A member of another type counts as
 * absent. (tune/plan.h reads the whole plan, for the stages that need one.) */
#ifndef TUNE_PLAN_RECORD_H
#define TUNE_PLAN_RECORD_H

#include "util/json.h"
#include "util/span.h"
#include "util/text.h"

/* The member `name`; absent when the plan has none of this type. */
struct span plan_member(struct span plan, const char *name, enum json_type type);

/* A number, or `fallback`. */
double plan_number(struct span plan, const char *name, double fallback);

/* Appends the string `option` unless it is NULL, else the plan's, else `fallback`. */
void plan_string(struct span plan, const char *name, const char *option, const char *fallback,
                 struct text *out);

/* The share of the measurements that the averages leave out at each end, 0..0.4. */
double plan_discard(struct span plan);

/* The timeout of the versions, s; 0: unknown. */
double plan_time_limit(struct span plan);

/* The memory that the function has, or its version or alias that the input names, MB; 0: unknown. */
double plan_present_memory(struct span plan);

/* The requested memory sizes, MB, in the plan's order; sets their number. The caller frees them. */
double *plan_memory_sizes(struct span plan, size_t *count);

#endif
