#ifndef KA_WATCH_H
#define KA_WATCH_H

#include "keepalive4j.h"

#include <stddef.h>

#define KA_NEVER INT64_MAX

/* The deadline of a link that has none, but may become due: so there is room for it. */
#define KA_NOT_YET (INT64_MAX - 1)

/* One watched descriptor: a link or a listener. */
struct ka_watch {
    uint64_t token;
    int64_t deadline_ns; /* when ka_watch_due has to be called next, or KA_NEVER */
    union {
        size_t heap_index;           /* index in struct ka_deadline_heap */
        struct ka_watch *next_spent; /* in the monitor's list of watches to free */
    };
    int fd;
    uint32_t generation;    /* differs from that of earlier watches of the same descriptor */
    uint16_t keepidle_s;    /* filled only if suspect_after > 0 or silence_limit_ns isn't KA_NEVER */
    uint16_t keepintvl_s;   /* likewise */
    uint8_t role;           /* enum ka_role */
    uint8_t liveness;       /* enum ka_liveness */
    uint8_t listener;       /* a listening socket, not a link */
    uint8_t suspect_after;  /* unanswered probes that make the link suspect; 0 means never */
    uint8_t defer_evidence; /* 1: ka_evidence reads the evidence of an ended link */
    uint8_t suspected;
    uint8_t late_checks;  /* of a silent link, since the peer was heard: this process was paused */
    uint8_t flooding;     /* the last read of a source filled the buffer: the backup sends more than probes */
    uint8_t throttled;    /* so it isn't read until deadline_ns */
    uint8_t host_probed;  /* the peer sent a probe: the shim itself answers its queries */
    uint8_t outstanding;  /* a probe is unacknowledged or unanswered; these fields describe it: answer_owed,
                             resent, sent_ns, expires_ns, forgiven_ns */
    uint8_t answer_owed;  /* the probe was a query, and no answer has come */
    uint8_t resent;       /* the kernel resent the probe so late that it got one jiffy more */
    int32_t answers_owed; /* answers that may still come, to queries of this and earlier observers */
    uint32_t unread;      /* bytes sent since the last answer; the source may not have read them */
    int64_t sent_ns;      /* when the probe was sent */
    int64_t expires_ns;   /* when the probe ends the link */
    int64_t forgiven_ns;  /* how much late checks have added to expires_ns */
    int64_t next_probe_ns;    /* when the next probe is due */
    int64_t silence_limit_ns; /* the silence that ends a link without probes, or KA_NEVER */
    int64_t probes_limit;     /* unanswered keepalive probes after which the kernel gives up */
    int64_t probe_interval_ns;
    int64_t probe_deadline_ns;
    int32_t interface;       /* the link ends when this loses its carrier; 0 for none */
    uint32_t carrier_losses; /* as the kernel counted them last */
    uint8_t carrier_counted; /* carrier_losses is known */
    uint8_t carrier_lost;    /* so the link is due */
    uint8_t carrier_unsure;  /* the kernel has to be asked: carriers.c */
};

/* Prepares the watch of a link that an earlier observer may have handed on. Returns 0 or -errno. */
int ka_watch_init(struct ka_watch *watch, int fd, uint64_t token, const struct ka_watch_config *config,
                  const struct ka_observation *earlier);

/* Reads and judges a readable descriptor. Returns 1 with the event filled, 0 if there is nothing to report,
 * or -errno. */
int ka_watch_ready(struct ka_watch *watch, struct ka_event *event);

/* As ka_watch_ready, for a descriptor for which poll(2) or epoll(7) has just returned these events. */
int ka_watch_signalled(struct ka_watch *watch, uint32_t signs, struct ka_event *event);

/* Acts on a deadline that has come, and sets the next one. Returns as ka_watch_ready. */
int ka_watch_due(struct ka_watch *watch, struct ka_event *event);

/* Clears an event and fills in the watch's token and descriptor. */
void ka_begin_event(const struct ka_watch *watch, struct ka_event *event);

/* Fills the event of a link that failed. `error` is the pending error, or 0. Returns 1 or -errno. */
int ka_fail(const struct ka_watch *watch, struct ka_event *event, enum ka_cause cause, int error);

/* Returns whether a link is no longer watched after this event. */
int ka_is_final(const struct ka_event *event);

#endif
