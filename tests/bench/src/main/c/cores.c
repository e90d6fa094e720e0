#include "cores.h"

#include "bench.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

static size_t first_core(const cpu_set_t *cores) {
    size_t core = 0;
    while (!CPU_ISSET(core, cores)) {
        core++;
    }
    return core;
}

int kb_divide_cores(pid_t of, cpu_set_t *first, cpu_set_t *others) {
    if (sched_getaffinity(of, sizeof *others, others) < 0) {
        return -errno;
    }
    *first = *others;
    if (CPU_COUNT(others) > 1) {
        CPU_ZERO(first);
        CPU_SET(first_core(others), first);
        CPU_CLR(first_core(others), others);
    }
    return 0;
}

/* The process's id is that of its first thread too, which runs on all of the process's cores. */
int kb_take_cores(int first) {
    cpu_set_t one;
    cpu_set_t others;
    int result = kb_divide_cores(getpid(), &one, &others);
    if (result == 0 && sched_setaffinity(0, sizeof one, first ? &one : &others) < 0) {
        result = -errno;
    }
    return result;
}
