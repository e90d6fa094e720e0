#include "interface.h"

#include "address.h"
#include "options.h"
#include "route.h"
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

static int read_key(int fd, struct ka_route_key *key) {
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

/* A device that is bound may stand for others, as that of a VRF does, so the route is asked for there, too.
 */
static int route_interface(int fd) {
    struct ka_route_key key;
    int result = read_key(fd, &key);
    if (result < 0) {
        return result;
    }
    int netlink_fd = ka_rtnetlink_open(0, fd);
    if (netlink_fd < 0) {
        return netlink_fd;
    }
    int index = 0;
    result = ka_route_ask(netlink_fd, &key, &index);
    close(netlink_fd);
    return result < 0 ? result : index;
}

int ka_interface(int fd) {
    int index = route_interface(fd);
    int flags = index < 0 ? index : read_flags(fd, index);
    return flags < 0 ? flags : (flags & IFF_LOOPBACK) != 0 ? -EOPNOTSUPP : index;
}
