/*
 * Makes the shim's system calls and allocations fail. A scenario runs once for each call: first that call
 * alone fails, then that call and all later ones. Each time the shim has to return -errno and leave no
 * descriptor open. LeakSanitizer finds memory that stays allocated. The linker's --wrap sends a program's
 * calls to faults.c. Only calls inside SHIM() can fail.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* None of the calls is documented with this error, so it can only come from here. */
#define INJECTED EXDEV

struct faults {
    /* Which calls fail. */
    int error_to_inject;
    int first_to_fail; /* index among all calls, or among those of only_call */
    int last_to_fail;
    const char *only_call;
    int before_5_11;      /* the kernel has no epoll_pwait2(2) */
    int unacknowledged;   /* TCP_INFO reports one unacknowledged byte... */
    unsigned sent_ms_ago; /* ... that was sent so long ago */

    /* What happened. */
    int calls;
    const char *failed_call;
};

extern struct faults faults;

/* Calls can fail on this thread now, not on those that the shim started. */
extern _Thread_local int faults_armed;

static inline int disarmed(int result) {
    faults_armed = 0;
    return result;
}

#define SHIM(call) (faults_armed = 1, disarmed(call))

/* A scenario returns 0, or the first error that the shim returned, and leaves nothing open. */
typedef int scenario(void);

static inline int first_error(int earlier, int later) {
    return earlier < 0 ? earlier : later < 0 ? later : 0;
}

/* From now on the calls from first to last fail. They are counted among all calls, or among those of `call`.
 */
void plan(const char *call, int error, int first, int last);

/* Runs a scenario and checks that it leaves no descriptor open. */
int run_closed(scenario *run);

void check_each_position(scenario *run);

/* Checks that the scenarios make every named call, so that each one has failed at least once. */
void check_every_call_is_made(const char *const names[], size_t name_count, scenario *const scenarios[],
                              size_t count);

/* Checks that the shim retries a call after this error. */
void check_retried(scenario *run, const char *call, int error);

#endif
