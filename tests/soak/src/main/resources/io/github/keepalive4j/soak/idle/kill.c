/*
 * Kills a process and prints when, in ns of CLOCK_MONOTONIC, just before. With a real-time priority where it
 * may have one, so that nothing comes between the two. usage: kill PID
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
    struct sched_param priority = {.sched_priority = 1};
    struct timespec now;
    if (argc != 2 || atoi(argv[1]) <= 1) {
        return 2;
    }
    sched_setscheduler(0, SCHED_RR, &priority);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (kill(atoi(argv[1]), SIGKILL) < 0) {
        perror("kill");
        return 1;
    }
    printf("%lld\n", (long long)now.tv_sec * 1000000000 + now.tv_nsec);
    return 0;
}
