#include "scripted_kernel.h"

#include "clock.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* enum tcp_state counts from 1. */
#define TCP_STATES 13

struct scripted_kernel kernel;

void start_kernel(struct input *input) {
    memset(&kernel, 0, sizeof kernel);
    kernel.input = input;
    kernel.now_ns = take_u32(input) * KA_NS_PER_S;
}

static int refuse(int *record) {
    *record = take_errno(kernel.input);
    errno = *record;
    return -1;
}

static int is_refusal(void) {
    return take_u8(kernel.input) % 8 == 7;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time) {
    INVARIANT(clock == CLOCK_MONOTONIC);
    kernel.now_ns += take_u8(kernel.input) * INT64_C(1000);
    time->tv_sec = kernel.now_ns / KA_NS_PER_S;
    time->tv_nsec = kernel.now_ns % KA_NS_PER_S;
    return 0;
}

static ssize_t receive_bytes(uint8_t *bytes, size_t size) {
    size_t count = 1 + take_u8(kernel.input) % 16;
    if (count == 16) {
        count = size; /* fills the whole buffer */
    }
    for (size_t i = 0; i < count; i++) {
        bytes[i] = take_u8(kernel.input);
    }
    memcpy(kernel.bytes, bytes, count);
    return (ssize_t)count;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags) {
    (void)fd;
    INVARIANT(flags == MSG_DONTWAIT && size <= sizeof kernel.bytes);
    kernel.calls++;
    kernel.receives++;
    kernel.takes = 0;
    switch (take_u8(kernel.input) % 4) { /* after the end of the input a FIN comes, so that every wait ends */
    case 0:
        kernel.received = 0;
        break;
    case 1:
        kernel.received = refuse(&kernel.receive_error);
        break;
    default:
        kernel.received = receive_bytes(bytes, size);
    }
    return kernel.received;
}

static int take_socket_error(int *value) {
    kernel.takes++;
    kernel.take_error = 0;
    if (is_refusal()) {
        return refuse(&kernel.take_error);
    }
    kernel.taken = take_u8(kernel.input) % 134;
    *value = kernel.taken;
    return 0;
}

static int fill_info(uint8_t *info, socklen_t *length) {
    kernel.info_error = 0;
    if (is_refusal()) {
        return refuse(&kernel.info_error);
    }
    socklen_t count = take_u16(kernel.input);
    *length = count < *length ? count : *length;
    memset(kernel.info, 0, sizeof kernel.info);
    for (socklen_t i = 0; i < *length; i++) {
        kernel.info[i] = take_u8(kernel.input);
    }
    kernel.info[0] %= TCP_STATES;
    memcpy(info, kernel.info, *length);
    kernel.info_length = (int)*length;
    return 0;
}

static int read_option(int *record, int least, int most, int *value) {
    if (is_refusal()) {
        return refuse(&kernel.take_error);
    }
    *record = least + (int)(take_u16(kernel.input) % (uint32_t)(most - least + 1));
    *value = *record;
    return 0;
}

static int read_timing(int name, int *value) {
    switch (name) {
    case TCP_KEEPIDLE:
        return read_option(&kernel.keepidle_s, 1, 32767, value);
    case TCP_KEEPINTVL:
        return read_option(&kernel.keepintvl_s, 1, 32767, value);
    case TCP_KEEPCNT:
        return read_option(&kernel.keepcnt, 1, 127, value);
    default:
        INVARIANT(name == TCP_USER_TIMEOUT);
        return read_option(&kernel.user_timeout_ms, 0, 60000, value);
    }
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    (void)fd;
    kernel.calls++;
    if (level == SOL_SOCKET && name == SO_KEEPALIVE) {
        *(int *)value = kernel.keepalive;
        return 0;
    }
    if (level == SOL_SOCKET) {
        INVARIANT(name == SO_ERROR && *length == sizeof(int));
        return take_socket_error(value);
    }
    INVARIANT(level == IPPROTO_TCP);
    if (name == TCP_INFO) {
        return fill_info(value, length);
    }
    return read_timing(name, value);
}

/* The shim sets TCP_QUICKACK only, and ignores its errors. */
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    (void)fd, (void)value, (void)length;
    INVARIANT(level == IPPROTO_TCP && name == TCP_QUICKACK);
    int ignored;
    kernel.calls++;
    return is_refusal() ? refuse(&ignored) : 0;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags) {
    (void)fd;
    INVARIANT(size == 1 && strchr("APQ", *(const char *)bytes) != NULL);
    INVARIANT(flags == (MSG_DONTWAIT | MSG_NOSIGNAL));
    kernel.calls++;
    kernel.send_error = 0;
    return is_refusal() ? refuse(&kernel.send_error) : 1;
}

/* After the end of the input the descriptor is ready, so that every wait ends. */
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    INVARIANT(count == 3 && entries[1].fd == -1 && entries[2].fd == -1 && mask == NULL);
    INVARIANT(timeout == NULL || (timeout->tv_sec >= 0 && timeout->tv_nsec >= 0));
    kernel.calls++;
    kernel.poll_error = 0;
    kernel.is_open = 0;
    uint8_t choice = take_u8(kernel.input) % 4;
    if (choice == 1 && timeout != NULL) {
        kernel.now_ns += timeout->tv_sec * KA_NS_PER_S + timeout->tv_nsec;
        return 0;
    }
    if (choice == 2) {
        return refuse(&kernel.poll_error);
    }
    entries->revents = (short)(1 + take_u16(kernel.input) % 0x3fff);
    kernel.is_open = (entries->revents & (POLLHUP | POLLERR)) == 0;
    return 1;
}
