/* A peer that sends as much as it can costs bounded time and memory, and other peers are served meanwhile. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FLOOD_NS 1000000000
#define NS_PER_MS 1000000

/* A little more than the two ends' kernel buffers hold together (tcp_wmem[2] and tcp_rmem[2]). */
#define MOST_SENT (16 << 20)

/* Without throttling the monitor's thread would be busy all the time. */
#define MOST_CPU_NS (FLOOD_NS / 5)

/* Sanitizers are slow, and a batch may come late on a busy machine. */
#define MOST_ANSWER_NS (250 * (int64_t)NS_PER_MS)

static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};
static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

struct flooder {
    int fd;
    char byte;
    int64_t sent;
    pthread_t thread;
};

static void *flood(void *argument) {
    struct flooder *flooder = argument;
    char bytes[65536];
    memset(bytes, flooder->byte, sizeof bytes);
    int64_t end_ns = now_ns() + FLOOD_NS;
    while (now_ns() < end_ns) {
        ssize_t sent = send(flooder->fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            flooder->sent += sent;
        } else if (errno == EAGAIN) {
            struct pollfd entry = {.fd = flooder->fd, .events = POLLOUT};
            poll(&entry, 1, 10);
        } else {
            break; /* the peer closed */
        }
    }
    return NULL;
}

static void start(struct flooder *flooder, int fd, char byte) {
    *flooder = (struct flooder){.fd = fd, .byte = byte};
    CHECK_EQ(pthread_create(&flooder->thread, NULL, flood, flooder), 0);
}

static int64_t cpu_ns(void) {
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (int64_t)spent.tv_sec * 1000000000 + spent.tv_nsec;
}

/* Waits for the next event and returns it. */
static struct ka_event next_event(struct ka_monitor *monitor) {
    struct ka_event event;
    int count = 0;
    while (count == 0) {
        count = ka_monitor_wait(monitor, &event, 1, PATIENCE_MS);
    }
    CHECK_EQ(count, 1);
    return event;
}

/* Queries from the other backup get through during the flood. Returns the longest time that one took. */
static int64_t longest_answer_ns(struct ka_monitor *monitor, const struct pair *other, int64_t end_ns) {
    int64_t longest_ns = 0;
    while (now_ns() < end_ns) {
        int64_t asked_ns = now_ns();
        CHECK_EQ(ka_send(other->link, 'Q'), 1);
        struct ka_event event = next_event(monitor);
        while (event.token != 2) {
            CHECK_EQ(event.type, KA_EVENT_QUERY); /* from the flooding backup */
            event = next_event(monitor);
        }
        CHECK_EQ(event.type, KA_EVENT_QUERY);
        int64_t took_ns = now_ns() - asked_ns;
        longest_ns = took_ns > longest_ns ? took_ns : longest_ns;
        ka_monitor_wait(monitor, &event, 1, 20);
    }
    return longest_ns;
}

static void check_flooding_backup(char byte) {
    struct ka_config config = unset_config();
    struct ka_monitor *monitor;
    struct flooder flooder;
    struct pair flooding;
    struct pair other;
    open_pair(&flooding, 4, &config);
    open_pair(&other, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, flooding.peer, 1, &SOURCE, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, other.peer, 2, &SOURCE, NULL), 0);
    int64_t before_ns = cpu_ns();
    start(&flooder, flooding.link, byte);
    int64_t longest_ns = longest_answer_ns(monitor, &other, now_ns() + FLOOD_NS);
    int64_t spent_ns = cpu_ns() - before_ns;
    CHECK_EQ(pthread_join(flooder.thread, NULL), 0);
    printf("%c: %lld KiB sent, %lld ms of processor, an answer took up to %lld ms\n", byte,
           (long long)flooder.sent >> 10, (long long)spent_ns / NS_PER_MS, (long long)longest_ns / NS_PER_MS);
    CHECK_GE(flooder.sent, 65536);
    CHECK_LE(flooder.sent, MOST_SENT);
    CHECK_LE(spent_ns, MOST_CPU_NS);
    CHECK_LE(longest_ns, MOST_ANSWER_NS);
    close_with_reset(flooding.link);
    flooding.link = -1;
    struct ka_event event = next_event(monitor);
    while (event.type == KA_EVENT_QUERY) {
        event = next_event(monitor);
    }
    CHECK_EQ(event.token, 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.error, ECONNRESET);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&flooding);
    close_pair(&other);
}

