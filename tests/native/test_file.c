/* A lock that is the file's own: whatever the file is called, and whichever descriptors of it are closed. */
#include "check.h"
#include "keepalive4j.h"
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/ka-file-XXXXXX";
static char file[64];
static char other[64];

static void make_file(void) {
    int fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    CHECK_GE(fd, 0);
    CHECK_EQ(close(fd), 0);
}

static void check_locked(const char *path) {
    CHECK_EQ(ka_file_lock(path), -EAGAIN);
}

static void check_free(const char *path) {
    int fd = ka_file_lock(path);
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_file_unlock(fd), 0);
}

static void check_names(void) {
    int fd = ka_file_lock(file);
    CHECK_GE(fd, 0);
    check_locked(file);
    make_file(); /* closes a descriptor of it */
    check_locked(file);
    CHECK_EQ(link(file, other), 0);
    check_locked(other);
    CHECK_EQ(unlink(file), 0);
    check_locked(other);
    make_file(); /* another one */
    check_free(file);
    CHECK_EQ(ka_file_unlock(fd), 0);
    check_free(other);
    CHECK_EQ(unlink(other), 0);
}

/* As one that a thread forks, and that hasn't executed its program yet. */
static void check_child(void) {
    int fd = ka_file_lock(file);
    CHECK_GE(fd, 0);
    CHECK_EQ(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    pid_t child = fork();
    CHECK_GE(child, 0);
    if (child == 0) {
        pause();
        _exit(0);
    }
    check_locked(file);
    CHECK_EQ(ka_file_unlock(fd), 0);
    check_free(file);
    CHECK_EQ(kill(child, SIGKILL), 0);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void check_kill(void) {
    int told[2];
    CHECK_EQ(pipe(told), 0);
    pid_t child = fork();
    CHECK_GE(child, 0);
    if (child == 0) {
        char locked = ka_file_lock(file) >= 0;
        CHECK_EQ(write(told[1], &locked, 1), 1);
        pause();
        _exit(0);
    }
    char locked = 0;
    CHECK_EQ(read(told[0], &locked, 1), 1);
    CHECK(locked);
    check_locked(file);
    CHECK_EQ(kill(child, SIGKILL), 0);
    CHECK_EQ(waitpid(child, NULL, 0), child);
    check_free(file);
    CHECK_EQ(close(told[0]), 0);
    CHECK_EQ(close(told[1]), 0);
}

static void check_refusals(void) {
    CHECK_EQ(ka_file_lock(other), -ENOENT);
    CHECK_EQ(ka_file_lock(folder), -EISDIR);
    CHECK_EQ(mkfifo(other, 0600), 0);
    CHECK_EQ(ka_file_lock(other), -ENXIO); /* at once, though nobody reads it */
    CHECK_EQ(unlink(other), 0);
    CHECK_EQ(ka_file_unlock(-1), -EBADF);
}

int main(void) {
    int descriptors = count_descriptors();
    CHECK(mkdtemp(folder) != NULL);
    snprintf(file, sizeof file, "%s/file", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    make_file();
    check_names();
    check_child();
    check_kill();
    check_refusals();
    CHECK_EQ(unlink(file), 0);
    CHECK_EQ(rmdir(folder), 0);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
