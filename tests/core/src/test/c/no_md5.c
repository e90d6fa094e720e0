/* With LD_PRELOAD it simulates a kernel that was built without CONFIG_TCP_MD5SIG. */
#define _GNU_SOURCE

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    if (level == IPPROTO_TCP && (option == TCP_MD5SIG || option == TCP_MD5SIG_EXT)) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return (int)syscall(SYS_setsockopt, fd, level, option, value, length);
}
