/* Sockets that somebody else made: found by their addresses, listed, duplicated, looked at, and changed. */
#include "loopback.h"

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 256

/* Of include/net/tcp_states.h; netinet/tcp.h and linux/tcp.h don't go together. */
enum { STATE_ESTABLISHED = 1, STATE_CLOSE = 7, STATE_LISTEN = 10 };

static uint64_t cookie_of(int fd) {
    uint64_t cookie = 0;
    socklen_t length = sizeof cookie;
    CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length), 0);
    return cookie;
}

static int option_of(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    CHECK_EQ(getsockopt(fd, level, name, &value, &length), 0);
    return value;
}

static struct ka_socket_id id_of(int fd) {
    return (struct ka_socket_id){.cookie = cookie_of(fd), .fd = fd};
}

static struct ka_address local_of(int fd) {
    struct ka_address address;
    CHECK_EQ(ka_local_address(fd, &address), 0);
    return address;
}

static struct ka_address peer_of(int fd) {
    struct ka_address address;
    CHECK_EQ(ka_peer_address(fd, &address), 0);
    return address;
}

static struct ka_address mapped(const struct ka_address *ipv4) {
    struct ka_address wide = {.family = 6, .port = ipv4->port};
    wide.ip[10] = wide.ip[11] = 0xff;
    memcpy(wide.ip + 12, ipv4->ip, 4);
    return wide;
}

static struct ka_address narrow(const struct ka_address *wide) {
    struct ka_address ipv4 = {.family = 4, .port = wide->port};
    memcpy(ipv4.ip, wide->ip + 12, 4);
    return ipv4;
}

/* Opens a pair with kernel defaults; the peer is an IPv6 socket if the family is 6. */
static void open_plain(struct pair *pair, int family) {
    struct ka_config config = unset_config();
    open_pair(pair, family, &config);
}

static void check_is(int copy, int fd) {
    CHECK_GE(copy, 0);
    CHECK(copy != fd);
    CHECK_EQ(cookie_of(copy), cookie_of(fd));
    CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(ka_close(copy), 0);
}

static void check_found(int fd, const struct ka_address *local, const struct ka_address *peer) {
    check_is(ka_find_socket(local, peer), fd);
}

static void check_both_ends_are_found(int family) {
    struct pair pair;
    open_plain(&pair, family);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    check_found(pair.link, &local, &peer);
    check_found(pair.peer, &peer, &local);
    close_pair(&pair);
}

static void check_mapped_equals_ipv4(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    struct ka_address wide_local = mapped(&local);
    struct ka_address wide_peer = mapped(&peer);
    check_found(pair.link, &wide_local, &wide_peer);
    check_found(pair.link, &local, &wide_peer);
    close_pair(&pair);
}

/* A listener on [::] has IPv4 peers under mapped addresses. */
static void check_ipv4_equals_mapped(void) {
    struct ka_address any = {.family = 6};
    struct pair pair;
    struct ka_config config = unset_config();
    pair.listener = listen_at(&any, 16, 0);
    CHECK_GE(pair.listener, 0);
    struct ka_address target = loopback_address(4, local_of(pair.listener).port);
    pair.link = connect_to(&target, &config);
    pair.peer = accept_soon(pair.listener);
    struct ka_address local = local_of(pair.peer);
    struct ka_address peer = peer_of(pair.peer);
    CHECK_EQ(local.family, 6);
    check_found(pair.peer, &local, &peer);
    local = narrow(&local);
    peer = narrow(&peer);
    check_found(pair.peer, &local, &peer);
    close_pair(&pair);
}

static void check_scope_is_ignored_if_unknown(void) {
    struct pair pair;
    open_plain(&pair, 6);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    local.scope_id = 1;
    check_found(pair.link, &local, &peer);
    close_pair(&pair);
}

static void check_not_found(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    struct ka_address other = local;
    other.port ^= 1;
    CHECK_EQ(ka_find_socket(&other, &peer), -ENOENT);
    other = peer;
    other.ip[3] = 2;
    CHECK_EQ(ka_find_socket(&local, &other), -ENOENT);
    other.family = 0;
    CHECK_EQ(ka_find_socket(&local, &other), -EAFNOSUPPORT);
    CHECK_EQ(ka_find_socket(&other, &peer), -EAFNOSUPPORT);
    close_pair(&pair);
    CHECK_EQ(ka_find_socket(&local, &peer), -ENOENT);
}

