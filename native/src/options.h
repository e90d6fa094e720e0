#ifndef KA_OPTIONS_H
#define KA_OPTIONS_H

#include "keepalive4j.h"

/* Sets the options in their order, then the device. Returns 0, or -errno with *failed as ka_open sets it. */
int ka_apply(int fd, const struct ka_config *config, int32_t *failed);

/* Reads one option back. Returns 0 or -errno. */
int ka_read_option(int fd, enum ka_option option, int64_t *value);

/*
 * Shortens the timers of delayed acknowledgements and retransmissions (TCP_DELACK_MAX_US, TCP_RTO_MIN_US).
 * Accepted connections inherit it, and keep to it while their process is stopped. Errors are ignored: kernels
 * before 6.15 have no such options, and fast detection takes longer on them.
 */
void ka_shorten_ack_timers(int listener);

#endif
