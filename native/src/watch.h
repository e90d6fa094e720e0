#ifndef KA_WATCH_H
#define KA_WATCH_H

#include "keepalive4j.h"

#include <stddef.h>

#define KA_NEVER INT64_MAX

/* One descriptor under watch. */
struct ka_watch {
    uint64_t token;
    int64_t deadline_ns; /* when ka_watch_due wants to be called next, or KA_NEVER */
    union {
        size_t heap_index;           /* the place in struct ka_deadline_heap */
        struct ka_watch *next_spent; /* once it is no longer watched */
    };
    int fd;
    uint32_t generation;    /* tells this watch from an earlier one of the same descriptor */
    uint16_t keepidle_s;    /* filled only where suspicion is on */
    uint16_t keepintvl_s;   /* likewise */
    uint8_t role;           /* enum ka_role */
    uint8_t liveness;       /* enum ka_liveness */
    uint8_t listener;       /* a listening socket: no link */
    uint8_t suspect_after;  /* unanswered probes, or 0 */
    uint8_t defer_evidence; /* of a connection that the kernel has ended, to ka_evidence */
    uint8_t suspected;
    uint8_t flooding;      /* a backup's last read was full: it sends more than any probe takes */
    uint8_t throttled;     /* for that it isn't read until deadline_ns */
    uint8_t host_probed;   /* by a peer that asks for the host, whatever its process's health */
    uint8_t outstanding;   /* a probe is: answer_owed, resent and the three times from sent_ns are its own */
    uint8_t answer_owed;   /* it was a query, and no answer has come */
    uint8_t resent;        /* so late that it was given a round trip beyond its time */
    int32_t answers_owed;  /* queries of this and earlier observers whose answers may still come */
    uint32_t unread;       /* bytes sent since the last answer: none shows that the source has read them */
    int64_t sent_ns;       /* when it was sent */
    int64_t expires_ns;    /* when it ends the link */
    int64_t forgiven_ns;   /* what late checks have added to that */
    int64_t next_probe_ns; /* the next turn in this link's own rhythm */
    int64_t probe_interval_ns;
    int64_t probe_deadline_ns;
};

/* Prepares the watch of a link. Returns 0 or -errno. */
int ka_watch_init(struct ka_watch *watch, int fd, uint64_t token, const struct ka_watch_config *config);

/* Looks what a readable descriptor has to say. Returns 1 with the event filled, 0 for nothing, or -errno. */
int ka_watch_ready(struct ka_watch *watch, struct ka_event *event);

/* Does what the deadline was set for, and sets the next. Returns as ka_watch_ready. */
int ka_watch_due(struct ka_watch *watch, struct ka_event *event);

/* Starts to fill an event of this watch. */
void ka_begin_event(const struct ka_watch *watch, struct ka_event *event);

/* Fills the event of a link that ended for this cause; `error` is the pending error or 0. Returns 1 or
 * -errno. */
int ka_fail(const struct ka_watch *watch, struct ka_event *event, enum ka_cause cause, int error);

/* Tells the events after which a link is no longer watched. */
int ka_is_final(const struct ka_event *event);

#endif
