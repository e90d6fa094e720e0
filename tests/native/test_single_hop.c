/* With single hop on one side only, the other side's segments have a lower TTL and are dropped. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long to wait for a peer that drops the segments. A peer that accepts them answers at once. */
#define SILENCE_MS 300

static int listen_hop(int family, int single_hop, struct ka_address *bound) {
    struct ka_listen_config config = {.backlog = 4, .single_hop = single_hop};
    struct ka_address any = {.family = (uint16_t)family};
    int32_t failed = -1;
    int listener = ka_listen(&any, &config, NULL, NULL, &failed);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, bound), 0);
    return listener;
}

static int open_hop(int family, int64_t single_hop) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    config.option[KA_SINGLE_HOP] = single_hop;
    int fd = ka_open(family, &config, &failed);
    CHECK_GE(fd, 0);
    return fd;
}

static int64_t effective_hop(int fd) {
    struct ka_config effective;
    CHECK_EQ(ka_effective(fd, &effective), 0);
    return effective.option[KA_SINGLE_HOP];
}

static void check_connects(int family, uint16_t port, int listener) {
    struct ka_address address = loopback_address(family, port);
    char byte = 0;
    int link = open_hop(family, 1);
    CHECK_EQ(ka_connect(link, &address, PATIENCE_MS), 0);
    int peer = accept_soon(listener);
    CHECK_EQ(effective_hop(link), 1);
    CHECK_EQ(effective_hop(peer), 1);
    CHECK_EQ(ka_send(link, 'P'), 1);
    await_poll(peer, POLLIN);
    CHECK_EQ(recv(peer, &byte, 1, 0), 1);
    CHECK_EQ(byte, 'P');
    CHECK_EQ(ka_close(link), 0);
    CHECK_EQ(ka_close(peer), 0);
}

static void check_ignored(int family, uint16_t port, int64_t single_hop) {
    struct ka_address address = loopback_address(family, port);
    int link = open_hop(family, single_hop);
    CHECK_EQ(ka_connect(link, &address, SILENCE_MS), -ETIME);
    CHECK_EQ(ka_close(link), 0);
}

static void check_listener(int family) {
    struct ka_address bound;
    int listener = listen_hop(family, 1, &bound);
    CHECK_EQ(effective_hop(listener), 1);
    check_connects(family, bound.port, listener);
    check_ignored(family, bound.port, KA_UNSET);
    if (family == 6) {
        check_connects(4, bound.port, listener);
        check_ignored(4, bound.port, KA_UNSET);
    }
    CHECK_EQ(ka_close(listener), 0);
}

static void check_link(int family) {
    struct ka_address bound;
    int listener = listen_hop(family, 0, &bound);
    CHECK_EQ(effective_hop(listener), 0);
    check_ignored(family, bound.port, 1);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_switched_off(int family) {
    struct ka_address bound;
    struct ka_address address;
    int listener = listen_hop(family, 0, &bound);
    int fd = open_hop(family, 0);
    CHECK_EQ(effective_hop(fd), 0);
    address = loopback_address(family, bound.port);
    CHECK_EQ(ka_connect(fd, &address, PATIENCE_MS), 0);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_out_of_range(int64_t value) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    config.option[KA_SINGLE_HOP] = value;
    CHECK_EQ(ka_open(4, &config, &failed), -EINVAL);
    CHECK_EQ(failed, KA_SINGLE_HOP);
}

int main(void) {
    int descriptors = count_descriptors();
    for (int family = 4; family <= 6; family += 2) {
        check_listener(family);
        check_link(family);
        check_switched_off(family);
    }
    check_out_of_range(-2);
    check_out_of_range(2);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
