#ifndef KA_OPTIONS_H
#define KA_OPTIONS_H

#include "keepalive4j.h"

/* Sets the options in their order, then the device. Returns 0 or -errno with *failed naming the culprit. */
int ka_apply(int fd, const struct ka_config *config, int32_t *failed);

/* Reads one option back. Returns 0 or -errno. */
int ka_read_option(int fd, enum ka_option option, int64_t *value);

/*
 * Lets the connections that a listener accepts acknowledge and retransmit promptly, also while their process
 * is stopped: they inherit it. Kernels before 6.15 can't, and need not.
 */
void ka_shorten_ack_timers(int listener);

#endif
