#include "address.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int ka_is_family(int family) {
    return family == 4 || family == 6;
}

socklen_t ka_to_sockaddr(const struct ka_address *address, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (address->family == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)storage;
        in->sin_family = AF_INET;
        in->sin_port = htons(address->port);
        memcpy(&in->sin_addr, address->ip, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address->port);
    in6->sin6_scope_id = address->scope_id;
    memcpy(&in6->sin6_addr, address->ip, 16);
    return sizeof *in6;
}

void ka_from_sockaddr(const struct sockaddr_storage *storage, struct ka_address *address) {
    memset(address, 0, sizeof *address);
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)storage;
        address->family = 4;
        address->port = ntohs(in->sin_port);
        memcpy(address->ip, &in->sin_addr, 4);
    } else {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)storage;
        address->family = 6;
        address->port = ntohs(in6->sin6_port);
        address->scope_id = in6->sin6_scope_id;
        memcpy(address->ip, &in6->sin6_addr, 16);
    }
}

int ka_bind(int fd, const struct ka_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = ka_to_sockaddr(address, &storage);
    return bind(fd, (struct sockaddr *)&storage, length) < 0 ? -errno : 0;
}

int ka_local_address(int fd, struct ka_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) {
        return -errno;
    }
    ka_from_sockaddr(&storage, address);
    return 0;
}

int ka_peer_address(int fd, struct ka_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    if (getpeername(fd, (struct sockaddr *)&storage, &length) < 0) {
        return -errno;
    }
    if (storage.ss_family != AF_INET && storage.ss_family != AF_INET6) {
        return -EAFNOSUPPORT;
    }
    ka_from_sockaddr(&storage, address);
    return 0;
}
