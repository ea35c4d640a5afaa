#include "logparse/scan.h"

#include "logparse/ending.h"
#include "tune/reportline.h"
#include "util/swar.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Candidates for an anchor are pairs of bytes that are rare in logs. Each is then compared in full. The low
 * halves (nibbles) of the first bytes differ, so a table of 16 gives first byte and partner by nibble. The
 * partner has bit 5 set, as the second byte is compared with it set. */
enum {
    PAIRS = 6,
    LOWER = 0x20,
    BEFORE_EXITED = sizeof "Process e" - 1,
    REPORT_START = sizeof REPORTLINE_START - 1,
    UNNAMED_START = sizeof LOG_UNNAMED_START - 1
};
static const char first_bytes[] = "Pmy\nTx"; /* of the words below, in their order, and of a bracket's line */
static const char firsts[16] = {
    [0x0] = 'P', [0xd] = 'm', [0x9] = 'y', [0xa] = '\n', [0x4] = 'T', [0x8] = 'x'};
static const char seconds[16] = {
    [0x0] = 'o', [0xd] = '.', [0x9] = '_' | LOWER, [0xa] = '{', [0x4] = 'a', [0x8] = 'i'};

static const char *verify(const char *at, const char *end, const char *floor, enum log_anchor *found) {
    size_t left = (size_t)(end - at);
    if (*at == 'P') {
        /* P is the third byte of REPORT; the caller has checked that the two bytes before it exist. */
        const char *start = at - 2;
        bool exact = left + 2 > REPORT_START && swar_same(start, REPORTLINE_START, REPORT_START);
        bool named = exact || reportline_id(start, end);
        if (!named && (left + 2 < UNNAMED_START || memcmp(start, LOG_UNNAMED_START, UNNAMED_START) != 0))
            return NULL;
        *found = named ? ANCHOR_REPORT : ANCHOR_UNNAMED;
        return start;
    }
    if (*at == 'm') {
        const char *start = at - 7;
        if (left < 8 || memcmp(start, "platform.report", 15) != 0)
            return NULL;
        *found = ANCHOR_JSON_REPORT;
        return start;
    }
    if (*at == 'y') {
        const char *start = at - 10;
        if (left < 5 || memcmp(start, "used_memory_max", 15) != 0)
            return NULL;
        *found = ANCHOR_INSIGHTS;
        return start;
    }
    if (*at == 'T' || *at == 'x') {
        const char *start = *at == 'T' ? at : at - BEFORE_EXITED, *status;
        *found = ANCHOR_ENDING;
        return at[1] >= 'a' && log_ending_id(floor, start, end, &status) ? start : NULL;
    }
    *found = ANCHOR_BRACKET;
    return at + 1;
}

static bool is_candidate(const char *at, const char *end) {
    size_t nibble = *at & 0xf;
    return end - at > 1 && *at == firsts[nibble] && (at[1] | LOWER) == seconds[nibble];
}

/* Compares the candidate at `at` in full; reads nothing before `floor`. */
static const char *examine(const char *at, const char *end, const char *floor, enum log_anchor *found) {
    ptrdiff_t before = *at == 'P' ? 2 : *at == 'm' ? 7 : *at == 'y' ? 10 : *at == 'x' ? BEFORE_EXITED : 0;
    return at - floor >= before ? verify(at, end, floor, found) : NULL;
}

static const char *scan_bytes(const char *at, const char *end, const char *floor, enum log_anchor *found) {
    for (; at < end; at++)
        if (is_candidate(at, end)) {
            const char *anchor = examine(at, end, floor, found);
            if (anchor)
                return anchor;
        }
    return NULL;
}

#if defined(__x86_64__)

static const char *scan_sse2(const char *at, const char *end, const char *floor, enum log_anchor *found) {
    const __m128i lower = _mm_set1_epi8(LOWER);
    for (; end - at >= 16 + 1; at += 16) {
        __m128i zero = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i one = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(at + 1)), lower);
        __m128i hits = _mm_setzero_si128();
