#ifndef KA_SUSPICION_H
#define KA_SUSPICION_H

#include "watch.h"

/* Reads the link's keepalive timing and sets the first deadline, if its silence can mean anything. Returns 0
 * or -errno. */
int ka_suspicion_start(struct ka_watch *watch);

/* The peer was silent for longer than the kernel's keepalive takes. */
#define KA_SILENT 2

/* Decides whether the link's silence makes it suspect or recovered. Returns 1 with the event filled, 0 if
 * there is nothing to report, KA_SILENT with the evidence filled, or -errno. */
int ka_suspicion_check(struct ka_watch *watch, struct ka_event *event);

#endif
