#include "carrier.h"

#include "rtnetlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* Each reports what was lost before it, so a second one is rare. */
#define MOST_READ_ERRORS 8

int ka_carrier_open(int link_fd) {
    return ka_rtnetlink_open(RTMGRP_LINK, link_fd);
}

/* A load takes the bytes in network order. */
static int add_head(struct sock_filter *code) {
    const struct sock_filter head[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(NLMSG_ERROR), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NLMSG_HDRLEN + offsetof(struct ifinfomsg, ifi_index)),
    };
    memcpy(code, head, sizeof head);
    return sizeof head / sizeof head[0];
}

static int add_interface(struct sock_filter *code, int32_t interface) {
    code[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl((uint32_t)interface), 0, 1);
    code[1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
    return 2;
}

int ka_carrier_filter(int fd, const int32_t *interfaces, int count) {
    struct sock_filter code[2 * KA_CARRIER_MOST + 5];
    int length = add_head(code);
    for (int i = 0; i < count && count <= KA_CARRIER_MOST; i++) {
        length += add_interface(code + length, interfaces[i]);
    }
    uint32_t others = count <= KA_CARRIER_MOST ? 0 : UINT32_MAX;
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, others);
    struct sock_fprog filter = {.len = (unsigned short)length, .filter = code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ? -errno : 0;
}

int ka_carrier_ask(int fd, int32_t interface) {
    struct ka_rtnetlink_request request;
    struct ifinfomsg content = {.ifi_family = AF_UNSPEC, .ifi_index = interface};
    ka_rtnetlink_begin(&request, RTM_GETLINK, &content, sizeof content);
    return ka_rtnetlink_send(fd, &request);
}

/* A bridge reports its ports with messages of its own family. One that is deleted is no port any more. */
static int read_interface(const struct ka_rtnetlink_message *message, size_t skip, struct ifinfomsg *info) {
    if (message->size < skip + sizeof *info) {
        return 0;
    }
    memcpy(info, message->content + skip, sizeof *info);
    return info->ifi_family == AF_UNSPEC && info->ifi_index > 0;
}

/* The answer to a question about an interface that doesn't exist repeats the question. */
static int read_refusal(const struct ka_rtnetlink_message *message, struct ifinfomsg *info) {
    int32_t error = 0;
    if (message->size >= sizeof error) {
        memcpy(&error, message->content, sizeof error);
    }
    return error == -ENODEV && read_interface(message, sizeof(struct nlmsgerr), info);
}

/* Returns whether the message tells of an interface. An interface that is moved to another network namespace
 * is deleted in this one. */
static int parse(const struct ka_rtnetlink_message *message, struct ka_carrier *carrier) {
    struct ifinfomsg info;
    int is_state = message->type == RTM_NEWLINK;
    int known = message->type == NLMSG_ERROR               ? read_refusal(message, &info)
                : is_state || message->type == RTM_DELLINK ? read_interface(message, 0, &info)
                                                           : 0;
    if (!known) {
        return 0;
    }
    *carrier = (struct ka_carrier){.interface = info.ifi_index};
    if (is_state) {
        carrier->is_up = (info.ifi_flags & IFF_LOWER_UP) != 0;
        carrier->losses = ka_rtnetlink_attribute(message, sizeof info, IFLA_CARRIER_DOWN_COUNT, UINT32_MAX);
        carrier->counted = carrier->losses != UINT32_MAX;
    }
    return 1;
}

static void tell(const uint8_t *bytes, size_t size, ka_carrier_listener *listener, void *context) {
    struct ka_rtnetlink_message message;
    struct ka_carrier carrier;
    while (ka_rtnetlink_next(&bytes, &size, &message)) {
        if (parse(&message, &carrier)) {
            listener(context, &carrier);
        }
    }
}

int ka_carrier_read(int fd, ka_carrier_listener *listener, void *context) {
    uint8_t buffer[KA_RTNETLINK_SIZE];
    int error = 0;
    int errors = 0;
    while (errors < MOST_READ_ERRORS) {
        int length = ka_rtnetlink_receive(fd, buffer);
        if (length == -EAGAIN) {
            break;
        }
        if (length >= 0) {
            tell(buffer, (size_t)length, listener, context);
        } else if (length != -EINTR) {
            error = length;
            errors++;
        }
    }
    return error;
}

/* A loss that was over before anybody could hear of it is known by the kernel's count. */
static int is_lost(const struct ka_watch *watch, const struct ka_carrier *carrier) {
    return !carrier->is_up ||
           (watch->carrier_counted && carrier->counted && carrier->losses != watch->carrier_losses);
}

void ka_carrier_judge(struct ka_watch *watch, const struct ka_carrier *carrier) {
    if (watch->carrier_lost) {
        return;
    }
    if (is_lost(watch, carrier)) {
        watch->carrier_lost = 1;
        watch->deadline_ns = 0;
        return;
    }
    watch->carrier_counted = carrier->counted;
    watch->carrier_losses = carrier->losses;
}
