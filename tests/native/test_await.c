#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};

static void open_default(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
}

static void check_time_runs_out(void) {
    struct ka_event event;
    struct pair pair;
    open_default(&pair);
    int64_t started_ns = now_ns();
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, 0, &event), 0);
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, 50, &event), 0);
    CHECK_GE(now_ns() - started_ns, 50 * 1000000LL);
    close_pair(&pair);
}

static void check_event(int fd, const struct ka_watch_config *config, int type, int cause) {
    struct ka_event event;
    CHECK_EQ(ka_await(fd, config, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.type, type);
    CHECK_EQ(event.cause, cause);
    CHECK_EQ(event.fd, fd);
}

static void check_reset(void) {
    struct pair pair;
    open_default(&pair);
    close_with_reset(pair.peer);
    pair.peer = -1;
    check_event(pair.link, &BACKUP, KA_EVENT_FAILED, KA_CAUSE_RESET);
    close_pair(&pair);
}

static void check_bytes(void) {
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.peer, 'G'), 1);
    check_event(pair.link, &BACKUP, KA_EVENT_LEFT, 0);
    CHECK_EQ(ka_send(pair.peer, '?'), 1);
    check_event(pair.link, &BACKUP, KA_EVENT_VIOLATION, 0);
    close_pair(&pair);
}

/* Probes and queries don't end a link: the wait goes on until the FIN. */
static void check_bytes_that_do_not_end(void) {
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    CHECK_EQ(ka_send(pair.link, 'Q'), 1);
    CHECK_EQ(shutdown(pair.link, SHUT_WR), 0);
    check_event(pair.peer, &SOURCE, KA_EVENT_FAILED, KA_CAUSE_CLOSED);
    close_pair(&pair);
}

static void *await_for_ever(void *fd) {
    check_event(*(int *)fd, &BACKUP, KA_EVENT_FAILED, KA_CAUSE_CLOSED);
    return NULL;
}

static void check_shutdown_ends_the_wait(void) {
    struct pair pair;
    pthread_t thread;
    open_default(&pair);
    CHECK_EQ(pthread_create(&thread, NULL, await_for_ever, &pair.link), 0);
    CHECK_EQ(ka_shutdown(pair.link), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    close_pair(&pair);
}

static void check_misuse(void) {
    struct ka_event event;
    static const struct ka_watch_config no_role = {.role = 2};
    CHECK_EQ(ka_await(-1, &BACKUP, NULL, 0, &event), -EBADF);
    CHECK_EQ(ka_await(9999, &BACKUP, NULL, 0, &event), -EBADF);
    CHECK_EQ(ka_await(STDERR_FILENO, &no_role, NULL, 0, &event), -EINVAL);
}

int main(void) {
    int descriptors = count_descriptors();
    check_time_runs_out();
    check_reset();
    check_bytes();
    check_bytes_that_do_not_end();
    check_shutdown_ends_the_wait();
    check_misuse();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