#pragma GCC unroll 6
        for (int i = 0; i < PAIRS; i++)
            hits = _mm_or_si128(
                hits, _mm_and_si128(_mm_cmpeq_epi8(zero, _mm_set1_epi8(first_bytes[i])),
                                    _mm_cmpeq_epi8(one, _mm_set1_epi8(seconds[first_bytes[i] & 0xf]))));
        for (unsigned mask = (unsigned)_mm_movemask_epi8(hits); mask; mask &= mask - 1) {
            const char *anchor = examine(at + __builtin_ctz(mask), end, floor, found);
            if (anchor)
                return anchor;
        }
    }
    return scan_bytes(at, end, floor, found);
}

/* Bytes of 0x80 and more give 0 in the tables. */
__attribute__((target("avx2"))) static inline uint64_t pairs_avx2(const char *at, __m256i first,
                                                                  __m256i second, __m256i lower) {
    __m256i zero = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i one = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)(at + 1)), lower);
    __m256i hits = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(first, zero), zero),
                                    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(second, zero), one));
    return (uint32_t)_mm256_movemask_epi8(hits);
}

__attribute__((target("avx2"))) static const char *scan_avx2(const char *at, const char *end,
                                                             const char *floor, enum log_anchor *found) {
    const __m256i first = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)firsts)),
                  second =
                      _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)seconds)),
                  lower = _mm256_set1_epi8(LOWER);
    for (; end - at >= 64 + 1; at += 64) {
        uint64_t mask = pairs_avx2(at, first, second, lower) | pairs_avx2(at + 32, first, second, lower)
                                                                   << 32;
        for (; mask; mask &= mask - 1) {
            const char *anchor = examine(at + __builtin_ctzll(mask), end, floor, found);
            if (anchor)
                return anchor;
        }
    }
    return scan_sse2(at, end, floor, found);
}

const char *log_scan(const char *at, const char *end, enum log_anchor *found) {
    return __builtin_cpu_supports("avx2") ? scan_avx2(at, end, at, found) : scan_sse2(at, end, at, found);
}

#else

/* Skips eight bytes at a time when none of them is the first of a pair (SWAR). */
const char *log_scan(const char *at, const char *end, enum log_anchor *found) {
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    const char *floor = at;
    for (; end - at >= 8; at += 8) {
        uint64_t word, hits = 0;
        memcpy(&word, at, sizeof word);
        for (int i = 0; i < PAIRS; i++) {
            uint64_t same = word ^ ones * (uint64_t)first_bytes[i];
            hits |= (same - ones) & ~same & high;
        }
        if (!hits)
            continue;
        for (int i = 0; i < 8; i++)
            if (is_candidate(at + i, end)) {
                const char *anchor = examine(at + i, end, floor, found);
                if (anchor)
                    return anchor;
            }
    }
    return scan_bytes(at, end, floor, found);
}

#endif

size_t log_count_blanks(const char *at, const char *end) {
    const char *here = at;
#if defined(__x86_64__)
    for (const __m128i blank = _mm_set1_epi8(' '); end - here >= 16; here += 16) {
        __m128i row = _mm_loadu_si128((const __m128i *)(const void *)here);
        unsigned others = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(row, blank)) & 0xffff;
        if (others)
            return (size_t)(here - at) + (size_t)__builtin_ctz(others);
    }
#endif
    while (here < end && *here == ' ')
        here++;
    return (size_t)(here - at);
}

size_t log_count_lines(const char *bytes, size_t length) {
    size_t lines = 0, at = 0;
#if defined(__x86_64__)
    const __m128i newline = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
    while (length - at >= 16) {
        /* 16 counters of eight bits, one per column, which can count 255 rows. */
        size_t rows = (length - at) / 16 < 255 ? (length - at) / 16 : 255;
        __m128i counts = zero;
        for (size_t i = 0; i < rows; i++, at += 16) {
            __m128i row = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
            counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(row, newline));
        }
        __m128i sums = _mm_sad_epu8(counts, zero);
        lines += (size_t)_mm_cvtsi128_si64(sums) + (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
    }
#endif
    for (; at < length; at++)
        lines += bytes[at] == '\n';
    return lines;
}

const char *log_find_special(const char *at, const char *end) {
#if defined(__x86_64__)
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i hits =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                         _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        int mask = _mm_movemask_epi8(hits);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
}
