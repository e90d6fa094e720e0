/* Every end of a link is reported with its cause, and its error is cleared. Bytes are reported, too. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};

static void open_default(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
}

static void check_error_is_taken(int fd) {
    int error = -1;
    socklen_t length = sizeof error;
    CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), 0);
    CHECK_EQ(error, 0);
}

static void check_evidence(const struct ka_event *event, int fd) {
    CHECK_EQ(event->fd, fd);
    CHECK_GE(event->tcp_info_length, 104); /* the size in Linux 2.6 */
    CHECK_LE(event->tcp_info_length, KA_TCP_INFO_SIZE);
    CHECK_LE(event->verdict_ns, now_ns());
    CHECK_LE(event->last_heard_ns, event->verdict_ns);
    CHECK_EQ(event->reserved, 0);
}

static void check_failed(struct pair *pair, int cause, int error) {
    struct ka_event event;
    CHECK_EQ(ka_classify(pair->link, &BACKUP, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, cause);
    CHECK_EQ(event.error, error);
    CHECK_EQ(event.byte, 0);
    check_evidence(&event, pair->link);
    check_error_is_taken(pair->link);
}

static void reset_peer(struct pair *pair) {
    close_with_reset(pair->peer);
    pair->peer = -1;
}

static void close_peer(struct pair *pair) {
    CHECK_EQ(close(pair->peer), 0);
    pair->peer = -1;
}

static void check_healthy(void) {
    struct ka_event event;
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_classify(pair.link, &BACKUP, NULL, &event), 0);
    CHECK_EQ(ka_classify(pair.peer, &SOURCE, NULL, &event), 0);
    close_pair(&pair);
}

static void check_fin(int family) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct pair pair;
    open_pair(&pair, family, &config);
    close_peer(&pair);
    await_poll(pair.link, POLLIN);
    check_failed(&pair, KA_CAUSE_CLOSED, 0);
    close_pair(&pair);
}

static void check_reset(int family) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct pair pair;
    open_pair(&pair, family, &config);
    reset_peer(&pair);
    await_poll(pair.link, POLLIN);
    check_failed(&pair, KA_CAUSE_RESET, ECONNRESET);
    close_pair(&pair);
}

static void check_reset_after_fin(void) {
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(shutdown(pair.peer, SHUT_WR), 0);
    await_poll(pair.link, POLLIN);
    reset_peer(&pair);
    await_poll(pair.link, 0); /* waits for POLLHUP or POLLERR, which only the reset causes */
    check_failed(&pair, KA_CAUSE_RESET, EPIPE);
    close_pair(&pair);
}

/* If a process closes a socket with unread data, its kernel sends a reset. */
static void check_closed_with_unread_data(void) {
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    await_poll(pair.peer, POLLIN);
    close_peer(&pair);
    await_poll(pair.link, POLLIN);
    check_failed(&pair, KA_CAUSE_RESET, ECONNRESET);
    close_pair(&pair);
}

static void check_own_shutdown(void) {
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_shutdown(pair.link), 0);
    await_poll(pair.link, POLLIN);
    check_failed(&pair, KA_CAUSE_CLOSED, 0);
    close_pair(&pair);
}

static void check_farewell(void) {
    struct ka_event event;
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.peer, 'G'), 1);
    reset_peer(&pair);
    await_poll(pair.link, 0);
    CHECK_EQ(ka_classify(pair.link, &BACKUP, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_LEFT);
    CHECK_EQ(event.cause, 0);
    CHECK_EQ(event.error, 0);
    check_evidence(&event, pair.link);
    close_pair(&pair);
}

static void check_workload_ended(void) {
    struct ka_event event;
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.peer, 'E'), 1);
    reset_peer(&pair);
    await_poll(pair.link, 0);
    CHECK_EQ(ka_classify(pair.link, &BACKUP, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_WORKLOAD_ENDED);
    CHECK_EQ(event.error, 0);
    CHECK_EQ(event.byte, 0);
    check_evidence(&event, pair.link);
    close_pair(&pair);
}

static void check_violation(int from, int to, const struct ka_watch_config *config, char byte) {
    struct ka_event event;
    CHECK_EQ(ka_send(from, byte), 1);
    await_poll(to, POLLIN);
    CHECK_EQ(ka_classify(to, config, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_VIOLATION);
    CHECK_EQ(event.byte, (unsigned char)byte);
    CHECK_EQ(event.cause, 0);
    check_evidence(&event, to);
}

static void check_violations(void) {
    struct pair pair;
    open_default(&pair);
    check_violation(pair.peer, pair.link, &BACKUP, 'P');
    check_violation(pair.peer, pair.link, &BACKUP, '\xff');
    check_violation(pair.link, pair.peer, &SOURCE, 'G');
    check_violation(pair.link, pair.peer, &SOURCE, 'E');
    check_violation(pair.link, pair.peer, &SOURCE, '\0');
    close_pair(&pair);
}

static void check_probe_and_query(void) {
    struct ka_event event;
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    await_poll(pair.peer, POLLIN);
    CHECK_EQ(ka_classify(pair.peer, &SOURCE, NULL, &event), 0);
    CHECK_EQ(ka_send(pair.link, 'Q'), 1);
    await_poll(pair.peer, POLLIN);
    CHECK_EQ(ka_classify(pair.peer, &SOURCE, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_QUERY);
    check_evidence(&event, pair.peer);
    CHECK_EQ(ka_classify(pair.peer, &SOURCE, NULL, &event), 0);
    close_pair(&pair);
}

static void check_misuse(void) {
    static const struct ka_watch_config no_role = {.role = 2};
    struct ka_config config = unset_config();
    struct ka_event event;
    int32_t failed;
    int fd = ka_open(4, &config, &failed);
    CHECK_EQ(ka_classify(fd, &BACKUP, NULL, &event), -ENOTCONN);
    CHECK_EQ(ka_classify(fd, &no_role, NULL, &event), -EINVAL);
    CHECK_EQ(ka_send(fd, 'P'), -EPIPE);
    CHECK_EQ(ka_shutdown(fd), -ENOTCONN);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_classify(fd, &BACKUP, NULL, &event), -EBADF);
    CHECK_EQ(ka_classify(STDERR_FILENO, &BACKUP, NULL, &event), -ENOTSOCK);
    CHECK_EQ(ka_send(fd, 'P'), -EBADF);
    CHECK_EQ(ka_tcp_info(fd, event.tcp_info, KA_TCP_INFO_SIZE), -EBADF);
}

int main(void) {
    int descriptors = count_descriptors();
    check_healthy();
    check_fin(4);
    check_fin(6);
    check_reset(4);
    check_reset(6);
    check_reset_after_fin();
    check_closed_with_unread_data();
    check_own_shutdown();
    check_farewell();
    check_workload_ended();
    check_violations();
    check_probe_and_query();
    check_misuse();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
