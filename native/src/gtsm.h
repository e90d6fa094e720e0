#ifndef KA_GTSM_H
#define KA_GTSM_H

#include <stdint.h>

/* Has a socket hear only what comes from its own network, or (on: 0) everything again. Returns 0 or -errno.
 */
int ka_set_single_hop(int fd, int on);

/* Tells whether a socket does: 1 or 0 in *value. Returns 0 or -errno. */
int ka_read_single_hop(int fd, int64_t *value);

#endif
