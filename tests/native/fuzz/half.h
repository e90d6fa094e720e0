/* One half of a link on the simulated connection: the shim's watch, and what the protocol asks of it. */
#ifndef HALF_H
#define HALF_H

#include "simulated_link.h"

#include "watch.h"

struct half {
    int fd;
    struct ka_watch watch;
    int64_t started_ns;
    int over;              /* its last event was final */
    struct ka_event event; /* the last one */
    int healthy;           /* a source's process: answers what it is asked */

    /* What was heard and said. */
    int64_t owed; /* answers */
    int host_probed;
    int suspected;
    int64_t probes;           /* that were sent */
    int64_t silent_probes;    /* 'P's since the last query or answer */
    int64_t slow_until_ns;    /* no probe before: the peer seemed not to read */
    int64_t probes_before;    /* this step */
    int64_t satisfied_probes; /* what `probes` was at the last answer heard */
    int64_t forgivable_ns;    /* by which checks came late since the last probe */
    size_t sent_now;          /* bytes tried to send in this step */
};

/* Puts an end of sim under watch. */
void half_start(struct half *half, int fd, const struct ka_watch_config *config);

/* What sim.on_send has to do for this half. */
void half_check_send(struct half *half, uint8_t byte, int sent);

/* The readiness of the descriptor, if it is ready, and the watch's own deadline, if it has come: each as
 * ka_monitor_wait acts on it, with the outcome checked. */
void half_ready(struct half *half);
void half_due(struct half *half);

#endif
