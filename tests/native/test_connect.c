#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

#define QUEUE_ENDS_MAX 8

/* A listener whose queue is full. The kernel drops the next SYN, so connecting times out. */
struct full_queue {
    struct ka_address address;
    int listener;
    int ends[QUEUE_ENDS_MAX];
    int count;
};

static int open_plain(int family) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(family, &config, &failed);
    CHECK_GE(fd, 0);
    return fd;
}

static void fill_queue(struct full_queue *queue) {
    struct ka_address any_port = loopback_address(4, 0);
    int result = 0;
    queue->listener = listen_at(&any_port, 1, 0);
    CHECK_EQ(ka_local_address(queue->listener, &queue->address), 0);
    for (queue->count = 0; result == 0; queue->count++) {
        CHECK_LE(queue->count + 1, QUEUE_ENDS_MAX);
        queue->ends[queue->count] = open_plain(4);
        result = ka_connect(queue->ends[queue->count], &queue->address, 200);
    }
    CHECK_EQ(result, -ETIME);
}

static void close_queue(struct full_queue *queue) {
    for (int i = 0; i < queue->count; i++) {
        CHECK_EQ(ka_close(queue->ends[i]), 0);
    }
    CHECK_EQ(ka_close(queue->listener), 0);
}

static void check_success(int family) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address local;
    struct ka_address seen;
    struct pair pair;
    open_pair(&pair, family, &config);
    CHECK_EQ(ka_local_address(pair.link, &local), 0);
    CHECK_EQ(local.family, family);
    CHECK_EQ(ka_local_address(pair.peer, &seen), 0);
    CHECK_EQ(seen.port, pair.address.port);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    close_pair(&pair);
}

static void check_refused(int family) {
    struct ka_address address;
    int listener = listen_on_loopback(family, &address);
    int fd = open_plain(family);
    CHECK_EQ(ka_close(listener), 0);
    CHECK_EQ(ka_connect(fd, &address, PATIENCE_MS), -ECONNREFUSED);
    CHECK_EQ(ka_close(fd), 0);
}

static void check_timeout(void) {
    struct full_queue queue;
    fill_queue(&queue);
    int fd = open_plain(4);
    int64_t started_ns = now_ns();
    CHECK_EQ(ka_connect(fd, &queue.address, 150), -ETIME);
    CHECK_GE(now_ns() - started_ns, 150 * 1000000LL);
    CHECK_EQ(ka_close(fd), 0);
    close_queue(&queue);
}

static void await_syn_sent(int fd) {
    struct tcp_info info = {0};
    int64_t deadline_ns = now_ns() + PATIENCE_MS * 1000000LL;
    while (info.tcpi_state != TCP_SYN_SENT) {
        CHECK_LE(now_ns(), deadline_ns);
        sched_yield();
        CHECK_GE(ka_tcp_info(fd, (uint8_t *)&info, sizeof info), 1);
    }
}

static void *shut_down_while_connecting(void *fd) {
    await_syn_sent(*(int *)fd);
    CHECK_EQ(ka_shutdown(*(int *)fd), 0);
    return NULL;
}

static void check_shutdown_ends_the_wait(void) {
    struct full_queue queue;
    pthread_t thread;
    fill_queue(&queue);
    int fd = open_plain(4);
    CHECK_EQ(pthread_create(&thread, NULL, shut_down_while_connecting, &fd), 0);
    CHECK_EQ(ka_connect(fd, &queue.address, INT32_MAX), -ECONNRESET);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(ka_close(fd), 0);
    close_queue(&queue);
}

static void check_arguments(void) {
    struct ka_config config = unset_config();
    struct ka_address nobody = {.family = 0};
    struct ka_address address = loopback_address(4, 1);
    struct ka_address address6 = loopback_address(6, 1);
    int32_t failed = -1;
    CHECK_EQ(ka_open(5, &config, &failed), -EAFNOSUPPORT);
    CHECK_EQ(failed, KA_STEP_SOCKET);
    int fd = open_plain(4);
    CHECK_EQ(ka_connect(fd, &nobody, 1), -EAFNOSUPPORT);
    CHECK_EQ(ka_connect(fd, &address6, 1), -EAFNOSUPPORT);
    CHECK_EQ(ka_connect(fd, &address, 0), -EINVAL);
    CHECK_EQ(ka_connect(fd, &address, -1), -EINVAL);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_connect(fd, &address, 1), -EBADF);
}

int main(void) {
    int descriptors = count_descriptors();
    check_success(4);
    check_success(6);
    check_refused(4);
    check_refused(6);
    check_timeout();
    check_shutdown_ends_the_wait();
    check_arguments();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
