#include "gtsm.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The highest TTL. Every router lowers it by one, so a segment that arrives with it passed no router
 * (RFC 5082). */
#define MOST_HOPS 255

/* Restores the system's default: ip(7), ipv6(7). */
#define DEFAULT_HOPS (-1)

struct hop_option {
    int level;
    int name;
    int off;
};

/* An IPv6 socket has the IPv4 options, too, for its IPv4 peers. */
static const struct hop_option OPTIONS[] = {{IPPROTO_IP, IP_TTL, DEFAULT_HOPS},
                                            {IPPROTO_IP, IP_MINTTL, 0},
                                            {IPPROTO_IPV6, IPV6_UNICAST_HOPS, DEFAULT_HOPS},
                                            {IPPROTO_IPV6, IPV6_MINHOPCOUNT, 0}};

/* Returns how many of the options the socket has, or -errno. */
static int count_options(int fd) {
    int domain = 0;
    socklen_t length = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0) {
        return -errno;
    }
    return domain == AF_INET6 ? 4 : 2;
}

int ka_set_single_hop(int fd, int on) {
    int count = count_options(fd);
    for (int i = 0; i < count; i++) {
        int hops = on ? MOST_HOPS : OPTIONS[i].off;
        if (setsockopt(fd, OPTIONS[i].level, OPTIONS[i].name, &hops, sizeof hops) < 0) {
            return -errno;
        }
    }
    return count < 0 ? count : 0;
}

int ka_read_single_hop(int fd, int64_t *value) {
    int count = count_options(fd);
    int all = 1;
    for (int i = 0; i < count; i++) {
        int hops = 0;
        socklen_t length = sizeof hops;
        if (getsockopt(fd, OPTIONS[i].level, OPTIONS[i].name, &hops, &length) < 0) {
            return -errno;
        }
        all = all && hops == MOST_HOPS;
    }
    *value = all;
    return count < 0 ? count : 0;
}