static void check_dead_is_not_found(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    close_with_reset(pair.peer);
    pair.peer = -1;
    await_poll(pair.link, POLLHUP);
    CHECK_EQ(ka_find_socket(&local, &peer), -ENOENT);
    CHECK_EQ(option_of(pair.link, SOL_SOCKET, SO_ERROR), ECONNRESET);
    close_pair(&pair);
}

/* UDP has ports of its own: the same addresses may name both. */
static void check_udp_is_not_found(void) {
    struct sockaddr_in ends[2];
    socklen_t length = sizeof ends[0];
    int sockets[2];
    for (int i = 0; i < 2; i++) {
        ends[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        CHECK_EQ(bind(sockets[i], (struct sockaddr *)&ends[i], sizeof ends[i]), 0);
        CHECK_EQ(getsockname(sockets[i], (struct sockaddr *)&ends[i], &length), 0);
    }
    CHECK_EQ(connect(sockets[0], (struct sockaddr *)&ends[1], sizeof ends[1]), 0);
    struct ka_address local = local_of(sockets[0]);
    struct ka_address peer = peer_of(sockets[0]);
    CHECK_EQ(ka_find_socket(&local, &peer), -ENOENT);
    CHECK_EQ(close(sockets[0]), 0);
    CHECK_EQ(close(sockets[1]), 0);
}

static void check_several_descriptors_are_one_socket(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_address local = local_of(pair.link);
    struct ka_address peer = peer_of(pair.link);
    int low = dup(pair.link);
    int high = fcntl(pair.link, F_DUPFD, 200);
    CHECK_EQ(high, 200);
    check_found(pair.link, &local, &peer);
    CHECK_EQ(close(low), 0);
    CHECK_EQ(close(high), 0);
    close_pair(&pair);
}

static void check_scan(void) {
    struct pair pair;
    uint64_t cookies[CAPACITY] = {0};
    open_plain(&pair, 4);
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    int high = fcntl(pair.link, F_DUPFD, 60); /* more than a hole below the last */
    cookies[high + 1] = 1;
    cookies[CAPACITY - 1] = 1;
    CHECK_EQ(ka_scan_sockets(0, cookies, CAPACITY), 0);
    CHECK_EQ(cookies[pair.link], cookie_of(pair.link));
    CHECK_EQ(cookies[pair.peer], cookie_of(pair.peer));
    CHECK_EQ(cookies[pair.listener], cookie_of(pair.listener));
    CHECK_EQ(cookies[high], cookie_of(pair.link));
    CHECK_EQ(cookies[file], 0);
    for (int fd = high + 1; fd < CAPACITY; fd++) {
        CHECK_EQ(cookies[fd], 0);
    }
    CHECK_EQ(close(high), 0);
    CHECK_EQ(close(file), 0);
    close_pair(&pair);
}

static void check_scan_in_pieces(void) {
    struct pair pair;
    uint64_t whole[CAPACITY] = {0};
    open_plain(&pair, 6);
    int high = fcntl(pair.link, F_DUPFD, 3 * CAPACITY);
    CHECK_EQ(ka_scan_sockets(0, whole, CAPACITY), high);
    for (int next = 0; next < CAPACITY;) {
        uint64_t piece = 0;
        int fd = next;
        next = ka_scan_sockets(fd, &piece, 1);
        CHECK_GE(next, fd + 1);
        CHECK_EQ(piece, whole[fd]);
    }
    whole[0] = 0;
    CHECK_EQ(ka_scan_sockets(high, whole, 1), high + 1);
    CHECK_EQ(whole[0], cookie_of(pair.link));
    CHECK_EQ(ka_scan_sockets(1 << 20, whole, 1), 0);
    CHECK_EQ(ka_scan_sockets(-1, whole, 1), -EINVAL);
    CHECK_EQ(ka_scan_sockets(0, whole, 0), -EINVAL);
    CHECK_EQ(ka_scan_sockets(INT_MAX, whole, 1), -EINVAL);
    CHECK_EQ(close(high), 0);
    close_pair(&pair);
}

/* What a scan says of a descriptor, told that it was marked when its cookie was 1. */
static uint64_t scanned(int fd) {
    uint64_t cookie = 1;
    CHECK_GE(ka_scan_sockets(fd, &cookie, 1), 0);
    return cookie;
}

static void check_a_marked_socket_is_not_asked(void) {
    struct pair pair;
    open_plain(&pair, 4);
    CHECK_EQ(scanned(pair.link), cookie_of(pair.link));
    int copy = dup(pair.link);
    CHECK_EQ(ka_mark_socket(copy), 0);
    CHECK_EQ(scanned(pair.link), 1);
    CHECK_EQ(scanned(pair.peer), cookie_of(pair.peer));
    CHECK_EQ(close(copy), 0);
    CHECK_EQ(scanned(copy), 0);
    CHECK_EQ(dup2(pair.listener, pair.link), pair.link);
    CHECK_EQ(scanned(pair.link), cookie_of(pair.listener));
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(dup2(file, pair.link), pair.link);
    CHECK_EQ(scanned(pair.link), 0);
    CHECK_EQ(ka_mark_socket(-1), -EBADF);
    CHECK_EQ(close(file), 0);
    close_pair(&pair);
}

static void check_take(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_socket_id id = id_of(pair.link);
    check_is(ka_take_socket(&id), pair.link);
    struct ka_socket_id wrong = {.cookie = id.cookie + 1, .fd = id.fd};
    CHECK_EQ(ka_take_socket(&wrong), -ESTALE);
    wrong.fd = -1;
    CHECK_EQ(ka_take_socket(&wrong), -ESTALE);
    CHECK_EQ(close(pair.link), 0);
    CHECK_EQ(ka_take_socket(&id), -ESTALE);
    CHECK_EQ(dup2(pair.listener, id.fd), id.fd);
    CHECK_EQ(ka_take_socket(&id), -ESTALE);
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(dup2(file, id.fd), id.fd);
    CHECK_EQ(ka_take_socket(&id), -ESTALE);
    CHECK_EQ(close(file), 0);
    close_pair(&pair);
}

static struct ka_socket_look look_at(uint64_t cookie, int fd) {
    struct ka_socket_look look = {.cookie = cookie, .fd = fd};
    CHECK_EQ(ka_look_at_sockets(&look, 1), 0);
    return look;
}

static struct tcp_info info_of(int fd) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    return info;
}

