/* What must run once at a time: `workload DIRECTORY HOST`. It puts its own life on record in a file of its
 * own, on the machine's monotonic clock: when it started, that it is alive every 5 ms, and when it ended. A
 * SIGTERM ends it 300 ms later, for a service takes time to stop. */
#define _GNU_SOURCE

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BEAT_NS = 5000000, STOP_NS = 300000000, NS_PER_S = 1000000000 };

static volatile sig_atomic_t terminated;

static void on_term(int signal) {
    (void)signal;
    terminated = 1;
}

static long long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void record(int file, const char *what) {
    char line[64];
    int length = snprintf(line, sizeof line, "%s %lld\n", what, now_ns());
    if (write(file, line, (size_t)length) != length) {
        exit(EXIT_FAILURE);
    }
}

int main(int count, char **arguments) {
    const char *token = getenv("KEEPALIVE_TOKEN");
    if (count != 3 || token == NULL) {
        fputs("usage: KEEPALIVE_TOKEN=… workload DIRECTORY HOST\n", stderr);
        return EXIT_FAILURE;
    }
    struct sigaction action = {.sa_handler = on_term};
    sigaction(SIGTERM, &action, NULL);

    char path[4096];
    snprintf(path, sizeof path, "%s/%s-%s-%d.run", arguments[1], arguments[2], token, (int)getpid());
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) {
        perror(path);
        return EXIT_FAILURE;
    }
    record(file, "start");
    for (long long end_ns = 0; end_ns == 0 || now_ns() < end_ns;) {
        nanosleep(&(struct timespec){.tv_nsec = BEAT_NS}, NULL);
        if (terminated && end_ns == 0) {
            end_ns = now_ns() + STOP_NS;
        }
        record(file, "alive");
    }
    record(file, "end");
    return EXIT_SUCCESS;
}
