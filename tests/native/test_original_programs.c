/*
 * The shim works with the original's programs, whose paths are the arguments. Our backup keeps its link to a
 * source that never reads. Our source causes no event at a backup that takes every event for a failure.
 */
#include "loopback.h"

#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};

struct program {
    pid_t pid;
    int output;
};

static void start(struct program *program, char *const arguments[]) {
    int ends[2];
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    program->pid = fork();
    CHECK_GE(program->pid, 0);
    if (program->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* so that a failed test leaves no process behind */
        dup2(ends[1], STDOUT_FILENO);
        execv(arguments[0], arguments);
        _exit(127);
    }
    CHECK_EQ(close(ends[1]), 0);
    program->output = ends[0];
}

static void expect_line(const struct program *program, const char *line) {
    char text[32] = {0};
    await_poll(program->output, POLLIN);
    CHECK_GE(read(program->output, text, sizeof text - 1), 1);
    CHECK_EQ(strcmp(text, line), 0);
}

static void end(struct program *program, int expected_signal) {
    int status;
    CHECK_EQ(waitpid(program->pid, &status, 0), program->pid);
    CHECK_EQ(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), expected_signal);
    CHECK_EQ(close(program->output), 0);
}

static void check_backup_with_original_source(char *source_program) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address address;
    struct ka_event event;
    struct program source;
    char port[8];
    CHECK_EQ(ka_close(listen_on_loopback(4, &address)), 0); /* a port that was free a moment ago */
    snprintf(port, sizeof port, "%u", address.port);
    start(&source, (char *[]){source_program, port, NULL});
    expect_line(&source, "listening\n");
    int link = connect_to(&address, &config);
    CHECK_EQ(ka_await(link, &BACKUP, NULL, 1500, &event),
             0); /* long enough for one keepalive probe and its answer */
    CHECK_EQ(kill(source.pid, SIGKILL), 0);
    CHECK_EQ(ka_await(link, &BACKUP, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_CLOSED);
    CHECK_EQ(ka_close(link), 0);
    end(&source, SIGKILL);
}

static void check_source_with_original_backup(char *backup_program) {
    struct ka_address address;
    struct ka_event event;
    struct program backup;
    char port[8];
    int listener = listen_on_loopback(4, &address);
    snprintf(port, sizeof port, "%u", address.port);
    start(&backup, (char *[]){backup_program, "127.0.0.1", port, NULL});
    expect_line(&backup, "connected\n");
    int peer = accept_soon(listener);
    struct pollfd output = {.fd = backup.output, .events = POLLIN};
    CHECK_EQ(poll(&output, 1, 1500), 0);
    CHECK_EQ(ka_classify(peer, &SOURCE, NULL, &event), 0);
    CHECK_EQ(ka_close(peer), 0);
    expect_line(&backup, "failover\n");
    end(&backup, 0);
    CHECK_EQ(ka_close(listener), 0);
}

int main(int argc, char **argv) {
    CHECK_EQ(argc, 3);
    int descriptors = count_descriptors();
    check_backup_with_original_source(argv[1]);
    check_source_with_original_backup(argv[2]);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
