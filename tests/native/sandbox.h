#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdint.h>

#define ANY_ARGUMENT UINT64_MAX

/* Refuses a system call with this error in this process from now on: where its first argument is the given
 * one, or always. */
void refuse(int call, uint64_t first_argument, uint32_t error);

/* Runs a check in a process of its own, because a filter can't be taken back. */
void check_in_child(void (*check)(void));

#endif
