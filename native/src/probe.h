#ifndef KA_PROBE_H
#define KA_PROBE_H

#include "watch.h"

/* Chooses the link's place in the interval and sets the first deadline. */
void ka_probe_start(struct ka_watch *watch);

/*
 * Judges the outstanding probe, sends the next one when it is due, and sets the next deadline. Returns 1 with
 * the event filled, 0 if there is nothing to report, or -errno.
 */
int ka_probe_check(struct ka_watch *watch, struct ka_event *event);

#endif