/* A backlog that grew while this process was stopped is read within a second, and a FIN behind it at once. */
static void check_backlog_is_read(void) {
    struct ka_config config = unset_config();
    struct ka_monitor *monitor;
    struct pair pair;
    char probes[32768];
    memset(probes, 'P', sizeof probes);
    probes[sizeof probes - 1] = 'Q';
    open_pair(&pair, 4, &config);
    CHECK_EQ(send(pair.link, probes, sizeof probes, 0), sizeof probes);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.peer, 1, &SOURCE, NULL), 0);
    struct ka_event event;
    char answer = 0;
    struct pollfd entry = {.fd = pair.link, .events = POLLIN};
    int64_t start_ns = now_ns();
    while (poll(&entry, 1, 0) == 0) { /* the shim itself answers a peer that has sent a probe */
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 1), 0);
        CHECK_LE(now_ns() - start_ns, PATIENCE_MS * (int64_t)NS_PER_MS);
    }
    CHECK_EQ(recv(pair.link, &answer, 1, 0), 1);
    CHECK_EQ(answer, 'A');
    CHECK_EQ(send(pair.link, probes, sizeof probes - 1, 0), sizeof probes - 1);
    CHECK_EQ(shutdown(pair.link, SHUT_WR), 0);
    event = next_event(monitor);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.error, 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* A backup treats the first answer that it did not ask for as a violation. */
static void check_flooding_source(void) {
    struct ka_config config = unset_config();
    struct ka_monitor *monitor;
    struct flooder flooder;
    struct pair pair;
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    start(&flooder, pair.peer, 'A');
    struct ka_event event = next_event(monitor);
    CHECK_EQ(event.type, KA_EVENT_VIOLATION);
    CHECK_EQ(event.byte, 'A');
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 50), 0);
    CHECK_EQ(close(pair.link), 0); /* with bytes unread: a reset, which ends the flood */
    pair.link = -1;
    CHECK_EQ(pthread_join(flooder.thread, NULL), 0);
    CHECK_LE(flooder.sent, MOST_SENT);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* A throttled link can be unwatched, and its monitor closed. */
static void check_unwatch_while_throttled(void) {
    struct ka_config config = unset_config();
    struct ka_monitor *monitor;
    struct pair pair;
    struct ka_event event;
    char probes[2048];
    memset(probes, 'P', sizeof probes);
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(ka_monitor_watch(monitor, pair.peer, 1, &SOURCE, NULL), 0);
        CHECK_EQ(send(pair.link, probes, sizeof probes, 0), sizeof probes);
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, i % 10), 0);
        CHECK_EQ(ka_monitor_unwatch(monitor, pair.peer, NULL, NULL), 0);
    }
    CHECK_EQ(ka_monitor_watch(monitor, pair.peer, 1, &SOURCE, NULL), 0);
    CHECK_EQ(send(pair.link, probes, sizeof probes, 0), sizeof probes);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 1), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

static int64_t resident_kib(void) {
    struct rusage usage;
    CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

int main(void) {
    int descriptors = count_descriptors();
    check_backlog_is_read();
    int64_t before_kib = resident_kib();
    check_flooding_backup('P');
    check_flooding_backup('Q');
    check_flooding_source();
    CHECK_LE(resident_kib() - before_kib, 8 << 10);
    check_unwatch_while_throttled();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
