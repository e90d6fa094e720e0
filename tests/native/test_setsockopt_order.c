/* The original's four options (original_backup.c) are set first and in the original's order. All options are
 * set before connect. */
#include "loopback.h"

#include "check.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECTED (-2)

struct call {
    int level;
    int name;
    int value;
};

static struct call calls[16];
static int call_count;

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);

static void record(int level, int name, int value) {
    CHECK_LE(call_count + 1, 16);
    calls[call_count++] = (struct call){level, name, value};
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    int word = 0;
    memcpy(&word, value, length < sizeof word ? length : sizeof word);
    record(level, name, word);
    return __real_setsockopt(fd, level, name, value, length);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length) {
    record(CONNECTED, 0, 0);
    return __real_connect(fd, address, length);
}

static void check_calls(const struct call *expected, int count) {
    for (int i = 0; i < count; i++) {
        CHECK_EQ(calls[i].level, expected[i].level);
        CHECK_EQ(calls[i].name, expected[i].name);
        CHECK_EQ(calls[i].value, expected[i].value);
    }
    CHECK_EQ(call_count, count);
}

static void connect_recorded(const struct ka_config *config) {
    struct ka_address address;
    int listener = listen_on_loopback(4, &address);
    call_count = 0;
    int link = connect_to(&address, config);
    CHECK_EQ(ka_close(link), 0);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_original(void) {
    static const struct call expected[] = {{SOL_SOCKET, SO_KEEPALIVE, 1},
                                           {IPPROTO_TCP, TCP_KEEPCNT, 5},
                                           {IPPROTO_TCP, TCP_KEEPIDLE, 1},
                                           {IPPROTO_TCP, TCP_KEEPINTVL, 1},
                                           {CONNECTED, 0, 0}};
    struct ka_config config = keepalive_config(1, 1, 5);
    connect_recorded(&config);
    check_calls(expected, 5);
}

static void check_everything(void) {
    int lo;
    memcpy(&lo, "lo\0", 4);
    const struct call expected[] = {
        {SOL_SOCKET, SO_KEEPALIVE, 1},   {IPPROTO_TCP, TCP_KEEPCNT, 2},      {IPPROTO_TCP, TCP_KEEPIDLE, 3},
        {IPPROTO_TCP, TCP_KEEPINTVL, 4}, {IPPROTO_TCP, TCP_USER_TIMEOUT, 5}, {IPPROTO_TCP, TCP_SYNCNT, 6},
        {IPPROTO_TCP, TCP_NODELAY, 1},   {SOL_SOCKET, SO_BINDTODEVICE, lo},  {CONNECTED, 0, 0}};
    struct ka_config config = keepalive_config(3, 4, 2);
    config.option[KA_TCP_USER_TIMEOUT] = 5;
    config.option[KA_TCP_SYNCNT] = 6;
    config.option[KA_TCP_NODELAY] = 1;
    strcpy(config.device, "lo");
    connect_recorded(&config);
    check_calls(expected, 9);
}

int main(void) {
    check_original();
    check_everything();
    return 0;
}
