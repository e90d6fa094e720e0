/* Preloaded, makes the reading of one process's environment hang, as it does in the kernel while that
 * process's memory map is locked. $HUNG_PID is the process. */
#define _GNU_SOURCE

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void hang_on(const char *path) {
    const char *pid = getenv("HUNG_PID");
    char hung[64];
    snprintf(hung, sizeof hung, "/proc/%s/environ", pid == NULL ? "none" : pid);
    while (strcmp(path, hung) == 0) {
        pause();
    }
}

static int open_file(const char *path, int flags, va_list more) {
    hang_on(path);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, va_arg(more, mode_t));
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int file = open_file(path, flags, more);
    va_end(more);
    return file;
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int file = open_file(path, flags | O_LARGEFILE, more);
    va_end(more);
    return file;
}
