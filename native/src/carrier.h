#ifndef KA_CARRIER_H
#define KA_CARRIER_H

#include "watch.h"

/* What the kernel tells of an interface. */
struct ka_carrier {
    int32_t interface; /* its index */
    uint8_t is_up;     /* it exists, is up and has a carrier */
    uint8_t counted;   /* `losses` is filled: since Linux 4.16 */
    uint32_t losses;   /* how often the carrier was lost, also if nobody heard of it */
};

typedef void ka_carrier_listener(void *context, const struct ka_carrier *carrier);

/* Opens a socket that hears of the interfaces of the calling thread's network namespace. Returns it or
 * -errno; -EREMOTE if the link is in another namespace. */
int ka_carrier_open(int link_fd);

/* More interfaces would make the filter too slow. */
#define KA_CARRIER_MOST 64

/* Has the kernel tell of these interfaces alone, or of all if there are more than KA_CARRIER_MOST. Else the
 * queue is full when many others come or go at once. Returns 0 or -errno. */
int ka_carrier_filter(int fd, const int32_t *interfaces, int count);

/* Lets the kernel tell how an interface is. It waits until nobody configures interfaces. Returns 0 or
 * -errno. */
int ka_carrier_ask(int fd, int32_t interface);

/* Tells the listener all that the kernel has told. Returns 0, or -errno if it couldn't tell all: -ENOBUFS if
 * there was too much. Then ask again. */
int ka_carrier_read(int fd, ka_carrier_listener *listener, void *context);

/* Judges a link by its interface. A loss makes it due at once. */
void ka_carrier_judge(struct ka_watch *watch, const struct ka_carrier *carrier);

#endif
