#include "invoke/errors.h"

#include "aws/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

const struct invoke_error invoke_errors[] = {
    /* The execution environment could not be set up. */
    {"ResourceNotReadyException", RESPONSE_NOT_STARTED},
    {"EC2ThrottledException", RESPONSE_NOT_STARTED},
    {"EC2UnexpectedException", RESPONSE_NOT_STARTED},
    {"ENILimitReachedException", RESPONSE_NOT_STARTED},
    {"ENINotReadyException", RESPONSE_NOT_STARTED}, /* of older models */
    {"SubnetIPAddressLimitReachedException", RESPONSE_NOT_STARTED},
    {"KMSInvalidStateException", RESPONSE_NOT_STARTED},
    {"EFSMountConnectivityException", RESPONSE_NOT_STARTED},
    {"EFSMountFailureException", RESPONSE_NOT_STARTED},
    {"EFSMountTimeoutException", RESPONSE_NOT_STARTED},
    {"S3FilesMountConnectivityException", RESPONSE_NOT_STARTED},
    {"S3FilesMountFailureException", RESPONSE_NOT_STARTED},
    {"S3FilesMountTimeoutException", RESPONSE_NOT_STARTED},
    {"SnapStartException", RESPONSE_NOT_STARTED}, /* the hook before the handler failed */
    {"SnapStartTimeoutException", RESPONSE_NOT_STARTED},
    /* Too many invocations at once. */
    {"TooManyRequestsException", RESPONSE_THROTTLED},
    /* An update is in progress, or the version is being prepared. */
    {"ResourceConflictException", RESPONSE_NOT_ACTIVE},
    {"SnapStartNotReadyException", RESPONSE_NOT_ACTIVE},
    /* The handler may have started: a general error, or an error when it read or wrote a file. */
    {"ServiceException", RESPONSE_LOST},
    {"EFSIOException", RESPONSE_LOST},
    /* The execution environment cannot be set up until somebody changes a setting. */
    {"EC2AccessDeniedException", RESPONSE_REFUSED},
    {"InvalidSubnetIDException", RESPONSE_REFUSED},
    {"InvalidSecurityGroupIDException", RESPONSE_REFUSED},
    {"InvalidRuntimeException", RESPONSE_REFUSED},
    {"InvalidZipFileException", RESPONSE_REFUSED},
    {"KMSAccessDeniedException", RESPONSE_REFUSED},
    {"KMSDisabledException", RESPONSE_REFUSED},
    {"KMSNotFoundException", RESPONSE_REFUSED},
    /* The request is wrong. */
    {"ResourceNotFoundException", RESPONSE_REFUSED},
    {"NoPublishedVersionException", RESPONSE_REFUSED},
    {"InvalidParameterValueException", RESPONSE_REFUSED},
    {"InvalidRequestContentException", RESPONSE_REFUSED},
    {"RequestTooLargeException", RESPONSE_REFUSED},
    {"SerializedRequestEntityTooLargeException", RESPONSE_REFUSED},
    {"UnsupportedMediaTypeException", RESPONSE_REFUSED},
    {"RecursiveInvocationException", RESPONSE_REFUSED},
    {"DurableExecutionAlreadyStartedException", RESPONSE_REFUSED},
    /* Errors of all services about the signature. */
    {"RequestExpired", RESPONSE_UNSIGNED},
    {"RequestInTheFuture", RESPONSE_UNSIGNED},
    {"RequestTimeTooSkewed", RESPONSE_UNSIGNED},
    {"InvalidSignatureException", RESPONSE_UNSIGNED},
    {"SignatureDoesNotMatch", RESPONSE_UNSIGNED},
    {"ExpiredToken", RESPONSE_UNSIGNED},
    {"ExpiredTokenException", RESPONSE_UNSIGNED},
    {NULL, RESPONSE_LOST},
};

enum response_kind invoke_error_kind(long status, const char *code) {
    for (const struct invoke_error *error = invoke_errors; error->code; error++)
        if (strcmp(error->code, code) == 0)
            return error->kind;
    if (aws_is_throttling(status, code))
        return RESPONSE_THROTTLED;
    return aws_is_transient(status, code) ? RESPONSE_LOST : RESPONSE_REFUSED;
}
