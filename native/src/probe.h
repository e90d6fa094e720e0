#ifndef KA_PROBE_H
#define KA_PROBE_H

#include "watch.h"

/* Gives the link its place in the interval and sets the first deadline. */
void ka_probe_start(struct ka_watch *watch);

/*
 * Judges the probe that is outstanding, sends the next when it is due, and sets the next deadline. Returns 1
 * with the event filled, 0 for nothing, or -errno.
 */
int ka_probe_check(struct ka_watch *watch, struct ka_event *event);

#endif
