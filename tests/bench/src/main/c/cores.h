#ifndef KEEPALIVE_BENCH_CORES_H
#define KEEPALIVE_BENCH_CORES_H

#include <sched.h>
#include <sys/types.h>

/* Divides the cores of a thread into the first and the others. A single core is in both sets. */
int kb_divide_cores(pid_t of, cpu_set_t *first, cpu_set_t *others);

#endif
