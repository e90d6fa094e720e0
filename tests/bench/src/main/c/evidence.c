#include "bench.h"

#include <errno.h>
#include <linux/tcp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define PORTS 65536
#define NS_PER_MS INT64_C(1000000)

/* The port has the same offset in both families. The JDK's sockets are IPv6 sockets even if they connect by
 * IPv4. */
static int port_of(int (*name)(int, struct sockaddr *, socklen_t *), int fd) {
    struct sockaddr_in6 address;
    socklen_t length = sizeof address;
    if (name(fd, (struct sockaddr *)&address, &length) < 0) {
        return -errno;
    }
    int is_ip = address.sin6_family == AF_INET || address.sin6_family == AF_INET6;
    return is_ip ? ntohs(address.sin6_port) : -EAFNOSUPPORT;
}

static int remote_port(int fd) {
    return port_of(getpeername, fd);
}

int kb_local_port(int fd) {
    return port_of(getsockname, fd);
}

/* The coarse clock returns the start of the current jiffy. The kernel notes the time in the same unit. */
static int64_t last_heard_ns(int fd) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    int64_t now_ns = kb_now_ns(CLOCK_MONOTONIC_COARSE);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0) {
        return 0;
    }
    uint32_t data_ms = info.tcpi_last_data_recv;
    uint32_t ack_ms = info.tcpi_last_ack_recv;
    return now_ns - (data_ms < ack_ms ? data_ms : ack_ms) * NS_PER_MS;
}

/* Fills by_port, which is indexed by local port, with the connections to a port. The other entries are -1. */
static int find_connections(int *by_port, int port) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        return -errno;
    }
    memset(by_port, 0xFF, PORTS * sizeof *by_port);
    for (int fd = 0; fd < (int)limit.rlim_cur; fd++) {
        if (remote_port(fd) == port) {
            by_port[kb_local_port(fd)] = fd;
        }
    }
    return 0;
}

int kb_last_heard(int port, const int32_t *local_ports, int64_t *last_heard, int count) {
    int *by_port = malloc(PORTS * sizeof *by_port);
    if (by_port == NULL) {
        return -ENOMEM;
    }
    int result = find_connections(by_port, port);
    for (int i = 0; result == 0 && i < count; i++) {
        int fd = by_port[local_ports[i]];
        last_heard[i] = fd < 0 ? 0 : last_heard_ns(fd);
    }
    free(by_port);
    return result;
}

/* malloc_info's report ends with the totals of all arenas. */
static int64_t last_size(const char *report, const char *element) {
    const char *found = NULL;
    for (const char *at = strstr(report, element); at != NULL; at = strstr(at + 1, element)) {
        found = at;
    }
    const char *size = found == NULL ? NULL : strstr(found, "size=\"");
    return size == NULL ? 0 : strtoll(size + strlen("size=\""), NULL, 10);
}

int64_t kb_malloc_used(void) {
    char *report = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&report, &length);
    if (stream == NULL) {
        return -errno;
    }
    int result = malloc_info(0, stream);
    fclose(stream);
    int64_t used =
        result < 0
            ? -ENOMEM
            : last_size(report, "<system type=\"current\"") - last_size(report, "<total type=\"fast\"") -
                  last_size(report, "<total type=\"rest\"") + last_size(report, "<total type=\"mmap\"");
    free(report);
    return used;
}
