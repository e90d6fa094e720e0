#include "sockets.h"

#include "address.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Since Linux 4.12 and 5.6. The build machine's headers may be older. */
#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* More than /proc/PID/status takes up to the field FDSize. */
#define STATUS_SIZE 1024

/* The IPv6 prefix of IPv4 addresses (RFC 4291, 2.5.5.2). */
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff"
#define MAPPED_LENGTH 12

int ka_read_cookie(int fd, uint64_t *cookie) {
    socklen_t length = sizeof *cookie;
    return getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &length) < 0 ? -errno : 0;
}

static ssize_t read_status(char *status, size_t size) {
    int fd = open("/proc/thread-self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    ssize_t length = read(fd, status, size);
    int error = errno;
    close(fd);
    return length < 0 ? -error : length;
}

/* Returns a number that is above all descriptors of this process, or -errno. RLIMIT_NOFILE may be a billion,
 * and earlier descriptors may be above it. */
static int table_size(void) {
    char status[STATUS_SIZE];
    ssize_t length = read_status(status, sizeof status - 1);
    if (length < 0) {
        return (int)length;
    }
    status[length] = 0;
    static const char FIELD[] = "\nFDSize:";
    const char *field = strstr(status, FIELD);
    return field == NULL ? -EIO : atoi(field + sizeof FIELD - 1);
}

static int duplicate(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? -errno : copy;
}

static int is_cookie_of(int fd, uint64_t cookie) {
    uint64_t actual = 0;
    return ka_read_cookie(fd, &actual) == 0 && actual == cookie;
}

static int is_option(int fd, int option, int expected) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value == expected;
}

static int is_tcp(int fd) {
    return is_option(fd, SO_PROTOCOL, IPPROTO_TCP) && is_option(fd, SO_TYPE, SOCK_STREAM);
}

static void widen(const struct ka_address *address, uint8_t *wide) {
    if (address->family == 6) {
        memcpy(wide, address->ip, 16);
    } else {
        memcpy(wide, MAPPED, MAPPED_LENGTH);
        memcpy(wide + MAPPED_LENGTH, address->ip, 4);
    }
}

static int are_equal(const struct ka_address *a, const struct ka_address *b) {
    uint8_t wide_a[16];
    uint8_t wide_b[16];
    widen(a, wide_a);
    widen(b, wide_b);
    int in_scope = a->scope_id == 0 || b->scope_id == 0 || a->scope_id == b->scope_id;
    return a->port == b->port && in_scope && memcmp(wide_a, wide_b, sizeof wide_a) == 0;
}

/* Asks for the peer first: most descriptors have none. */
static int connects(int fd, const struct ka_address *local, const struct ka_address *peer) {
    struct ka_address end;
    return ka_peer_address(fd, &end) == 0 && are_equal(&end, peer) && ka_local_address(fd, &end) == 0 &&
           are_equal(&end, local);
}

/* Returns a duplicate, -ENOENT if the descriptor isn't such a socket, or another -errno. The descriptor is
 * looked at first: closing a duplicate of a file would release the locks that this process has on it
 * (fcntl(2)). */
static int take_if_between(int fd, const struct ka_address *local, const struct ka_address *peer) {
    if (!connects(fd, local, peer)) {
        return -ENOENT;
    }
    int copy = duplicate(fd);
    if (copy < 0) {
        return copy == -EBADF ? -ENOENT : copy;
    }
    if (!connects(copy, local, peer) || !is_tcp(copy)) {
        close(copy);
        return -ENOENT;
    }
    return copy;
}

static int are_same(int a, int b) {
    uint64_t cookie = 0;
    return ka_read_cookie(a, &cookie) == 0 && is_cookie_of(b, cookie);
}

/* Returns the one of two duplicates that is the socket, and closes the other one. A connection that has died
 * meanwhile may have left its addresses to the next. */
static int merge(int found, int copy, const struct ka_address *local, const struct ka_address *peer) {
    if (are_same(found, copy) || !connects(copy, local, peer)) {
        close(copy);
        return found;
    }
    int is_alive = connects(found, local, peer);
    close(found);
    if (is_alive) {
        close(copy);
        return -ENOTUNIQ;
    }
    return copy;
}

static int find(const struct ka_address *local, const struct ka_address *peer, int end) {
    int found = -ENOENT;
    for (int fd = 0; fd < end && (found >= 0 || found == -ENOENT); fd++) {
        int copy = take_if_between(fd, local, peer);
        if (copy >= 0) {
            found = found < 0 ? copy : merge(found, copy, local, peer);
        } else if (copy != -ENOENT) {
            if (found >= 0) {
                close(found);
            }
            found = copy;
        }
    }
    return found;
}

int ka_find_socket(const struct ka_address *local, const struct ka_address *peer) {
    if (!ka_is_family(local->family) || !ka_is_family(peer->family)) {
        return -EAFNOSUPPORT;
    }
    int end = table_size();
    return end < 0 ? end : find(local, peer, end);
}

int ka_scan_sockets(int first, struct ka_socket_id *ids, int capacity, int *next) {
    if (first < 0 || capacity < 1) {
        return -EINVAL;
    }
    int end = table_size();
    int count = 0;
    int fd = first;
    for (; fd < end && count < capacity; fd++) {
        uint64_t cookie = 0;
        int result = ka_read_cookie(fd, &cookie);
        if (result == 0) {
            ids[count++] = (struct ka_socket_id){.cookie = cookie, .fd = fd};
        } else if (result == -ENOPROTOOPT) {
            return result;
        }
    }
    *next = fd < end ? fd : -1;
    return end < 0 ? end : count;
}

int ka_take_socket(const struct ka_socket_id *id) {
    if (!is_cookie_of(id->fd, id->cookie)) { /* as in take_if_between() */
        return -ESTALE;
    }
    int copy = duplicate(id->fd);
    if (copy < 0) {
        return copy == -EBADF ? -ESTALE : copy;
    }
    if (!is_cookie_of(copy, id->cookie)) {
        close(copy);
        return -ESTALE;
    }
    return copy;
}

/* The kernel makes the duplicate close-on-exec by itself. glibc has no wrapper before 2.36. */
int ka_process_socket(int process_fd, int number) {
    long copy = syscall(SYS_pidfd_getfd, process_fd, number, 0);
    if (copy < 0) {
        return -errno;
    }
    int type = 0;
    socklen_t length = sizeof type;
    if (getsockopt((int)copy, SOL_SOCKET, SO_TYPE, &type, &length) < 0) {
        int error = errno;
        close((int)copy);
        return -error;
    }
    return (int)copy;
}

/* Not by fstat(2), which is another function in a glibc before 2.33, and one that musl lacks. */
int ka_socket_inode(int fd, uint64_t *inode) {
    char path[40];
    char target[40];
    snprintf(path, sizeof path, "/proc/thread-self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) {
        return errno == ENOENT ? -EBADF : -errno;
    }
    target[length] = 0;
    return sscanf(target, "socket:[%" SCNu64 "]", inode) == 1 ? 0 : -ENOTSOCK;
}
