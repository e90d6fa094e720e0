/*
 * Stop-and-wait probes over a link whose segments are dropped. A silent host is suspect first and fails
 * within the deadline, with never more than one byte outstanding. A process that doesn't answer is HUNG, not
 * TIMED_OUT.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS 1000000LL
#define INTERVAL_NS (20 * MS)
#define DEADLINE_NS (200 * MS)
#define SLACK_NS (1000 * MS) /* for a busy machine under a sanitizer */

static struct ka_monitor *monitor;

static struct ka_watch_config probing(enum ka_liveness liveness) {
    return (struct ka_watch_config){.role = KA_ROLE_BACKUP,
                                    .suspect_probes = 2,
                                    .liveness = (int32_t)liveness,
                                    .probe_interval_ns = INTERVAL_NS,
                                    .probe_deadline_ns = DEADLINE_NS};
}

static void watch(const struct pair *pair, enum ka_liveness liveness) {
    struct ka_watch_config config = probing(liveness);
    CHECK_EQ(ka_monitor_watch(monitor, pair->link, 7, &config, NULL), 0);
}

static void next_event(struct ka_event *event) {
    int64_t deadline_ns = now_ns() + PATIENCE_MS * MS;
    int count;
    do {
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    } while (count == 0 && now_ns() < deadline_ns);
    CHECK_EQ(count, 1);
    CHECK_EQ(event->token, 7);
}

static int64_t read_all(int fd, char expected) {
    char bytes[512];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    for (ssize_t i = 0; i < count; i++) {
        CHECK_EQ(bytes[i], expected);
    }
    return count;
}

static uint32_t unacked(const struct ka_event *event) {
    struct tcp_info info;
    CHECK_GE(event->tcp_info_length, offsetof(struct tcp_info, tcpi_unacked) + sizeof info.tcpi_unacked);
    memcpy(&info, event->tcp_info, offsetof(struct tcp_info, tcpi_unacked) + sizeof info.tcpi_unacked);
    return info.tcpi_unacked;
}

static void check_healthy(const struct pair *pair, char probe) {
    struct ka_event event;
    int64_t deadline_ns = now_ns() + 500 * MS;
    while (now_ns() < deadline_ns) { /* an early 0 means that the set has changed */
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 500), 0);
    }
    int64_t probes = read_all(pair->peer, probe);
    CHECK_GE(probes, 2);
    CHECK_LE(probes, 1000 * MS / INTERVAL_NS + 1);
}

static void check_silent_host(enum ka_liveness liveness) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    if (liveness == KA_LIVENESS_HOST) {
        watch(&pair, liveness);
        check_healthy(&pair, 'P');
        cut_port(pair.address.port);
    } else {
        cut_port(pair.address.port);
        watch(&pair, liveness);
    }
    int64_t cut_ns = now_ns();
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    CHECK_GE(event.probes, 2);
    CHECK_EQ(unacked(&event), 1);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_EQ(event.error, 0);
    CHECK_EQ(unacked(&event), 1);
    CHECK_LE(event.verdict_ns - cut_ns, INTERVAL_NS + DEADLINE_NS + SLACK_NS);
    mend();
    close_pair(&pair);
}

static void check_hung_process(void) {
    struct ka_watch_config patient = probing(KA_LIVENESS_PROCESS);
    patient.probe_deadline_ns = 2000 * MS; /* time to answer on a busy machine */
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &patient, NULL), 0);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    CHECK_EQ(unacked(&event), 0);
    CHECK_EQ(send(pair.peer, "A", 1, 0), 1);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_RECOVERED);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_HUNG);
    CHECK_EQ(event.error, 0);
    CHECK_EQ(read_all(pair.peer, 'Q'), 2);
    close_pair(&pair);
}

/* Stops all threads of this process, as a pause of its machine does. */
static void pause_process(int ms) {
    pid_t self = getpid();
    pid_t child = fork();
    CHECK_GE(child, 0);
    if (child == 0) {
        kill(self, SIGSTOP);
        usleep((useconds_t)ms * 1000);
        kill(self, SIGCONT);
        _exit(0);
    }
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

/* A pause of this process doesn't make its peer suspect. */
static void check_own_pause_is_no_suspicion(void) {
    struct ka_watch_config patient = probing(KA_LIVENESS_PROCESS);
    patient.probe_interval_ns = 500 * MS;
    patient.probe_deadline_ns = 2000 * MS;
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &patient, NULL), 0);
    while (read_all(pair.peer, 'Q') != 1) {
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 5), 0);
    }
    pause_process(1500);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 0), 0);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    CHECK_GE(event.probes, 2);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    close_pair(&pair);
}

/* Starts a child that pauses this process nearly all the time, until the returned descriptor is closed. It
 * ends after a SIGCONT. If it were killed, it could leave this process stopped. */
static int pause_again_and_again(pid_t *pausing) {
    int ends[2];
    pid_t self = getpid();
    CHECK_EQ(pipe(ends), 0);
    *pausing = fork();
    CHECK_GE(*pausing, 0);
    if (*pausing == 0) {
        struct pollfd closed = {.fd = ends[0], .events = POLLIN};
        close(ends[1]);
        do {
            kill(self, SIGSTOP);
            usleep(60 * 1000); /* more than a quarter of the deadline */
            kill(self, SIGCONT);
        } while (poll(&closed, 1, 2) == 0);
        _exit(0);
    }
    close(ends[0]);
    return ends[1];
}

