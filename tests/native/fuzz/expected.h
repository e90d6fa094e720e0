/* The result that the shim has to return for what the scripted kernel returned. It is written a second time,
 * from keepalive4j.h. */
#ifndef EXPECTED_H
#define EXPECTED_H

#include "scripted_kernel.h"

#define FD 7

enum ka_cause documented_cause(int error);

/* Checks that the event holds the kernel's last TCP_INFO unchanged, and the values derived from it. */
void check_evidence(const struct ka_event *event);

/* Checks that ka_watch_ready returned what the last recv(2) of a link without probes means. */
void check_ready(int role, int result, const struct ka_event *event);

#endif