static void set_options(int fd, int idle_s, int interval_s, int count, int user_timeout_ms) {
    struct ka_config config = keepalive_config(idle_s, interval_s, count);
    config.option[KA_TCP_USER_TIMEOUT] = user_timeout_ms;
    int32_t failed = -1;
    CHECK_EQ(ka_set_options(fd, &config, &failed), 0);
}

static void check_look_reads_the_options(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_socket_look look = look_at(cookie_of(pair.link), pair.link);
    CHECK_EQ(look.error, 0);
    CHECK_EQ(look.keepalive, 0);
    CHECK_EQ(look.idle_s, option_of(pair.link, IPPROTO_TCP, TCP_KEEPIDLE));
    CHECK_EQ(look.interval_s, option_of(pair.link, IPPROTO_TCP, TCP_KEEPINTVL));
    CHECK_EQ(look.count, option_of(pair.link, IPPROTO_TCP, TCP_KEEPCNT));
    CHECK_EQ(look.user_timeout_ms, 0);
    set_options(pair.link, 7, 11, 13, 17000);
    look = look_at(0, pair.link);
    CHECK_EQ(look.error, 0);
    CHECK_EQ(look.keepalive, 1);
    CHECK_EQ(look.idle_s, 7);
    CHECK_EQ(look.interval_s, 11);
    CHECK_EQ(look.count, 13);
    CHECK_EQ(look.user_timeout_ms, 17000);
    struct ka_socket_look state = {.fd = pair.link, .skip_options = 1, .idle_s = 99};
    CHECK_EQ(ka_look_at_sockets(&state, 1), 0);
    CHECK_EQ(state.error, 0);
    CHECK_EQ(state.state, STATE_ESTABLISHED);
    CHECK_EQ(state.idle_s, 99);
    close_pair(&pair);
}

static void check_option_refusals(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_config config = keepalive_config(1, 1, 1);
    int32_t failed = -1;
    config.option[KA_TCP_KEEPIDLE] = 32768;
    CHECK_EQ(ka_set_options(pair.link, &config, &failed), -EINVAL);
    CHECK_EQ(failed, KA_TCP_KEEPIDLE);
    CHECK_EQ(option_of(pair.link, SOL_SOCKET, SO_KEEPALIVE), 0);
    CHECK_EQ(close(pair.link), 0);
    config.option[KA_TCP_KEEPIDLE] = 1;
    CHECK_EQ(ka_set_options(pair.link, &config, &failed), -EBADF);
    CHECK_EQ(failed, KA_SO_KEEPALIVE);
    pair.link = -1;
    close_pair(&pair);
}

/* Fills the peer's window: it doesn't read. */
static void fill(int fd) {
    static const char DATA[65536];
    while (send(fd, DATA, sizeof DATA, MSG_DONTWAIT) > 0) {
    }
    struct pollfd full = {.fd = fd, .events = POLLOUT};
    while (poll(&full, 1, 300) > 0) {
        if (send(fd, DATA, sizeof DATA, MSG_DONTWAIT) < 0) {
            CHECK_EQ(errno, EAGAIN);
        }
    }
}

