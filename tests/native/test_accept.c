#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Accepted connections inherit every option of the listener. */
static void check_options_and_peer(int family) {
    struct ka_listen_config listen_config = {.backlog = 4};
    struct ka_config config = keepalive_config(7, 3, 9);
    struct ka_config unset = unset_config();
    struct ka_config effective;
    struct ka_address address = loopback_address(family, 0);
    struct ka_address peer;
    struct ka_address local;
    int32_t failed = -1;
    config.option[KA_TCP_USER_TIMEOUT] = 12345;
    config.option[KA_TCP_SYNCNT] = 3;
    config.option[KA_TCP_NODELAY] = 1;
    int listener = ka_listen(&address, &listen_config, NULL, &config, &failed);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, &address), 0);
    int link = connect_to(&address, &unset);
    await_poll(listener, POLLIN);
    int fd = ka_accept(listener, &peer);
    CHECK_GE(fd, 0);
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_EQ(ka_effective(fd, &effective), 0);
    for (int i = KA_SO_KEEPALIVE; i <= KA_TCP_NODELAY; i++) {
        CHECK_EQ(effective.option[i], config.option[i]);
    }
    CHECK_EQ(ka_local_address(link, &local), 0);
    CHECK_EQ(memcmp(&peer, &local, sizeof peer), 0);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(link), 0);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_none_waiting(void) {
    struct ka_address address;
    int listener = listen_on_loopback(4, &address);
    CHECK_EQ(ka_accept(listener, &address), -EAGAIN);
    CHECK_EQ(ka_close(listener), 0);
    CHECK_EQ(ka_accept(listener, &address), -EBADF);
}

/* A backup that resets its connection in the queue is still accepted, and then fails at once. */
static void check_dead_in_queue(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_watch_config source = {.role = KA_ROLE_SOURCE};
    struct ka_address address;
    struct ka_event event;
    int listener = listen_on_loopback(4, &address);
    close_with_reset(connect_to(&address, &config));
    int fd = accept_soon(listener);
    await_poll(fd, POLLIN);
    CHECK_EQ(ka_classify(fd, &source, NULL, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(listener), 0);
}

int main(void) {
    int descriptors = count_descriptors();
    check_options_and_peer(4);
    check_options_and_peer(6);
    check_none_waiting();
    check_dead_in_queue();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
