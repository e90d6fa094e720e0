#include "interface.h"

#include "address.h"
#include "options.h"
#include "rtnetlink.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* An interface may be renamed between two calls. */
#define NAME_ATTEMPTS 3

/* Returns the flags, which have 16 bits here, or -errno. */
static int read_flags(int fd, int32_t index) {
    for (int i = 0; i < NAME_ATTEMPTS; i++) {
        struct ifreq request = {.ifr_ifindex = index};
        if (ioctl(fd, SIOCGIFNAME, &request) < 0) {
            return -errno;
        }
        if (ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
            return (uint16_t)request.ifr_flags;
        }
        if (errno != ENODEV) {
            return -errno;
        }
    }
    return -ENODEV;
}

int ka_interface_check(int fd, int32_t index) {
    int flags = read_flags(fd, index);
    return flags < 0 ? flags : (flags & IFF_RUNNING) != 0 ? 0 : -ENETDOWN;
}

int ka_check_carrier(int32_t interface) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    int result = ka_interface_check(fd, interface);
    close(fd);
    return result;
}

/* Returns the index of the interface that the socket is bound to, 0 if it is bound to none, or -errno. */
static int bound_interface(int fd) {
    struct ifreq request = {0};
    socklen_t length = IFNAMSIZ;
    if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, request.ifr_name, &length) < 0) {
        return -errno;
    }
    if (length == 0 || request.ifr_name[0] == 0) {
        return 0;
    }
    return ioctl(fd, SIOCGIFINDEX, &request) < 0 ? -errno : request.ifr_ifindex;
}

static int peer_address(int fd, struct ka_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    if (getpeername(fd, (struct sockaddr *)&storage, &length) < 0) {
        return -errno;
    }
    ka_from_sockaddr(&storage, address);
    return 0;
}

/* What decides a link's route: rules and next hops may differ by the ports, too. */
struct route_key {
    struct ka_address local;
    struct ka_address peer;
    int64_t mark;
    int bound;
};

static int read_key(int fd, struct route_key *key) {
    int result = peer_address(fd, &key->peer);
    if (result == 0) {
        result = ka_local_address(fd, &key->local);
    }
    if (result == 0) {
        result = ka_read_option(fd, KA_SO_MARK, &key->mark);
    }
    key->bound = result == 0 ? bound_interface(fd) : result;
    return key->bound < 0 ? key->bound : 0;
}

static int ask(int netlink_fd, const struct route_key *key) {
    struct ka_rtnetlink_request request;
    uint8_t bytes = key->peer.family == 4 ? 4 : 16;
    struct rtmsg route = {.rtm_family = key->peer.family == 4 ? AF_INET : AF_INET6,
                          .rtm_dst_len = (uint8_t)(8 * bytes),
                          .rtm_src_len = (uint8_t)(8 * bytes)};
    uint32_t mark = (uint32_t)key->mark;
    uint8_t protocol = IPPROTO_TCP;
    uint16_t local_port = htons(key->local.port);
    uint16_t peer_port = htons(key->peer.port);
    ka_rtnetlink_begin(&request, RTM_GETROUTE, &route, sizeof route);
    ka_rtnetlink_add(&request, RTA_DST, key->peer.ip, bytes);
    ka_rtnetlink_add(&request, RTA_SRC, key->local.ip, bytes);
    ka_rtnetlink_add(&request, RTA_IP_PROTO, &protocol, sizeof protocol);
    ka_rtnetlink_add(&request, RTA_SPORT, &local_port, sizeof local_port);
    ka_rtnetlink_add(&request, RTA_DPORT, &peer_port, sizeof peer_port);
    if (key->bound > 0) {
        ka_rtnetlink_add(&request, RTA_OIF, &key->bound, sizeof key->bound);
    }
    if (mark != 0) {
        ka_rtnetlink_add(&request, RTA_MARK, &mark, sizeof mark);
    }
    return ka_rtnetlink_send(netlink_fd, &request);
}

/* Returns the index or -errno. */
static int read_answer(int netlink_fd) {
    uint8_t buffer[KA_RTNETLINK_SIZE];
    struct ka_rtnetlink_message message;
    const uint8_t *bytes = buffer;
    int length = ka_rtnetlink_receive(netlink_fd, buffer);
    size_t size = length < 0 ? 0 : (size_t)length;
    while (ka_rtnetlink_next(&bytes, &size, &message)) {
        if (message.type == RTM_NEWROUTE) {
            uint32_t index = ka_rtnetlink_attribute(&message, sizeof(struct rtmsg), RTA_OIF, 0);
            return index == 0 ? -ENODEV : (int)index;
        }
        if (message.type == NLMSG_ERROR && message.size >= sizeof(int32_t)) {
            int32_t error;
            memcpy(&error, message.content, sizeof error);
            return error < 0 ? error : -ENODEV;
        }
    }
    return length < 0 ? length : -ENODEV;
}

/* A device that is bound may stand for others, as that of a VRF does, so the route is asked for there, too.
 */
static int route_interface(int fd) {
    struct route_key key;
    int result = read_key(fd, &key);
    if (result < 0) {
        return result;
    }
    int netlink_fd = ka_rtnetlink_open(0, fd);
    if (netlink_fd < 0) {
        return netlink_fd;
    }
    result = ask(netlink_fd, &key);
    if (result == 0) {
        result = read_answer(netlink_fd);
    }
    close(netlink_fd);
    return result;
}

int ka_interface(int fd) {
    int index = route_interface(fd);
    int flags = index < 0 ? index : read_flags(fd, index);
    return flags < 0 ? flags : (flags & IFF_LOOPBACK) != 0 ? -EOPNOTSUPP : index;
}
