#include "aws/options.h"

bool aws_options_take(struct aws_options *options, int option, const char *argument) {
    switch (option) {
    case AWS_OPTION_REGION:
        options->region = argument;
        return true;
    case AWS_OPTION_PROFILE:
        options->profile = argument;
        return true;
    case AWS_OPTION_ENDPOINT_URL:
        options->endpoint_url = argument;
        return true;
    default:
        return false;
    }
}
