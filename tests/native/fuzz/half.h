/* One side of a link on the simulated connection: the shim's watch, and checks that it keeps to the protocol.
 */
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
    int healthy;           /* a source's process answers queries */

    /* What was received and sent. */
    int64_t owed; /* answers that may still come */
    int host_probed;
    int promised; /* a promise was sent */
    int suspected;
    int64_t probes;           /* how many were sent */
    int64_t silent_probes;    /* probes other than queries, since the last query or answer */
    int64_t slow_until_ns;    /* no probe before this time, because the peer seemed not to read */
    int64_t probes_before;    /* the value of `probes` before this step */
    int64_t satisfied_probes; /* the value of `probes` at the last answer */
    int64_t forgivable_ns;    /* how late checks came since the last probe */
    size_t sent_now;          /* bytes that this step tried to send */
};

/* Watches one end of sim. */
void half_start(struct half *half, int fd, const struct ka_watch_config *config);

/* Checks a byte that this half tried to send. sim.on_send calls it. */
void half_check_send(struct half *half, uint8_t byte, int sent);

/* Act as ka_monitor_wait does, and check the outcome: half_ready if the descriptor is ready, half_due if the
 * deadline has come. */
void half_ready(struct half *half);
void half_due(struct half *half);

#endif