static void check_look_sees_a_closed_window(void) {
    struct pair pair;
    open_plain(&pair, 4);
    struct ka_socket_look look = look_at(0, pair.link);
    CHECK_EQ(look.queued_bytes, 0);
    CHECK_EQ(look.not_sent, 0);
    CHECK_OP(look.send_window, >, 0);
    fill(pair.link);
    look = look_at(0, pair.link);
    int queued = 0;
    CHECK_EQ(ioctl(pair.link, SIOCOUTQ, &queued), 0);
    CHECK_EQ(look.error, 0);
    CHECK_EQ(look.queued_bytes, queued);
    CHECK_OP(look.not_sent, >, 0);
    CHECK_OP(look.send_window, <, 65536);
    struct tcp_info info = info_of(pair.link);
    CHECK_EQ(look.unacked, info.tcpi_unacked);
    CHECK_EQ(look.not_sent, info.tcpi_notsent_bytes);
    CHECK_EQ(look.send_window, info.tcpi_snd_wnd);
    CHECK_EQ(look.rto_us, info.tcpi_rto);
    CHECK_LE(look.since_ack_ms, info.tcpi_last_ack_recv);
    close_pair(&pair);
}

static void check_look_tells_the_times(void) {
    struct pair pair;
    open_plain(&pair, 4);
    CHECK_EQ(ka_send(pair.peer, 'x'), 1);
    await_poll(pair.link, POLLIN);
    poll(NULL, 0, 100);
    struct ka_socket_look early = look_at(0, pair.link);
    CHECK_GE(early.since_ack_ms, 80);
    CHECK_GE(early.since_heard_ms, 80);
    CHECK_GE(early.since_sent_ms, 80);
    int64_t sent_ns = now_ns();
    CHECK_EQ(ka_send(pair.peer, 'x'), 1);
    poll(NULL, 0, 1);
    struct ka_socket_look late = look_at(0, pair.link);
    CHECK_LE(late.since_heard_ms, (now_ns() - sent_ns) / 1000000 + 10); /* a jiffy more */
    CHECK_GE(late.since_sent_ms, early.since_sent_ms);
    close_pair(&pair);
}

static void check_look_refuses_what_it_is_not(void) {
    struct pair pair;
    int stream[2];
    open_plain(&pair, 4);
    uint64_t cookie = cookie_of(pair.link);
    CHECK_EQ(look_at(cookie + 1, pair.link).error, -ESTALE);
    CHECK_EQ(look_at(cookie, pair.peer).error, -ESTALE);
    CHECK_EQ(look_at(cookie, -1).error, -ESTALE);
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(look_at(cookie, file).error, -ESTALE);
    CHECK_EQ(look_at(0, file).error, -ESTALE);
    CHECK_EQ(close(file), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream), 0);
    CHECK_EQ(look_at(cookie_of(stream[0]), stream[0]).error, -EPROTOTYPE);
    int udp = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK_EQ(look_at(cookie_of(udp), udp).error, -EPROTOTYPE);
    CHECK_EQ(look_at(cookie_of(pair.listener), pair.listener).error, 0);
    CHECK_EQ(look_at(0, pair.listener).state, STATE_LISTEN);
    CHECK_EQ(close(udp), 0);
    CHECK_EQ(close(stream[0]), 0);
    CHECK_EQ(close(stream[1]), 0);
    close_pair(&pair);
}

static void check_each_look_has_its_own_error(void) {
    struct pair pair;
    open_plain(&pair, 6);
    struct ka_socket_look looks[] = {
        {.cookie = cookie_of(pair.link), .fd = pair.link},
        {.cookie = 1, .fd = pair.link},
        {.cookie = cookie_of(pair.peer), .fd = pair.peer},
    };
    CHECK_EQ(ka_look_at_sockets(looks, 3), 0);
    CHECK_EQ(looks[0].error, 0);
    CHECK_EQ(looks[1].error, -ESTALE);
    CHECK_EQ(looks[2].error, 0);
    CHECK_EQ(ka_look_at_sockets(looks, 0), 0);
    close_pair(&pair);
}

