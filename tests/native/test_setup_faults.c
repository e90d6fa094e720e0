/* Injects faults (faults.h) while links, listeners and monitors are set up or waited for. */
#include "faults.h"

#include "loopback.h"

#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAR_AWAY 300

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP, .suspect_probes = 3};

static int has_md5; /* the kernel was built with CONFIG_TCP_MD5SIG */

static int scenario_link(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_config effective;
    struct ka_address address;
    int32_t failed = -1;
    int listener = listen_on_loopback(4, &address);
    config.option[KA_TCP_USER_TIMEOUT] = 1000;
    config.option[KA_TCP_SYNCNT] = 2;
    config.option[KA_TCP_NODELAY] = 1;
    strcpy(config.device, "lo");
    config.source = loopback_address(4, 0);
    int fd = SHIM(ka_open(4, &config, &failed));
    int result = fd;
    if (fd >= 0) {
        result = SHIM(ka_connect(fd, &address, PATIENCE_MS));
        result = result < 0 ? result : SHIM(ka_effective(fd, &effective));
        result = result < 0 ? result : SHIM(ka_send(fd, 'P'));
        result = result < 0 ? result : SHIM(ka_shutdown(fd));
        result = first_error(result, SHIM(ka_close(fd)));
    }
    close(listener);
    return first_error(result, 0);
}

/* A listener and a link with MD5 keys and single hop. */
static int scenario_trust(void) {
    struct ka_md5_key key = {.network = loopback_address(4, 0), .prefix_length = 8, .length = 1};
    struct ka_listen_config listen_config = {.backlog = 4, .single_hop = 1, .key_count = has_md5};
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address any_port = loopback_address(4, 0);
    struct ka_address address;
    struct ka_config effective;
    int32_t failed = -1;
    memset(key.network.ip, 0, sizeof key.network.ip);
    key.network.ip[0] = 127;
    config.option[KA_SINGLE_HOP] = 1;
    int listener = SHIM(ka_listen(&any_port, &listen_config, &key, NULL, &failed));
    if (listener < 0) {
        return listener;
    }
    CHECK_EQ(ka_local_address(listener, &address), 0);
    int fd = SHIM(ka_open(4, &config, &failed));
    int result = fd;
    if (fd >= 0) {
        result = has_md5 ? SHIM(ka_set_md5_key(fd, &key)) : 0;
        result = result < 0 ? result : SHIM(ka_connect(fd, &address, PATIENCE_MS));
        result = result < 0 ? result : SHIM(ka_effective(fd, &effective));
        close(fd);
    }
    close(listener);
    return first_error(result, 0);
}

static int scenario_listener(void) {
    struct ka_config none = unset_config();
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address any_port = loopback_address(6, 0);
    struct ka_address bound;
    struct ka_address peer;
    int32_t failed = -1;
    int fd = -1;
    struct ka_listen_config listen_config = {.backlog = 4, .v6only = 1};
    int listener = SHIM(ka_listen(&any_port, &listen_config, NULL, &config, &failed));
    if (listener < 0) {
        return listener;
    }
    int result = SHIM(ka_local_address(listener, &bound));
    if (result == 0) {
        int link = connect_to(&bound, &none);
        await_poll(listener, POLLIN);
        fd = SHIM(ka_accept(listener, &peer));
        result = fd < 0 ? fd : SHIM(ka_drop_syns(listener));
        close(link);
    }
    if (fd >= 0) {
        close(fd);
    }
    close(listener);
    return first_error(result, 0);
}

static void open_reset_pair(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
    close_with_reset(pair->peer);
    pair->peer = -1;
    await_poll(pair->link, POLLIN);
}

/* The event may report the failed call as the link's failure. */
static int result_of(int count, const struct ka_event *event) {
    if (count < 0) {
        return count;
    }
    CHECK_EQ(count, 1);
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    return event->error == ECONNRESET ? 0 : -event->error;
}

