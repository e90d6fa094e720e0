#include "keepalive4j.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Opens it for writing, because a lock on NFS is one of the server's, which takes that. */
int ka_file_lock(const char *path) {
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    int result;
    do {
        result = flock(fd, LOCK_EX | LOCK_NB);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* Not left to close(2): a child that is being forked has the descriptor until it executes its program. */
int ka_file_unlock(int fd) {
    int result = flock(fd, LOCK_UN) < 0 ? -errno : 0;
    return close(fd) < 0 ? -errno : result;
}
