/* What the shim has to make of what the kernel was told to say: written down a second time, from the tables
 * of keepalive4j.h. */
#ifndef EXPECTED_H
#define EXPECTED_H

#include "scripted_kernel.h"

#define FD 7

enum ka_cause documented_cause(int error);

/* The event holds the kernel's last TCP_INFO unchanged, and what can be read out of it. */
void check_evidence(const struct ka_event *event);

/* What ka_watch_ready returned is what the last recv(2) of a link without probes stands for. */
void check_ready(int role, int result, const struct ka_event *event);

#endif
