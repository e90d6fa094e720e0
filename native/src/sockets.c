#include "sockets.h"

#include "address.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
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

/* A hint for block devices, so it means nothing on a socket. Each new socket has 0. Since Linux 4.13. */
#ifndef F_SET_RW_HINT
#define F_GET_RW_HINT 1035
#define F_SET_RW_HINT 1036
#endif
#define MARK 1

/* After so many closed descriptors in a row the next open one is looked up, which takes as long as they do.
 */
#define HOLE 128

/* Of the kernel's struct linux_dirent64: room for one descriptor, and where its name begins. */
#define ENTRY_SIZE 64
#define NAME_OFFSET 19

/* The IPv6 prefix of IPv4 addresses (RFC 4291, 2.5.5.2). */
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff"
#define MAPPED_LENGTH 12

int ka_read_cookie(int fd, uint64_t *cookie) {
    socklen_t length = sizeof *cookie;
    return getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &length) < 0 ? -errno : 0;
}

static int is_marked(int fd) {
    uint64_t hint = 0;
    return fcntl(fd, F_GET_RW_HINT, &hint) == 0 && hint == MARK;
}

int ka_mark_socket(int fd) {
    uint64_t hint = MARK;
    return fcntl(fd, F_SET_RW_HINT, &hint) < 0 ? -errno : 0;
}

/* Returns the lowest open descriptor from `first` on, -ENOENT if there is none, or another -errno. An entry's
 * position is its number after the folder's own two. */
static int next_open(int first) {
    int folder = open("/proc/thread-self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return -errno;
    }
    char entry[ENTRY_SIZE] = {0};
    long length = lseek(folder, 2 + (off_t)first, SEEK_SET);
    if (length >= 0) {
        length = syscall(SYS_getdents64, folder, entry, sizeof entry - 1);
    }
    int error = errno;
    close(folder);
    if (length < 0) {
        return -error;
    }
    return length == 0 ? -ENOENT : atoi(entry + NAME_OFFSET);
}

/* Returns the descriptor to go on with, -ENOENT after the last, or another -errno. */
static int advance(int fd, int is_open, int *closed_in_a_row) {
    *closed_in_a_row = is_open ? 0 : *closed_in_a_row + 1;
    return *closed_in_a_row < HOLE ? fd + 1 : next_open(fd + 1);
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

/* Returns 0, -ENOENT if it isn't between the two, or -EBADF if it is closed. Asks for the peer first: most
 * descriptors have none. */
static int check_ends(int fd, const struct ka_address *local, const struct ka_address *peer) {
    struct ka_address end;
    int result = ka_peer_address(fd, &end);
    if (result == -EBADF) {
        return result;
    }
    int is_between =
        result == 0 && are_equal(&end, peer) && ka_local_address(fd, &end) == 0 && are_equal(&end, local);
    return is_between ? 0 : -ENOENT;
}

static int connects(int fd, const struct ka_address *local, const struct ka_address *peer) {
    return check_ends(fd, local, peer) == 0;
}

/* Returns a duplicate, -ENOENT or -EBADF as check_ends() does, or another -errno. The descriptor is looked at
 * first: closing a duplicate of a file would release the locks that this process has on it (fcntl(2)). */
static int take_if_between(int fd, const struct ka_address *local, const struct ka_address *peer) {
    int result = check_ends(fd, local, peer);
    if (result < 0) {
        return result;
    }
    int copy = duplicate(fd);
    if (copy < 0) {
        return copy;
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

/* Takes what take_if_between() has returned to what was found before. */
static int join(int found, int taken, const struct ka_address *local, const struct ka_address *peer) {
    if (taken == -ENOENT || taken == -EBADF) {
        return found;
    }
    if (found >= 0 && taken >= 0) {
        return merge(found, taken, local, peer);
    }
    if (found >= 0) {
        close(found);
    }
    return taken;
}

static int find(const struct ka_address *local, const struct ka_address *peer) {
    int found = -ENOENT;
    int closed = 0;
    int fd = 0;
    while (fd >= 0 && (found >= 0 || found == -ENOENT)) {
        int taken = take_if_between(fd, local, peer);
        found = join(found, taken, local, peer);
        fd = advance(fd, taken != -EBADF, &closed);
    }
    return fd < 0 ? join(found, fd, local, peer) : found;
}

int ka_find_socket(const struct ka_address *local, const struct ka_address *peer) {
    if (!ka_is_family(local->family) || !ka_is_family(peer->family)) {
        return -EAFNOSUPPORT;
    }
    return find(local, peer);
}

/* Asks for the cookie unless the mark is still there: that takes half the time. */
static int refresh(int fd, uint64_t *cookie) {
    if (*cookie != 0 && is_marked(fd)) {
        return 0;
    }
    *cookie = 0;
    return ka_read_cookie(fd, cookie);
}

int ka_scan_sockets(int first, uint64_t *cookies, int count) {
    if (first < 0 || count < 1 || first > INT_MAX - count) {
        return -EINVAL;
    }
    int closed = 0;
    int next = first;
    for (int i = 0; i < count; i++) {
        if (first + i < next) {
            cookies[i] = 0;
            continue;
        }
        if (i == count - 1) {
            closed = HOLE; /* the next call doesn't know how many there were */
        }
        int result = refresh(first + i, &cookies[i]);
        next = result == -ENOPROTOOPT ? result : advance(first + i, result != -EBADF, &closed);
        if (next == -ENOENT) {
            next = INT_MAX;
        } else if (next < 0) {
            return next;
        }
    }
    return next == INT_MAX ? 0 : next;
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
