/* The end of any process, not only of a child: told once it is gone, whatever its number is used for later.
 */
#include "check.h"
#include "keepalive4j.h"
#include "loopback.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000

static pid_t spawn(void) {
    pid_t pid = fork();
    CHECK_GE(pid, 0);
    if (pid == 0) {
        pause();
        _exit(0);
    }
    return pid;
}

static void check_killed(int wake_fd) {
    pid_t pid = spawn();
    int fd = ka_process_open(pid);
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_process_await(fd, wake_fd, 1), -ETIME);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(ka_process_await(fd, wake_fd, PATIENCE_MS), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    CHECK_EQ(ka_process_await(fd, wake_fd, PATIENCE_MS), 0); /* it stays so */
    CHECK_EQ(ka_process_open(pid), -ESRCH);
    CHECK_EQ(ka_close(fd), 0);
}

static void check_wake(int wake_fd) {
    int fd = ka_process_open(getpid());
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_wake(wake_fd), 0);
    CHECK_EQ(ka_process_await(fd, wake_fd, -1), -ECANCELED);
    CHECK_EQ(ka_process_await(fd, wake_fd, 1), -ETIME);
    CHECK_EQ(ka_close(fd), 0);
}

static void check_misuse(void) {
    CHECK_EQ(ka_process_open(0), -EINVAL);
    CHECK_EQ(ka_process_open(-1), -EINVAL);
    CHECK_EQ(ka_process_await(-1, -1, 1), -EBADF);
}

int main(void) {
    int descriptors = count_descriptors();
    int fd = ka_process_open(getpid());
    if (fd == -ENOSYS) {
        return 77; /* before Linux 5.3 */
    }
    CHECK_EQ(ka_close(fd), 0);
    int wake_fd = ka_wake_open();
    CHECK_GE(wake_fd, 0);
    check_killed(wake_fd);
    check_killed(-1);
    check_wake(wake_fd);
    check_misuse();
    CHECK_EQ(ka_close(wake_fd), 0);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
