#include "pick/options.h"

#include "model/strategy.h"
#include "util/diagnostics.h"
#include "util/options.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: pt-pick [option...] [FILE...]\n"
    "Chooses the best memory size from stat records.\n"
    "\n"
    "  --strategy NAME            what \"best\" means: cost (default), speed or balanced\n"
    "  --balanced-weight W        weight of cost for --strategy balanced: 0 (speed only) to 1 (cost only);\n"
    "                             default 0.5\n"
    "  --limit FIGURE<=VALUE      choose only sizes that satisfy the limit: 'p95<=800ms', "
    "'averageDuration<=1s',\n"
    "                             'maxMemoryUsed<=90%', 'cost<0.00001'; may be given more than once\n"
    "  --cold-rate RATE           compare as if this share of all starts were cold: 1%, 0.01\n"
    "  --next                     write the configurations to run next, or the decision\n"
    "  --until-sure[=PERCENT]     with --next: decide when the expected regret is at most PERCENT (default "
    "0.5)\n"
    "  --prior DIR|FILE           with --next: start from an earlier run or its measurements\n"
    "  --seed N                   random seed (default 1)\n"
    "  --include-output-results   include the stats of every size in the result\n"
    "  --visualization-url URL    page that the visualization link opens\n"
    "  --region REGION            region, for the currency of the visualization\n"
    "  --format FORMAT            ndjson (default), table, csv, tsv or markdown\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0 done; 1 nothing to choose from, or no size satisfies every limit; 2 bad usage or bad "
    "input.\n";

/* Parses a share, "0.01" or "1%". */
static double parse_rate(const char *text) {
    char number[32];
    double rate;
    size_t length = strlen(text);
    bool percent = length && text[length - 1] == '%';
    if (length < sizeof number) {
        memcpy(number, text, length + 1);
        if (percent)
            number[length - 1] = '\0';
        if (parse_number(number, 0, percent ? 100 : 1, &rate))
            return percent ? rate / 100 : rate;
    }
    report_error("option '--cold-rate': '%s' is not a share from 0 to 1, or from 0%% to 100%%", text);
    exit(STATUS_USAGE);
}

static enum strategy parse_strategy(const char *name) {
    enum strategy strategy;
    if (strategy_parse(name, &strategy))
        return strategy;
    report_error("option '--strategy': '%s' is not cost, speed or balanced", name);
    exit(STATUS_USAGE);
}

static void add_limit(struct pick_settings *settings, const char *words) {
    struct text problem = TEXT_INIT;
    if (limits_add(&settings->limits, words, &problem))
        return;
    report_error("option '--limit': '%s': %s", words, text_string(&problem));
    exit(STATUS_USAGE);
}

void pick_options_parse(int argc, char **argv, struct pick_settings *settings) {
    static const struct program program = {"pt-pick", usage};
    static const struct option options[] = {{"strategy", required_argument, NULL, 's'},
                                            {"balanced-weight", required_argument, NULL, 'w'},
                                            {"limit", required_argument, NULL, 'l'},
                                            {"cold-rate", required_argument, NULL, 'c'},
                                            {"next", no_argument, NULL, 'n'},
                                            {"until-sure", optional_argument, NULL, 'p'},
                                            {"prior", required_argument, NULL, 'P'},
                                            {"seed", required_argument, NULL, 'S'},
                                            {"include-output-results", no_argument, NULL, 'i'},
                                            {"visualization-url", required_argument, NULL, 'u'},
                                            {"region", required_argument, NULL, 'r'},
                                            {"format", required_argument, NULL, 'f'},
                                            OPTIONS_STANDARD};
    *settings =
        (struct pick_settings){.strategy = -1, .weight = -1, .cold_rate = -1, .percent = -1, .seed = 1};
    for (int option; (option = options_next(&program, argc, argv, options)) != -1;)
        switch (option) {
        case 's':
            settings->strategy = (int)parse_strategy(optarg);
            break;
        case 'w':
            settings->weight = option_number("balanced-weight", optarg, 0, 1);
            break;
        case 'l':
            add_limit(settings, optarg);
            break;
        case 'c':
            settings->cold_rate = parse_rate(optarg);
            break;
        case 'n':
            settings->next = true;
            break;
        case 'p':
            settings->percent =
                optarg ? option_percentage("until-sure", optarg, 0.001, 100) : UNTIL_SURE_PERCENT;
            break;
        case 'P':
            settings->prior = optarg;
            break;
        case 'S':
            settings->seed = (uint64_t)option_whole_number("seed", optarg, 0, INT64_MAX);
            break;
        case 'i':
            settings->include_stats = true;
            break;
        case 'u':
            settings->visualization_url = optarg;
            break;
        case 'r':
            settings->region = optarg;
            break;
        case 'f':
            settings->format = option_table_format(optarg);
            break;
        default:
            break;
        }
}
