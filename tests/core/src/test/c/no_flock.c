/* With LD_PRELOAD it simulates a file system without locks. */
#include <errno.h>
#include <sys/file.h>

int flock(int fd, int operation) {
    (void)fd;
    (void)operation;
    errno = ENOLCK;
    return -1;
}
