#ifndef KA_DETECTOR_H
#define KA_DETECTOR_H

#include "watch.h"

/*
 * Judges links with probes on a thread of its own. So neither the caller's other work nor a pause of its
 * language's runtime delays a verdict, or is taken for a pause of the machine. Events wait in a queue.
 */
struct ka_detector;

/* Makes a detector, which writes to the eventfd `notify_fd` when its queue has events. Its thread is
 * real-time at one above the priority, unless that is 0. Returns 0 or -errno; -EAGAIN means that there is no
 * further thread. */
int ka_detector_open(struct ka_detector **detector, int notify_fd, int priority);

/* Ends the thread and frees the detector. The descriptors in it stay open. */
void ka_detector_close(struct ka_detector *detector);

/* Returns 0, -EEXIST or another -errno. */
int ka_detector_watch(struct ka_detector *detector, const struct ka_watch *watch);

/* Takes a descriptor out. Returns 0 with the observation filled, 1 with its final event filled, which is in
 * the queue no longer, or -ENOENT. Both pointers may be NULL. */
int ka_detector_unwatch(struct ka_detector *detector, int fd, struct ka_observation *observation,
                        struct ka_event *event);

int ka_detector_contains(struct ka_detector *detector, int fd);

int ka_detector_has_events(const struct ka_detector *detector);

/* Takes events from the queue. Returns how many, or once -errno after the thread's wait failed. */
int ka_detector_take(struct ka_detector *detector, struct ka_event *events, int capacity);

#endif
