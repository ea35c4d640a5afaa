#include "invoke/errors.h"

#include "aws/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

const struct invoke_error invoke_errors[] = {
    /* The execution environment could not be set up. */
    {"ResourceNotReadyException", ANSWER_NOT_STARTED},
    {"EC2ThrottledException", ANSWER_NOT_STARTED},
    {"EC2UnexpectedException", ANSWER_NOT_STARTED},
    {"ENILimitReachedException", ANSWER_NOT_STARTED},
    {"ENINotReadyException", ANSWER_NOT_STARTED}, /* of older models */
    {"SubnetIPAddressLimitReachedException", ANSWER_NOT_STARTED},
    {"KMSInvalidStateException", ANSWER_NOT_STARTED},
    {"EFSMountConnectivityException", ANSWER_NOT_STARTED},
    {"EFSMountFailureException", ANSWER_NOT_STARTED},
    {"EFSMountTimeoutException", ANSWER_NOT_STARTED},
    {"S3FilesMountConnectivityException", ANSWER_NOT_STARTED},
    {"S3FilesMountFailureException", ANSWER_NOT_STARTED},
    {"S3FilesMountTimeoutException", ANSWER_NOT_STARTED},
    {"SnapStartException", ANSWER_NOT_STARTED}, /* the hook before the handler failed */
    {"SnapStartTimeoutException", ANSWER_NOT_STARTED},
    /* Too many at once. */
    {"TooManyRequestsException", ANSWER_THROTTLED},
    /* An update is under way, or the version is being prepared. */
    {"ResourceConflictException", ANSWER_NOT_ACTIVE},
    {"SnapStartNotReadyException", ANSWER_NOT_ACTIVE},
    /* These say nothing of the handler, or come from its midst: reading and writing files is what it does. */
    {"ServiceException", ANSWER_LOST},
    {"EFSIOException", ANSWER_LOST},
    /* The execution environment cannot be set up, and waiting does not change that: somebody has to. */
    {"EC2AccessDeniedException", ANSWER_REFUSED},
    {"InvalidSubnetIDException", ANSWER_REFUSED},
    {"InvalidSecurityGroupIDException", ANSWER_REFUSED},
    {"InvalidRuntimeException", ANSWER_REFUSED},
    {"InvalidZipFileException", ANSWER_REFUSED},
    {"KMSAccessDeniedException", ANSWER_REFUSED},
    {"KMSDisabledException", ANSWER_REFUSED},
    {"KMSNotFoundException", ANSWER_REFUSED},
    /* The request itself. */
    {"ResourceNotFoundException", ANSWER_REFUSED},
    {"NoPublishedVersionException", ANSWER_REFUSED},
    {"InvalidParameterValueException", ANSWER_REFUSED},
    {"InvalidRequestContentException", ANSWER_REFUSED},
    {"RequestTooLargeException", ANSWER_REFUSED},
    {"SerializedRequestEntityTooLargeException", ANSWER_REFUSED},
    {"UnsupportedMediaTypeException", ANSWER_REFUSED},
    {"RecursiveInvocationException", ANSWER_REFUSED},
    {"DurableExecutionAlreadyStartedException", ANSWER_REFUSED},
    /* Errors of all services, about the signature. */
    {"RequestExpired", ANSWER_UNSIGNED},
    {"RequestInTheFuture", ANSWER_UNSIGNED},
    {"RequestTimeTooSkewed", ANSWER_UNSIGNED},
    {"InvalidSignatureException", ANSWER_UNSIGNED},
    {"SignatureDoesNotMatch", ANSWER_UNSIGNED},
    {"ExpiredToken", ANSWER_UNSIGNED},
    {"ExpiredTokenException", ANSWER_UNSIGNED},
    {NULL, ANSWER_LOST},
};

enum answer_kind invoke_error_kind(long status, const char *code) {
    for (const struct invoke_error *error = invoke_errors; error->code; error++)
        if (strcmp(error->code, code) == 0)
            return error->kind;
    if (aws_is_throttling(status, code))
        return ANSWER_THROTTLED;
    return aws_is_transient(status, code) ? ANSWER_LOST : ANSWER_REFUSED;
}