static int scenario_await(void) {
    struct ka_event event;
    struct pair pair;
    open_reset_pair(&pair);
    int count = SHIM(ka_await(pair.link, &BACKUP, NULL, PATIENCE_MS, &event));
    close_pair(&pair);
    return result_of(count, &event);
}

/* A wake, then a reset that ends the wait by itself. */
static int scenario_await_or_wake(void) {
    struct ka_event event;
    struct pair pair;
    int wake_fd = SHIM(ka_wake_open());
    if (wake_fd < 0) {
        return wake_fd;
    }
    open_reset_pair(&pair);
    int result = SHIM(ka_wake(wake_fd));
    int count = SHIM(ka_await_or_wake(pair.link, wake_fd, &BACKUP, NULL, PATIENCE_MS, &event));
    close(wake_fd);
    close_pair(&pair);
    return first_error(result, result_of(count, &event));
}

static int scenario_woken(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_event event;
    struct pair pair;
    int wake_fd = ka_wake_open();
    open_pair(&pair, 4, &config);
    int result = SHIM(ka_wake(wake_fd));
    int woken = result < 0 ? -ECANCELED
                           : SHIM(ka_await_or_wake(pair.link, wake_fd, &BACKUP, NULL, PATIENCE_MS, &event));
    close(wake_fd);
    close_pair(&pair);
    return first_error(result, woken == -ECANCELED ? 0 : woken);
}

static int scenario_route(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address peer = loopback_address(4, 9);
    int32_t failed = -1;
    strcpy(config.device, "lo");
    config.source = loopback_address(4, 0);
    return SHIM(ka_check_route(&config, &peer, &failed));
}

static int scenario_user_timeout(void) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(4, &config, &failed);
    int result = SHIM(ka_set_user_timeout(fd, 1));
    close(fd);
    return result;
}

static int scenario_classify(void) {
    struct ka_event event;
    struct pair pair;
    open_reset_pair(&pair);
    int count = SHIM(ka_classify(pair.link, &BACKUP, NULL, &event));
    close_pair(&pair);
    return result_of(count, &event);
}

static int scenario_evidence(void) {
    struct ka_event event = {0};
    struct pair pair;
    open_reset_pair(&pair);
    int result = SHIM(ka_evidence(pair.link, &event));
    CHECK_EQ(event.tcp_info_length == 0, result < 0);
    close_pair(&pair);
    return result;
}

static int scenario_classify_fin(void) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    shutdown(pair.peer, SHUT_WR);
    await_poll(pair.link, POLLIN);
    int count = SHIM(ka_classify(pair.link, &BACKUP, NULL, &event));
    close_pair(&pair);
    CHECK(count < 0 || count == 1);
    return first_error(count, count == 1 ? -event.error : 0);
}

static int watch_all(struct ka_monitor *monitor, const struct pair *pair, int far_listener) {
    int result = SHIM(ka_monitor_watch(monitor, pair->link, 1, &BACKUP, NULL));
    result = result < 0 ? result : SHIM(ka_monitor_listen(monitor, pair->listener, 2));
    result = result < 0 ? result : SHIM(ka_monitor_listen(monitor, far_listener, 3));
    result = result < 0 ? result : SHIM(ka_monitor_wake(monitor));
    return result;
}

/* Returns the link's failure. Wakes may come before it, and every fault has to end the wait. */
static int wait_for_failure(struct ka_monitor *monitor) {
    struct ka_event event;
    int count = 0;
    for (int attempt = 0; attempt < 4 && count == 0; attempt++) {
        count = SHIM(ka_monitor_wait(monitor, &event, 1, 1000));
    }
    return result_of(count, &event);
}

