#include "pick/doubt.h"

#include "util/diagnostics.h"

#include <math.h>
#include <string.h>

/* The lowest and the highest price of an invocation, 1 ms at 128 MB and 15 minutes at 10240 MB, with a margin for
 * other prices and currencies. */
static const double lowest = 1e-9, highest = 0.2;

void doubt_price(const char *words, double bound, bool difference) {
    const char *figure = words + strspn(words, " \t");
    const char *rest = figure + strcspn(figure, "<>=! \t");
    bool million = strncmp(figure, "costPerMillion", strlen("costPerMillion")) == 0;
    if (fabs(bound) > highest && difference)
        report_warning("'%s': no two invocations differ in price by so much; was '%s%%' meant?", words,
                       words);
    else if (bound > highest && !million)
        report_warning("'%s': an invocation costs at most about 0.15 USD; was 'costPerMillion%s' meant?",
                       words, rest);
    else if (bound > 0 && bound < lowest && !difference && million)
        report_warning("'%s': a million invocations cost at least about 0.002 USD; was 'cost%s' meant?",
                       words, rest);
}
