#include "logparse/scan.h"

#include "tune/reportline.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Candidates for an anchor are the pairs "PO" (REPORT), "m." (platform.report), "y_" (used_memory_max), and
 * newline with bracket, which are rare in logs. Each candidate is then compared in full. */

static const char *verify(const char *at, const char *end, enum log_anchor *found) {
    size_t left = (size_t)(end - at);
    if (*at == 'P') {
        /* P is the third byte of REPORT; the caller has checked that the two bytes before it exist. */
        const char *start = at - 2;
        if (!reportline_id(start, end))
            return NULL;
        *found = ANCHOR_REPORT;
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
    *found = ANCHOR_BRACKET;
    return at + 1;
}

static bool is_candidate(const char *at, const char *end) {
    size_t left = (size_t)(end - at);
    return (*at == 'P' && left > 1 && at[1] == 'O') || (*at == 'm' && left > 1 && at[1] == '.') ||
           (*at == 'y' && left > 1 && at[1] == '_') || (*at == '\n' && left > 1 && (at[1] | 0x20) == '{');
}

/* Compares the candidate at `at` in full; reads nothing before `floor`. */
static const char *examine(const char *at, const char *end, const char *floor, enum log_anchor *found) {
    ptrdiff_t before = *at == 'P' ? 2 : *at == 'm' ? 7 : *at == 'y' ? 10 : 0;
    return at - floor >= before ? verify(at, end, found) : NULL;
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
    const __m128i p = _mm_set1_epi8('P'), o = _mm_set1_epi8('O'), m = _mm_set1_epi8('m'),
                  dot = _mm_set1_epi8('.'), y = _mm_set1_epi8('y'), line = _mm_set1_epi8('_'),
                  newline = _mm_set1_epi8('\n'), bracket = _mm_set1_epi8('{'), lower = _mm_set1_epi8(0x20);
    for (; end - at >= 16 + 1; at += 16) {
        __m128i zero = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i one = _mm_loadu_si128((const __m128i *)(const void *)(at + 1));
        __m128i hits =
            _mm_or_si128(_mm_or_si128(_mm_and_si128(_mm_cmpeq_epi8(zero, p), _mm_cmpeq_epi8(one, o)),
                                      _mm_and_si128(_mm_cmpeq_epi8(zero, m), _mm_cmpeq_epi8(one, dot))),
                         _mm_or_si128(_mm_and_si128(_mm_cmpeq_epi8(zero, y), _mm_cmpeq_epi8(one, line)),
                                      _mm_and_si128(_mm_cmpeq_epi8(zero, newline),
                                                    _mm_cmpeq_epi8(_mm_or_si128(one, lower), bracket))));
        for (unsigned mask = (unsigned)_mm_movemask_epi8(hits); mask; mask &= mask - 1) {
            const char *anchor = examine(at + __builtin_ctz(mask), end, floor, found);
            if (anchor)
                return anchor;
        }
    }
    return scan_bytes(at, end, floor, found);
}

/* A pair of bytes is a candidate when the first is one of four and the second, with bit 5 set, is its
 * partner. The low halves (nibbles) of the four differ, so a table of 16 gives first byte and partner by
 * nibble. Bytes of 0x80 and more give 0. */
#define LOW_HALVES(p, y, m, newline) p, 0, 0, 0, 0, 0, 0, 0, 0, y, newline, 0, 0, m, 0, 0

__attribute__((target("avx2"))) static inline uint64_t pairs_avx2(const char *at, __m256i firsts,
                                                                  __m256i seconds, __m256i lower) {
    __m256i zero = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i one = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)(at + 1)), lower);
    __m256i hits = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(firsts, zero), zero),
                                    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(seconds, zero), one));
    return (uint32_t)_mm256_movemask_epi8(hits);
}

__attribute__((target("avx2"))) static const char *scan_avx2(const char *at, const char *end,
                                                             const char *floor, enum log_anchor *found) {
    const __m256i firsts = _mm256_setr_epi8(LOW_HALVES('P', 'y', 'm', '\n'), LOW_HALVES('P', 'y', 'm', '\n')),
                  seconds = _mm256_setr_epi8(LOW_HALVES('o', '_' | 0x20, '.', '{'),
                                             LOW_HALVES('o', '_' | 0x20, '.', '{')),
                  lower = _mm256_set1_epi8(0x20);
    for (; end - at >= 64 + 1; at += 64) {
        uint64_t mask = pairs_avx2(at, firsts, seconds, lower) | pairs_avx2(at + 32, firsts, seconds, lower)
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

/* Skips eight bytes at a time when none of them is P, m, y or a newline (SWAR). */
const char *log_scan(const char *at, const char *end, enum log_anchor *found) {
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    const char *floor = at;
    for (; end - at >= 8; at += 8) {
        uint64_t word, hits = 0;
        memcpy(&word, at, sizeof word);
        for (int i = 0; i < 4; i++) {
            uint64_t same = word ^ ones * (uint64_t) "Pmy\n"[i];
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