static int scenario_monitor(void) {
    struct ka_monitor *monitor = NULL;
    struct pair pair;
    int result = SHIM(ka_monitor_open(&monitor));
    if (result < 0) {
        CHECK(monitor == NULL);
        return result;
    }
    open_reset_pair(&pair);
    /* a descriptor beyond the table's first size, so that the table has to grow */
    int far_listener = fcntl(pair.listener, F_DUPFD_CLOEXEC, FAR_AWAY);
    result = watch_all(monitor, &pair, far_listener);
    if (result == 0) {
        result = wait_for_failure(monitor);
    }
    int left = SHIM(ka_monitor_unwatch(monitor, pair.listener, NULL, NULL));
    CHECK(left == 0 || left == -ENOENT);
    CHECK_EQ(SHIM(ka_monitor_close(monitor)), 0);
    close_pair(&pair);
    close(far_listener);
    return result;
}

static int scenario_wake(void) {
    struct ka_monitor *monitor;
    struct ka_event event;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    int result = SHIM(ka_monitor_wake(monitor));
    result = result < 0 ? result : SHIM(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS));
    CHECK_EQ(SHIM(ka_monitor_close(monitor)), 0);
    return result;
}

static void check_retries(void) {
    check_retried(scenario_link, "ppoll", EINTR);
    check_retried(scenario_await, "ppoll", EINTR);
    check_retried(scenario_await, "recv", EINTR);
    check_retried(scenario_await, "recv", ENOMEM);
    check_retried(scenario_monitor, "recv", ENOBUFS);
    check_retried(scenario_monitor, "syscall", EINTR);
    check_retried(scenario_listener, "accept4", EINTR);
    check_retried(scenario_listener, "accept4", ECONNABORTED);
    check_retried(scenario_listener, "accept4", EPROTO);
}

static void check_wake_error(void) {
    struct ka_monitor *monitor;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    plan("eventfd_write", EAGAIN, 0, 0);
    CHECK_EQ(SHIM(ka_monitor_wake(monitor)), -EAGAIN);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* An option that the kernel doesn't have is read back as KA_UNSET. The others are read as usual. */
static void check_unknown_option(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_config effective;
    int32_t failed;
    int fd = ka_open(4, &config, &failed);
    plan("getsockopt", ENOPROTOOPT, KA_TCP_USER_TIMEOUT, KA_TCP_USER_TIMEOUT);
    CHECK_EQ(SHIM(ka_effective(fd, &effective)), 0);
    CHECK_EQ(effective.option[KA_TCP_USER_TIMEOUT], KA_UNSET);
    CHECK_EQ(effective.option[KA_TCP_KEEPCNT], 5);
    close(fd);
}

static void check_before_5_11(void) {
    faults.before_5_11 = 1;
    check_each_position(scenario_monitor);
    check_retried(scenario_monitor, "epoll_wait", EINTR);
    faults.before_5_11 = 0;
}

int main(void) {
    static const char *const calls[] = {"socket",
                                        "setsockopt",
                                        "getsockopt",
                                        "bind",
                                        "listen",
                                        "accept4",
                                        "connect",
                                        "ppoll",
                                        "recv",
                                        "send",
                                        "shutdown",
                                        "close",
                                        "malloc",
                                        "calloc",
                                        "realloc",
                                        "getsockname",
                                        "eventfd",
                                        "epoll_ctl",
                                        "epoll_create1",
                                        "syscall",
                                        "epoll_ctl DEL",
                                        "eventfd_write",
                                        "pthread_mutex_init",
                                        "eventfd_read"};
    static scenario *const scenarios[] = {scenario_link,          scenario_listener, scenario_trust,
                                          scenario_await,         scenario_classify, scenario_evidence,
                                          scenario_classify_fin,  scenario_monitor,  scenario_wake,
                                          scenario_await_or_wake, scenario_woken,    scenario_route,
                                          scenario_user_timeout};
    has_md5 = kernel_has_md5();
    size_t count = sizeof scenarios / sizeof scenarios[0];
    for (size_t i = 0; i < count; i++) {
        check_each_position(scenarios[i]);
    }
    check_every_call_is_made(calls, sizeof calls / sizeof calls[0], scenarios, count);
    check_before_5_11();
    check_retries();
    check_wake_error();
    check_unknown_option();
    return 0;
}
