#include "rtnetlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Since Linux 5.14. The build machine's headers may be older. */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static int read_namespace(int fd, uint64_t *cookie) {
    socklen_t length = sizeof *cookie;
    if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &length) == 0) {
        return 0;
    }
    *cookie = 0;
    return errno == ENOPROTOOPT ? 0 : -errno;
}

int ka_rtnetlink_check_namespace(int fd, int peer_fd) {
    uint64_t mine;
    uint64_t theirs;
    int result = read_namespace(fd, &mine);
    if (result == 0) {
        result = read_namespace(peer_fd, &theirs);
    }
    return result < 0 ? result : mine == theirs ? 0 : -EREMOTE;
}

static int join(int fd, uint32_t groups) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

int ka_rtnetlink_open(uint32_t groups, int peer_fd) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) {
        return -errno;
    }
    int result = join(fd, groups);
    if (result == 0) {
        result = ka_rtnetlink_check_namespace(fd, peer_fd);
    }
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

void ka_rtnetlink_begin(struct ka_rtnetlink_request *request, uint16_t type, const void *content,
                        size_t size) {
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = NLM_F_REQUEST;
    memcpy(request->content, content, size);
}

void ka_rtnetlink_add(struct ka_rtnetlink_request *request, uint16_t type, const void *value, size_t size) {
    struct rtattr attribute = {.rta_len = (uint16_t)RTA_LENGTH(size), .rta_type = type};
    uint8_t *end = request->content + NLMSG_ALIGN(request->header.nlmsg_len) - NLMSG_HDRLEN;
    memcpy(end, &attribute, sizeof attribute);
    memcpy(end + RTA_LENGTH(0), value, size);
    request->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_LENGTH(size));
}

int ka_rtnetlink_send(int fd, const struct ka_rtnetlink_request *request) {
    return send(fd, request, request->header.nlmsg_len, MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Only the kernel's port is 0. */
int ka_rtnetlink_receive(int fd, uint8_t buffer[KA_RTNETLINK_SIZE]) {
    struct sockaddr_nl from = {0};
    socklen_t length = sizeof from;
    ssize_t size = recvfrom(fd, buffer, KA_RTNETLINK_SIZE, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    return size < 0 ? -errno : from.nl_pid == 0 ? (int)size : 0;
}

static size_t lesser(size_t one, size_t other) {
    return one < other ? one : other;
}

int ka_rtnetlink_next(const uint8_t **bytes, size_t *size, struct ka_rtnetlink_message *message) {
    struct nlmsghdr header;
    if (*size < sizeof header) {
        return 0;
    }
    memcpy(&header, *bytes, sizeof header);
    if (header.nlmsg_len < sizeof header) {
        return 0;
    }
    message->type = header.nlmsg_type;
    message->content = *bytes + sizeof header;
    message->size = lesser(header.nlmsg_len, *size) - sizeof header;
    size_t taken = lesser(NLMSG_ALIGN((size_t)header.nlmsg_len), *size);
    *bytes += taken;
    *size -= taken;
    return 1;
}

uint32_t ka_rtnetlink_attribute(const struct ka_rtnetlink_message *message, size_t skip, uint16_t type,
                                uint32_t otherwise) {
    struct rtattr attribute;
    uint32_t value = otherwise;
    size_t at = NLMSG_ALIGN(skip);
    while (at + sizeof attribute <= message->size) {
        memcpy(&attribute, message->content + at, sizeof attribute);
        if (attribute.rta_len < sizeof attribute) {
            break;
        }
        if (attribute.rta_type == type && attribute.rta_len == RTA_LENGTH(sizeof value) &&
            at + attribute.rta_len <= message->size) {
            memcpy(&value, message->content + at + sizeof attribute, sizeof value);
        }
        at += RTA_ALIGN((size_t)attribute.rta_len);
    }
    return value;
}
