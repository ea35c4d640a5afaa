"""Prints the error codes that botocore's standard mode retries: "throttled" or "transient", and the code."""
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

for code in ThrottledRetryableChecker._THROTTLED_ERROR_CODES:
    print("throttled", code)
for code in TransientRetryableChecker._TRANSIENT_ERROR_CODES:
    print("transient", code)
