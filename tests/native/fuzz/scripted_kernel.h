/*
 * A kernel that returns what the input says, however unlikely, and remembers what it returned last. The
 * linker's
 * --wrap replaces the calls that the shim makes on a link.
 */
#ifndef SCRIPTED_KERNEL_H
#define SCRIPTED_KERNEL_H

#include "input.h"

#include "keepalive4j.h"

#include <sys/types.h>

struct scripted_kernel {
    struct input *input;
    int64_t now_ns;
    int calls; /* of everything but the clock */
    int receives;
    ssize_t received; /* by the last recv(2); then `bytes` or `receive_error` is set */
    uint8_t bytes[512];
    int receive_error;
    int takes; /* reads of SO_ERROR since the last recv(2) */
    int taken;
    int take_error;
    uint8_t info[KA_TCP_INFO_SIZE]; /* zeros after info_length */
    int info_length;
    int info_error; /* of the last TCP_INFO, or 0 */
    int poll_error; /* of the last ppoll(2), or 0 */
    int is_open;    /* the last ppoll(2) said that the connection exists */
    int send_error; /* of the last send(2), or 0 */
    int keepidle_s;
    int keepintvl_s;
    int keepcnt;
    int user_timeout_ms;
    int keepalive; /* SO_KEEPALIVE: 0 unless the fuzz target sets it */
};

/* The state that the wrapped calls read and write. */
extern struct scripted_kernel kernel;

/* Starts a kernel that has returned nothing yet. */
void start_kernel(struct input *input);

#endif
