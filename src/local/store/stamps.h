/* Random identifiers, and timestamps in the formats of Lambda. */
#ifndef LOCAL_STORE_STAMPS_H
#define LOCAL_STORE_STAMPS_H

#include <stddef.h>

enum { UUID_SIZE = 37, TIMESTAMP_SIZE = 40 };

/* Makes a random identifier, "8f507cfc-xmpl-4697-b07a-ac58fc914c95". */
void stamp_uuid(char uuid[static UUID_SIZE]);

/* Writes `digits` random hexadecimal digits and a NUL. */
void stamp_hex(char *hex, size_t digits);

/* The current time: "2024-05-01T10:00:03.005Z" for logs, "2024-05-01T10:00:03.005+0000" for LastModified. */
void stamp_log_time(char time[static TIMESTAMP_SIZE]);
void stamp_modified_time(char time[static TIMESTAMP_SIZE]);

/* The current time in milliseconds since 1970, for deadlines. */
long long stamp_unix_milliseconds(void);

#endif
