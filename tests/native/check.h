#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* The exit status that ctest reports as skipped: SKIP_RETURN_CODE. */
#define EXIT_SKIPPED 77

/* Ends the program at the first check that fails, because later checks depend on it. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                        \
            _Exit(EXIT_FAILURE);                                                                             \
        }                                                                                                    \
    } while (0)

#define CHECK_OP(actual, op, expected)                                                                       \
    do {                                                                                                     \
        long long actual_ = (long long)(actual);                                                             \
        long long expected_ = (long long)(expected);                                                         \
        if (!(actual_ op expected_)) {                                                                       \
            fprintf(stderr, "%s:%d: not true: %s " #op " %s: %lld, %lld\n", __FILE__, __LINE__, #actual,     \
                    #expected, actual_, expected_);                                                          \
            _Exit(EXIT_FAILURE);                                                                             \
        }                                                                                                    \
    } while (0)

#define CHECK_EQ(actual, expected) CHECK_OP(actual, ==, expected)
#define CHECK_GE(actual, expected) CHECK_OP(actual, >=, expected)
#define CHECK_LE(actual, expected) CHECK_OP(actual, <=, expected)

#endif
