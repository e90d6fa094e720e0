#ifndef KA_SUSPICION_H
#define KA_SUSPICION_H

#include "watch.h"

/* Reads the keepalive timing that suspicion reckons with and sets the first deadline. Returns 0 or -errno. */
int ka_suspicion_start(struct ka_watch *watch);

/* Compares the link's silence with what was asked for. Returns 1 with the event filled, 0 for nothing, or
 * -errno. */
int ka_suspicion_check(struct ka_watch *watch, struct ka_event *event);

#endif
