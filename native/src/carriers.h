#ifndef KA_CARRIERS_H
#define KA_CARRIERS_H

#include "set.h"

/* The carriers that a set's links depend on: one socket tells of all. The caller holds the set's lock. */

/* The key of that socket in the set's epoll descriptor. */
#define KA_CARRIERS_KEY (UINT64_MAX - 1)

/* Lets the set hear of an interface, before a link that depends on it is added. Returns 0, -EREMOTE if the
 * link is in another network namespace than the calling thread or the set's other such links, or another
 * -errno. */
int ka_carriers_hear(struct ka_set *set, int link_fd, int32_t interface);

/* Makes the links due whose interface has lost its carrier. */
void ka_carriers_judge(struct ka_set *set);

#endif
