#ifndef KA_GTSM_H
#define KA_GTSM_H

#include <stdint.h>

/* Makes a socket accept segments from its own network only (on: 1), or from everywhere (0). Returns 0 or
 * -errno. */
int ka_set_single_hop(int fd, int on);

/* Sets *value to 1 if a socket accepts its own network's segments only, else to 0. Returns 0 or -errno. */
int ka_read_single_hop(int fd, int64_t *value);

#endif
