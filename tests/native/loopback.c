#include "loopback.h"

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct ka_address loopback_address(int family, uint16_t port) {
    struct ka_address address = {.family = (uint16_t)family, .port = port};
    if (family == 4) {
        memcpy(address.ip, "\x7f\0\0\1", 4);
    } else {
        address.ip[15] = 1;
    }
    return address;
}

struct ka_config unset_config(void) {
    struct ka_config config = {0};
    for (int i = 0; i < KA_OPTION_COUNT; i++) {
        config.option[i] = KA_UNSET;
    }
    return config;
}

struct ka_config keepalive_config(int idle_s, int interval_s, int count) {
    struct ka_config config = unset_config();
    config.option[KA_SO_KEEPALIVE] = 1;
    config.option[KA_TCP_KEEPIDLE] = idle_s;
    config.option[KA_TCP_KEEPINTVL] = interval_s;
    config.option[KA_TCP_KEEPCNT] = count;
    return config;
}

int listen_at(const struct ka_address *bind, int backlog, int v6only) {
    struct ka_listen_config config = {.backlog = backlog, .v6only = v6only};
    int32_t failed = -1;
    return ka_listen(bind, &config, NULL, NULL, &failed);
}

int listen_on_loopback(int family, struct ka_address *bound) {
    struct ka_address any_port = loopback_address(family, 0);
    int listener = listen_at(&any_port, 1024, 0);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, bound), 0);
    return listener;
}

int connect_to(const struct ka_address *address, const struct ka_config *config) {
    int32_t failed = -1;
    int fd = ka_open(address->family, config, &failed);
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_connect(fd, address, PATIENCE_MS), 0);
    return fd;
}

int accept_soon(int listener) {
    struct ka_address peer;
    await_poll(listener, POLLIN);
    int fd = ka_accept(listener, &peer);
    CHECK_GE(fd, 0);
    return fd;
}

void open_pair(struct pair *pair, int family, const struct ka_config *config) {
    pair->listener = listen_on_loopback(family, &pair->address);
    pair->link = connect_to(&pair->address, config);
    pair->peer = accept_soon(pair->listener);
}

static void close_if_open(int *fd) {
    if (*fd >= 0) {
        CHECK_EQ(close(*fd), 0);
        *fd = -1;
    }
}

void close_pair(struct pair *pair) {
    close_if_open(&pair->link);
    close_if_open(&pair->peer);
    close_if_open(&pair->listener);
}

void close_with_reset(int fd) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    CHECK_EQ(close(fd), 0);
}

int kernel_has_md5(void) {
    struct ka_md5_key key = {.network = loopback_address(4, 0), .prefix_length = 32, .length = 1};
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(4, &config, &failed);
    int result = ka_set_md5_key(fd, &key);
    CHECK(result == 0 || result == -ENOPROTOOPT);
    CHECK_EQ(ka_close(fd), 0);
    return result == 0;
}

void await_poll(int fd, short events) {
    struct pollfd entry = {.fd = fd, .events = events};
    CHECK_EQ(poll(&entry, 1, PATIENCE_MS), 1);
}

int count_descriptors(void) {
    DIR *directory = opendir("/proc/self/fd");
    CHECK(directory != NULL);
    int count = 0;
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count;
}

int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
