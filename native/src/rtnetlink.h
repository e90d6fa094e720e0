#ifndef KA_RTNETLINK_H
#define KA_RTNETLINK_H

#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's own notices are smaller. */
#define KA_RTNETLINK_SIZE 16384

/* A request to the kernel, with attributes. */
struct ka_rtnetlink_request {
    struct nlmsghdr header;
    uint8_t content[124];
};

/* Opens a socket that hears of the groups (RTMGRP_...), in the calling thread's network namespace. Returns it
 * or -errno; -EREMOTE if `peer_fd` is a socket in another namespace. */
int ka_rtnetlink_open(uint32_t groups, int peer_fd);

/* Returns 0, or -EREMOTE if the sockets are in different network namespaces, or another -errno. Before Linux
 * 5.14 the kernel doesn't tell. */
int ka_rtnetlink_check_namespace(int fd, int peer_fd);

/* Begins a request with a header of its own. */
void ka_rtnetlink_begin(struct ka_rtnetlink_request *request, uint16_t type, const void *content,
                        size_t size);

void ka_rtnetlink_add(struct ka_rtnetlink_request *request, uint16_t type, const void *value, size_t size);

/* Sends a request. The kernel has answered once this returns. Returns 0 or -errno. */
int ka_rtnetlink_send(int fd, const struct ka_rtnetlink_request *request);

/* Reads what the kernel says next. Returns how many bytes there are in `buffer`, 0 for what somebody else
 * says, or -errno. */
int ka_rtnetlink_receive(int fd, uint8_t buffer[KA_RTNETLINK_SIZE]);

/* A message, cut to what there is of it. */
struct ka_rtnetlink_message {
    uint16_t type;
    const uint8_t *content;
    size_t size;
};

/* Takes the first message off. Returns whether there was one. */
int ka_rtnetlink_next(const uint8_t **bytes, size_t *size, struct ka_rtnetlink_message *message);

/* Returns the value of a 32-bit attribute that follows `skip` bytes of the message, or `otherwise`. */
uint32_t ka_rtnetlink_attribute(const struct ka_rtnetlink_message *message, size_t skip, uint16_t type,
                                uint32_t otherwise);

#endif
