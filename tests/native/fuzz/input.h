#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Calls abort(), so that libFuzzer keeps the input. */
#define INVARIANT(condition)                                                                                 \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* The bytes that libFuzzer made, read from the front. After the last byte come zeros. */
struct input {
    const uint8_t *bytes;
    size_t left;
};

static inline uint8_t take_u8(struct input *input) {
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->bytes++;
}

static inline uint16_t take_u16(struct input *input) {
    uint16_t high = take_u8(input);
    return (uint16_t)(high << 8 | take_u8(input));
}

static inline uint32_t take_u32(struct input *input) {
    uint32_t high = take_u16(input);
    return high << 16 | take_u16(input);
}

/* Returns any of Linux's errors. */
static inline int take_errno(struct input *input) {
    return 1 + take_u8(input) % 133;
}

#endif