/* The owner is to get the error, not the one that looks. */
static void check_the_error_stays_the_owners(void) {
    struct pair pair;
    open_plain(&pair, 4);
    uint64_t cookie = cookie_of(pair.link);
    struct ka_socket_id id = id_of(pair.link);
    close_with_reset(pair.peer);
    pair.peer = -1;
    await_poll(pair.link, POLLHUP);
    struct ka_socket_look look = look_at(cookie, pair.link);
    CHECK_EQ(look.error, 0);
    CHECK_EQ(look.state, STATE_CLOSE);
    check_is(ka_take_socket(&id), pair.link);
    char byte;
    CHECK_EQ(read(pair.link, &byte, 1), -1);
    CHECK_EQ(errno, ECONNRESET);
    close_pair(&pair);
}

static void check_peer_address(void) {
    struct pair pair;
    struct ka_address address;
    int stream[2];
    open_plain(&pair, 6);
    address = peer_of(pair.link);
    CHECK_EQ(memcmp(&address, &pair.address, sizeof address), 0);
    CHECK_EQ(ka_peer_address(pair.listener, &address), -ENOTCONN);
    CHECK_EQ(ka_peer_address(-1, &address), -EBADF);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream), 0);
    CHECK_EQ(ka_peer_address(stream[0], &address), -EAFNOSUPPORT);
    CHECK_EQ(close(stream[0]), 0);
    CHECK_EQ(close(stream[1]), 0);
    close_pair(&pair);
}

static void check_inode(void) {
    struct pair pair;
    struct stat status;
    uint64_t inode = 0;
    open_plain(&pair, 4);
    CHECK_EQ(fstat(pair.link, &status), 0);
    CHECK_EQ(ka_socket_inode(pair.link, &inode), 0);
    CHECK_EQ(inode, status.st_ino);
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(ka_socket_inode(file, &inode), -ENOTSOCK);
    CHECK_EQ(close(file), 0);
    CHECK_EQ(ka_socket_inode(file, &inode), -EBADF);
    close_pair(&pair);
}

/* The child ends with this process, because only that has the other end of its pipe. */
static pid_t spawn_holder(int *life) {
    int ends[2];
    char byte;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    CHECK_GE(pid, 0);
    if (pid == 0) {
        close(ends[1]);
        ssize_t ended = read(ends[0], &byte, 1);
        _exit((int)ended);
    }
    close(ends[0]);
    *life = ends[1];
    return pid;
}

/* The child has what this process had, and this one no longer. */
static void check_process_socket(void) {
    struct pair pair;
    open_plain(&pair, 4);
    uint64_t cookie = cookie_of(pair.link);
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    int life = -1;
    pid_t pid = spawn_holder(&life);
    int process = ka_process_open(pid);
    CHECK_GE(process, 0);
    int number = pair.link;
    CHECK_EQ(close(pair.link), 0);
    int copy = ka_process_socket(process, number);
    if (copy == -ENOSYS) {
        _Exit(EXIT_SKIPPED); /* before Linux 5.6 */
    }
    CHECK_GE(copy, 0);
    CHECK_EQ(cookie_of(copy), cookie);
    CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
    set_options(copy, 3, 4, 5, 6000);
    CHECK_EQ(ka_close(copy), 0);
    int descriptors = count_descriptors();
    CHECK_EQ(ka_process_socket(process, file), -ENOTSOCK);
    CHECK_EQ(ka_process_socket(process, 1 << 20), -EBADF);
    CHECK_EQ(ka_process_socket(process, INT32_MAX), -EBADF);
    CHECK_EQ(ka_process_socket(-1, number), -EBADF);
    CHECK_EQ(count_descriptors(), descriptors);
    copy = ka_process_socket(process, number);
    CHECK_EQ(look_at(cookie, copy).idle_s, 3);
    CHECK_EQ(ka_close(copy), 0);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    CHECK_EQ(ka_process_socket(process, number), -ESRCH);
    CHECK_EQ(close(life), 0);
    CHECK_EQ(ka_close(process), 0);
    CHECK_EQ(close(file), 0);
    pair.link = -1;
    close_pair(&pair);
}

int main(void) {
    int descriptors = count_descriptors();
    check_both_ends_are_found(4);
    check_both_ends_are_found(6);
    check_mapped_equals_ipv4();
    check_ipv4_equals_mapped();
    check_scope_is_ignored_if_unknown();
    check_not_found();
    check_dead_is_not_found();
    check_udp_is_not_found();
    check_several_descriptors_are_one_socket();
    check_scan();
    check_scan_in_pieces();
    check_a_marked_socket_is_not_asked();
    check_take();
    check_look_reads_the_options();
    check_option_refusals();
    check_look_sees_a_closed_window();
    check_look_tells_the_times();
    check_look_refuses_what_it_is_not();
    check_each_look_has_its_own_error();
    check_the_error_stays_the_owners();
    check_peer_address();
    check_inode();
    check_process_socket();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
