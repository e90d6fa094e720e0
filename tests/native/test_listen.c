#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define SILENCE_MS 300

static int listen_any6(int v6only, struct ka_address *bound) {
    struct ka_address any = {.family = 6};
    int listener = listen_at(&any, 1, v6only);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, bound), 0);
    return listener;
}

static int connect_result(int family, uint16_t port) {
    struct ka_config config = unset_config();
    struct ka_address address = loopback_address(family, port);
    int32_t failed = -1;
    int fd = ka_open(family, &config, &failed);
    int result = ka_connect(fd, &address, PATIENCE_MS);
    CHECK_EQ(ka_close(fd), 0);
    return result;
}

static void check_dual_stack(void) {
    struct ka_address bound;
    struct ka_address peer;
    int listener = listen_any6(0, &bound);
    CHECK_EQ(connect_result(6, bound.port), 0);
    CHECK_EQ(connect_result(4, bound.port), 0);
    CHECK_EQ(ka_close(accept_soon(listener)), 0);
    int fd = ka_accept(listener, &peer);
    CHECK_GE(fd, 0);
    CHECK_EQ(peer.family, 6); /* an IPv4 peer's address is ::ffff:127.0.0.1 */
    CHECK_EQ(memcmp(peer.ip, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16), 0);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_v6only(void) {
    struct ka_address bound;
    int listener = listen_any6(1, &bound);
    CHECK_EQ(connect_result(6, bound.port), 0);
    CHECK_EQ(connect_result(4, bound.port), -ECONNREFUSED);
    CHECK_EQ(ka_close(listener), 0);
}

/* SO_REUSEADDR: a restarted source needn't wait until TIME_WAIT of its old connections is over. */
static void check_restart(void) {
    struct ka_config config = unset_config();
    struct pair pair;
    open_pair(&pair, 4, &config);
    uint16_t port = pair.address.port;
    CHECK_EQ(ka_close(pair.listener), 0);
    CHECK_EQ(ka_close(pair.peer), 0); /* the source closes first, so TIME_WAIT is on its side */
    CHECK_EQ(ka_close(pair.link), 0);
    struct ka_address address = loopback_address(4, port);
    int listener = listen_at(&address, 1024, 0);
    CHECK_GE(listener, 0);
    CHECK_EQ(listen_at(&address, 1024, 0), -EADDRINUSE);
    CHECK_EQ(ka_close(listener), 0);
}

static int connect_briefly(const struct ka_address *address) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(address->family, &config, &failed);
    int result = ka_connect(fd, address, SILENCE_MS);
    CHECK_EQ(ka_close(fd), 0);
    return result;
}

/* Those that have connected can be accepted, and their links work. */
static void check_dropped_syns(int family) {
    struct ka_config config = unset_config();
    struct ka_address address;
    char byte;
    int listener = listen_on_loopback(family, &address);
    int link = connect_to(&address, &config);
    CHECK_EQ(ka_drop_syns(listener), 0);
    CHECK_EQ(connect_briefly(&address), -ETIME);
    int fd = accept_soon(listener);
    CHECK_EQ(ka_send(link, 'P'), 1);
    await_poll(fd, POLLIN);
    CHECK_EQ(recv(fd, &byte, 1, 0), 1);
    CHECK_EQ(ka_close(listener), 0);
    CHECK_EQ(connect_briefly(&address), -ECONNREFUSED);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(link), 0);
    CHECK_EQ(ka_drop_syns(listener), -EBADF);
}

static void check_refused(struct ka_listen_config config, int expected, int step) {
    struct ka_address address = loopback_address(6, 0);
    int32_t failed = -1;
    CHECK_EQ(ka_listen(&address, &config, NULL, NULL, &failed), expected);
    CHECK_EQ(failed, step);
}

static void check_arguments(void) {
    struct ka_address address = loopback_address(6, 0);
    struct ka_address nobody = {.family = 0};
    struct ka_address foreign = {.family = 4, .ip = {198, 51, 100, 1}};
    CHECK_EQ(listen_at(&address, 0, 0), -EINVAL);
    CHECK_EQ(listen_at(&address, -1, 0), -EINVAL);
    CHECK_EQ(listen_at(&address, 1, -1), -EINVAL);
    CHECK_EQ(listen_at(&address, 1, 2), -EINVAL);
    CHECK_EQ(listen_at(&nobody, 1, 0), -EAFNOSUPPORT);
    CHECK_EQ(listen_at(&foreign, 1, 0), -EADDRNOTAVAIL);
    check_refused((struct ka_listen_config){.backlog = 0}, -EINVAL, KA_STEP_LISTEN);
    check_refused((struct ka_listen_config){.backlog = 1, .single_hop = 2}, -EINVAL, KA_STEP_LISTEN);
    check_refused((struct ka_listen_config){.backlog = 1, .single_hop = -1}, -EINVAL, KA_STEP_LISTEN);
    check_refused((struct ka_listen_config){.backlog = 1, .key_count = -1}, -EINVAL, KA_STEP_LISTEN);
    int listener = listen_at(&address, INT32_MAX, 1);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_close(listener), 0);
}

/* Found out here, not when backups connect: then each of them would be reset by a living source. */
static void check_refused_option(void) {
    struct ka_listen_config config = {.backlog = 1};
    struct ka_config accepted = unset_config();
    struct ka_address address = loopback_address(4, 0);
    int32_t failed = -1;
    accepted.option[KA_TCP_KEEPCNT] = 128;
    CHECK_EQ(ka_listen(&address, &config, NULL, &accepted, &failed), -EINVAL);
    CHECK_EQ(failed, KA_TCP_KEEPCNT);
}

int main(void) {
    int descriptors = count_descriptors();
    check_dual_stack();
    check_v6only();
    check_restart();
    check_dropped_syns(4);
    check_dropped_syns(6);
    check_arguments();
    check_refused_option();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
