#ifndef KA_EVIDENCE_H
#define KA_EVIDENCE_H

#include "keepalive4j.h"

#include <linux/tcp.h>

/* Reads TCP_INFO into the event, and fills in verdict_ns, last_heard_ns and probes. Returns 0 or -errno. */
int ka_take_evidence(int fd, struct ka_event *event);

/* Returns the event's TCP_INFO. Fields that the running kernel doesn't have are 0. */
struct tcp_info ka_evidence_of(const struct ka_event *event);

#endif
