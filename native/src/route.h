#ifndef KA_ROUTE_H
#define KA_ROUTE_H

#include "keepalive4j.h"

/* What decides a link's route: rules and next hops may differ by the ports, too. */
struct ka_route_key {
    struct ka_address local; /* family 0 for any */
    struct ka_address peer;
    int64_t mark;
    int bound; /* the interface that the socket is bound to, or 0 */
};

/* Asks the kernel by a socket of ka_rtnetlink_open. Returns 0 with *answer the interface's index, or -errno
 * if there is no route. Returns -errno if the kernel can't be asked. */
int ka_route_ask(int netlink_fd, const struct ka_route_key *key, int *answer);

#endif
