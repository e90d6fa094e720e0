/*
 * The least that releasing a command can take: a shell waits on a pipe, this program sleeps, and then writes
 * to the pipe. Prints when it wrote, in ns of CLOCK_MONOTONIC. usage: release MILLISECONDS COMMAND
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

int main(int argc, char **argv) {
    int ends[2];
    struct timespec now;
    if (argc < 3 || pipe(ends) < 0) {
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[0], 0);
        close(ends[0]);
        close(ends[1]);
        execlp("sh", "sh", "-c", "read -r line && eval \"$0\"", argv[2], (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    sleep_ms(atol(argv[1]));
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (write(ends[1], "\n", 1) != 1) {
        return 1;
    }
    printf("%lld\n", (long long)now.tv_sec * 1000000000 + now.tv_nsec);
    return waitpid(child, NULL, 0) == child ? 0 : 1;
}
