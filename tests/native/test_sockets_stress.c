/*
 * Threads open and close connections at random, while others find them by their addresses and by scans, and
 * set an option on each second one. The argument is the number of connections. The test checks for each:
 *  - the option is never set on one that isn't meant,
 *  - its end comes to the peer at once: no duplicate keeps it alive.
 */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPENERS 4
#define DEFAULT_CONNECTIONS 4000
#define CAPACITY 64
#define MARK_IDLE_S 77

/* More than a busy machine keeps a thread waiting that holds a duplicate. */
#define FIN_LIMIT_MS 2000

/* What an opener has just opened, for the others to find. They may come too late. */
struct offer {
    pthread_mutex_t lock;
    struct ka_address local;
    struct ka_address peer;
    struct ka_socket_id id;
    int is_meant;
};

static struct offer offers[OPENERS];
static atomic_int left;
static atomic_int opening = OPENERS;
static atomic_int marked;

static int idle_of(int fd) {
    int value = 0;
    socklen_t length = sizeof value;
    CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, &length), 0);
    return value;
}

static void publish(struct offer *offer, int fd, int is_meant) {
    struct ka_socket_id id = {.fd = fd};
    socklen_t length = sizeof id.cookie;
    CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &id.cookie, &length), 0);
    pthread_mutex_lock(&offer->lock);
    CHECK_EQ(ka_local_address(fd, &offer->local), 0);
    CHECK_EQ(ka_peer_address(fd, &offer->peer), 0);
    offer->id = id;
    offer->is_meant = is_meant;
    pthread_mutex_unlock(&offer->lock);
}

static void check_end_is_seen(int peer) {
    struct pollfd end = {.fd = peer, .events = POLLIN};
    char byte;
    CHECK_EQ(poll(&end, 1, FIN_LIMIT_MS), 1);
    CHECK_EQ(recv(peer, &byte, 1, 0), 0);
}

static void *open_and_close(void *argument) {
    struct offer *offer = argument;
    struct pair pair;
    struct ka_config config = unset_config();
    unsigned seed = (unsigned)(offer - offers);
    for (int turn = 0; atomic_fetch_sub(&left, 1) > 0; turn++) {
        open_pair(&pair, 4, &config);
        int untouched = idle_of(pair.link);
        int is_meant = turn % 2;
        publish(offer, pair.link, is_meant);
        if (rand_r(&seed) % 4 == 0) {
            sched_yield();
        }
        int idle = idle_of(pair.link);
        CHECK(idle == untouched || (is_meant && idle == MARK_IDLE_S));
        CHECK_EQ(idle_of(pair.peer), untouched);
        close(pair.link);
        pair.link = -1;
        check_end_is_seen(pair.peer);
        close_with_reset(pair.peer); /* leaves no TIME_WAIT */
        pair.peer = -1;
        close_pair(&pair);
    }
    atomic_fetch_sub(&opening, 1);
    return NULL;
}

static void mark_and_close(int copy) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    config.option[KA_TCP_KEEPIDLE] = MARK_IDLE_S;
    CHECK_EQ(ka_set_options(copy, &config, &failed), 0);
    CHECK_EQ(ka_close(copy), 0);
    atomic_fetch_add(&marked, 1);
}

static void mark(const struct offer *seen, int by_address) {
    int copy = by_address ? ka_find_socket(&seen->local, &seen->peer) : ka_take_socket(&seen->id);
    if (copy >= 0) {
        mark_and_close(copy);
    } else {
        CHECK_EQ(copy, by_address ? -ENOENT : -ESTALE);
    }
}

static void *mark_what_is_meant(void *argument) {
    int by_address = argument != NULL;
    for (unsigned turn = 0; atomic_load(&opening) > 0; turn++) {
        struct offer *offer = &offers[turn % OPENERS];
        pthread_mutex_lock(&offer->lock);
        struct offer seen = {.local = offer->local, .peer = offer->peer, .id = offer->id};
        int is_meant = offer->is_meant;
        pthread_mutex_unlock(&offer->lock);
        if (is_meant) {
            mark(&seen, by_address);
        }
    }
    return NULL;
}

/* Returns whether the descriptor is still that socket, which is marked then. */
static int take_and_mark(const struct ka_socket_id *id) {
    int copy = ka_take_socket(id);
    CHECK(copy >= 0 || copy == -ESTALE);
    if (copy < 0) {
        return 0;
    }
    CHECK_EQ(ka_mark_socket(copy), 0);
    CHECK_EQ(ka_close(copy), 0);
    return 1;
}

/* Takes and looks at whatever there is, and changes nothing. Of what was marked, none is another socket. */
static void *scan(void *argument) {
    (void)argument;
    uint64_t cookies[CAPACITY] = {0};
    while (atomic_load(&opening) > 0) {
        CHECK_GE(ka_scan_sockets(0, cookies, CAPACITY), 0);
        for (int fd = 0; fd < CAPACITY; fd++) {
            if (cookies[fd] == 0) {
                continue;
            }
            struct ka_socket_id id = {.cookie = cookies[fd], .fd = fd};
            struct ka_socket_look look = {.cookie = id.cookie, .fd = fd};
            CHECK_EQ(ka_look_at_sockets(&look, 1), 0);
            CHECK(look.error == 0 || look.error == -ESTALE);
            cookies[fd] = take_and_mark(&id) ? id.cookie : 0;
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t openers[OPENERS];
    pthread_t others[3];
    int descriptors = count_descriptors();
    atomic_store(&left, argc > 1 ? atoi(argv[1]) : DEFAULT_CONNECTIONS);
    for (int i = 0; i < OPENERS; i++) {
        CHECK_EQ(pthread_mutex_init(&offers[i].lock, NULL), 0);
        CHECK_EQ(pthread_create(&openers[i], NULL, open_and_close, &offers[i]), 0);
    }
    CHECK_EQ(pthread_create(&others[0], NULL, mark_what_is_meant, NULL), 0);
    CHECK_EQ(pthread_create(&others[1], NULL, mark_what_is_meant, &left), 0);
    CHECK_EQ(pthread_create(&others[2], NULL, scan, NULL), 0);
    for (int i = 0; i < OPENERS; i++) {
        CHECK_EQ(pthread_join(openers[i], NULL), 0);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(pthread_join(others[i], NULL), 0);
    }
    CHECK_GE(atomic_load(&marked), 1);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