/* Pauses that never end hide a dead host for one deadline more, and no longer. */
static void check_pauses_hide_no_failure(void) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    cut_port(pair.address.port);
    pid_t pausing;
    int pauses = pause_again_and_again(&pausing);
    int64_t start_ns = now_ns();
    watch(&pair, KA_LIVENESS_HOST);
    do {
        next_event(&event);
    } while (event.type != KA_EVENT_FAILED);
    CHECK_LE(event.verdict_ns - start_ns, INTERVAL_NS + 2 * DEADLINE_NS + SLACK_NS);
    CHECK_EQ(close(pauses), 0);
    CHECK_EQ(waitpid(pausing, NULL, 0), pausing);
    mend();
    close_pair(&pair);
}

static int unread(int fd) {
    int bytes;
    CHECK_EQ(ioctl(fd, FIONREAD, &bytes), 0);
    return bytes;
}

/* Returns how long it takes until the next probe comes. */
static int64_t pause_until_probe_ns(int peer) {
    struct ka_event event;
    int before = unread(peer);
    int64_t start_ns = now_ns();
    while (unread(peer) == before && now_ns() - start_ns < PATIENCE_MS * MS) {
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 5), 0);
    }
    return now_ns() - start_ns;
}

/* Opens a pair whose source has little memory. */
static void open_small_pair(struct pair *pair) {
    struct ka_config config = unset_config();
    int bytes = 1; /* the kernel takes its least */
    pair->listener = listen_on_loopback(4, &pair->address);
    CHECK_EQ(setsockopt(pair->listener, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
    pair->link = connect_to(&pair->address, &config);
    pair->peer = accept_soon(pair->listener);
}

/* A source that doesn't read is probed once a second when half its window is unread. Its host's death is
 * found by the next probe. */
static void check_full_source_is_probed_each_second(void) {
    struct ka_watch_config hasty = probing(KA_LIVENESS_HOST);
    hasty.probe_interval_ns = MS;
    hasty.suspect_probes = 0;
    struct ka_event event;
    struct pair pair;
    open_small_pair(&pair);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &hasty, NULL), 0);
    int64_t start_ns = now_ns();
    int64_t pause_ns = 0;
    while (pause_ns < 500 * MS) {
        pause_ns = pause_until_probe_ns(pair.peer);
        CHECK_LE(now_ns() - start_ns, 2 * PATIENCE_MS * MS);
    }
    CHECK_LE(pause_ns, 1000 * MS + SLACK_NS);
    cut_port(pair.address.port);
    int64_t cut_ns = now_ns();
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_LE(event.verdict_ns - cut_ns, 1000 * MS + DEADLINE_NS + SLACK_NS);
    mend();
    close_pair(&pair);
}

static void check_answer_not_owed(void) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    CHECK_EQ(send(pair.peer, "AA", 2, 0), 2); /* one of them may answer an earlier observer's query */
    watch(&pair, KA_LIVENESS_HOST);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_VIOLATION);
    CHECK_EQ(event.byte, 'A');
    close_pair(&pair);
}

static void check_await_probes(void) {
    struct ka_watch_config config = probing(KA_LIVENESS_PROCESS);
    struct ka_config none = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &none);
    CHECK_EQ(ka_await(pair.link, &config, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_HUNG);
    CHECK_EQ(read_all(pair.peer, 'Q'), 1);
    close_pair(&pair);
}

static void check_bad_settings(void) {
    struct ka_config none = unset_config();
    struct ka_watch_config config = probing(KA_LIVENESS_HOST);
    struct pair pair;
    open_pair(&pair, 4, &none);
    config.probe_interval_ns = MS - 1;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &config, NULL), -EINVAL);
    config = probing(KA_LIVENESS_HOST);
    config.probe_deadline_ns = MS - 1;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &config, NULL), -EINVAL);
    config = probing(KA_LIVENESS_HOST);
    config.role = KA_ROLE_SOURCE;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &config, NULL), -EINVAL);
    config = probing(KA_LIVENESS_HOST);
    config.liveness = KA_LIVENESS_PROCESS + 1;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 7, &config, NULL), -EINVAL);
    close_pair(&pair);
}

static void check_handshake(void) {
    char bytes[3];
    struct ka_config none = unset_config();
    struct pair pair;
    open_pair(&pair, 4, &none);
    CHECK_EQ(ka_handshake(pair.link, 0), -EINVAL);
    CHECK_EQ(ka_handshake(pair.link, 50), -ETIME);
    CHECK_EQ(recv(pair.peer, bytes, sizeof bytes, 0), 2);
    CHECK(memcmp(bytes, "YQ", 2) == 0);
    CHECK_EQ(send(pair.peer, "A", 1, 0), 1);
    CHECK_EQ(ka_handshake(pair.link, PATIENCE_MS), 0);
    CHECK_EQ(send(pair.peer, "x", 1, 0), 1);
    CHECK_EQ(ka_handshake(pair.link, PATIENCE_MS), -EPROTO);
    CHECK_EQ(send(pair.peer, "G", 1, 0), 1);
    CHECK_EQ(ka_handshake(pair.link, PATIENCE_MS), -ECONNREFUSED);
    CHECK_EQ(shutdown(pair.peer, SHUT_WR), 0);
    CHECK_EQ(ka_handshake(pair.link, PATIENCE_MS), -EPIPE);
    close_pair(&pair);
}

int main(void) {
    enter_own_namespace();
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    check_bad_settings();
    check_handshake();
    check_silent_host(KA_LIVENESS_HOST);
    check_silent_host(KA_LIVENESS_PROCESS);
    check_hung_process();
    check_own_pause_is_no_suspicion();
    check_pauses_hide_no_failure();
    check_full_source_is_probed_each_second();
    check_answer_not_owed();
    check_await_probes();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    return 0;
}
