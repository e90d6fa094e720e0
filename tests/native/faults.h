/*
 * Every system call and allocation of the shim fails once, in turn, and then all of them from there on. Each
 * time -errno has to come back, and nothing may stay open; what stays allocated is LeakSanitizer's to find.
 * The linker's --wrap puts the calls of a program through faults.c; only those under SHIM() are the shim's.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* No call of these is documented with it, so it can only come from here. */
#define INJECTED EXDEV

struct faults {
    int armed;

    /* What is to fail. */
    int error_to_inject;
    int first_to_fail; /* counted over all calls, or over those of only_call */
    int last_to_fail;
    const char *only_call;
    int before_5_11;      /* a kernel without epoll_pwait2(2) */
    int unacknowledged;   /* a peer that acknowledges nothing, as far as TCP_INFO tells, ... */
    unsigned sent_ms_ago; /* ... of what was sent then */

    /* What was seen. */
    int calls;
    const char *failed_call;
};

extern struct faults faults;

static inline int disarmed(int result) {
    faults.armed = 0;
    return result;
}

#define SHIM(call) (faults.armed = 1, disarmed(call))

/* A scenario returns 0, or the first error that the shim returned, and leaves nothing open. */
typedef int scenario(void);

static inline int first_error(int earlier, int later) {
    return earlier < 0 ? earlier : later < 0 ? later : 0;
}

/* Lets the calls from first to last fail from now on: all, or those of the one. */
void plan(const char *call, int error, int first, int last);

/* Runs a scenario and checks that it leaves no descriptor open. */
int run_closed(scenario *run);

void check_each_position(scenario *run);

/* The shim's own list: a call that the scenarios never make would be one that nobody has seen fail. */
void check_every_call_is_made(const char *const names[], size_t name_count, scenario *const scenarios[],
                              size_t count);

/* An error that means "again" is nobody's failure. */
void check_retried(scenario *run, const char *call, int error);

#endif
