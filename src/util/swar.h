/* Eight bytes at a time in one 64-bit word (SWAR: SIMD within a register), for the inner loops of the
 * parsers. Each function reads all the bytes that its comment names; the caller makes sure that they are
 * readable. */
#ifndef UTIL_SWAR_H
#define UTIL_SWAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGH UINT64_C(0x8080808080808080)

static inline uint64_t swar_load(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The high bit of each byte of `word` that equals `byte`. A carry may also set it in the byte after a match;
 * 0 means that no byte matches. */
static inline uint64_t swar_match(uint64_t word, unsigned char byte) {
    uint64_t same = word ^ SWAR_ONES * byte;
    return (same - SWAR_ONES) & ~same & SWAR_HIGH;
}

#if defined(__SSE2__)
/* 0xff for each of the 16 bytes at `bytes` that is below '!', above '~', a quote, a comma or a backslash. */
static inline __m128i swar_odd(const char *bytes) {
    __m128i row = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i odd =
        _mm_or_si128(_mm_cmplt_epi8(row, _mm_set1_epi8('!')), _mm_cmpeq_epi8(row, _mm_set1_epi8(0x7f)));
    odd = _mm_or_si128(
        odd, _mm_or_si128(_mm_cmpeq_epi8(row, _mm_set1_epi8('"')), _mm_cmpeq_epi8(row, _mm_set1_epi8(','))));
    return _mm_or_si128(odd, _mm_cmpeq_epi8(row, _mm_set1_epi8('\\')));
}
#endif

/* True when all `length` (at least 8) bytes are printable ASCII other than blank, quote, comma and backslash:
 * they need no escape in JSON and end no word. Compiles to a few instructions for a constant length from 33
 * to 48. */
static inline bool swar_plain(const char *bytes, size_t length) {
#if defined(__SSE2__)
    if (length >= 16) {
        __m128i odd = swar_odd(bytes + length - 16);
        if (length > 16)
            odd = _mm_or_si128(odd, swar_odd(bytes));
        if (length > 32)
            odd = _mm_or_si128(odd, swar_odd(bytes + 16));
        for (size_t i = 32; i + 16 < length; i += 16)
            odd = _mm_or_si128(odd, swar_odd(bytes + i));
        return !_mm_movemask_epi8(odd);
    }
#endif
    uint64_t bad = 0;
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = swar_load(bytes + (i + 8 <= length ? i : length - 8));
        bad |= (word | (word - SWAR_ONES * 0x21) | (word + SWAR_ONES)) & SWAR_HIGH;
        bad |= swar_match(word, '"') | swar_match(word, '\\') | swar_match(word, ',');
    }
    return !bad;
}

/* The number of digits before the first other byte, within 8 bytes. */
static inline unsigned swar_digits(const char *bytes) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word = swar_load(bytes) ^ SWAR_ONES * '0'; /* digits are 0 to 9 now */
    uint64_t others = (((word & ~SWAR_HIGH) + SWAR_ONES * (0x7f - 9)) | word) & SWAR_HIGH;
    return others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
#else
    unsigned count = 0;
    while (count < 8 && bytes[count] >= '0' && bytes[count] <= '9')
        count++;
    return count;
#endif
}

/* The value of the first `count` (1 to 8) of 8 bytes; these must be digits. */
static inline int64_t swar_value(const char *bytes, unsigned count) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* Shift in leading zeros; then join neighbours to numbers of two, four and eight digits. */
    uint64_t word = (swar_load(bytes) & SWAR_ONES * 0x0f) << (64 - 8 * count);
    word = word * 10 + (word >> 8);
    uint64_t even = (word & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32));
    uint64_t odd = (word >> 16 & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32));
    return (int64_t)((even + odd) >> 32);
#else
    int64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value * 10 + (bytes[i] - '0');
    return value;
#endif
}

/* True when the `length` bytes equal `text`. For a constant `length` this compiles to a few word
 * comparisons. */
static inline bool swar_same(const char *bytes, const char *text, size_t length) {
    uint64_t others = 0;
    if (length < 8)
        return memcmp(bytes, text, length) == 0;
    for (size_t i = 0; i + 8 < length; i += 8)
        others |= swar_load(bytes + i) ^ swar_load(text + i);
    return !(others | (swar_load(bytes + (length - 8)) ^ swar_load(text + (length - 8))));
}

/* Moves `*at` past `text`, a literal, when it is there; otherwise returns false. */
static inline bool swar_step_over(const char **at, const char *end, const char *text, size_t length) {
    if ((size_t)(end - *at) < length || !swar_same(*at, text, length))
        return false;
    *at += length;
    return true;
}
#define STEP_OVER(at, end, text) swar_step_over(at, end, text, sizeof text - 1)

#endif
