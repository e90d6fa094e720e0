/*
 * The parts of the benchmarks in which no Java may be in the way: the floor, the peers that die, and what the
 * kernel remembers. Functions return a value >= 0 or -errno. Times are CLOCK_MONOTONIC in nanoseconds, the
 * clock of Java's System.nanoTime().
 */
#ifndef KEEPALIVE_BENCH_H
#define KEEPALIVE_BENCH_H

#include <stdint.h>
#include <time.h>

#define KB_API __attribute__((visibility("default")))
#define KB_NS_PER_S INT64_C(1000000000)

/* Connects to 127.x.y.z or whatever IPv4 address is given in host byte order, with the original's four
 * options. Returns a blocking descriptor. */
KB_API int kb_connect(uint32_t address, int port);

KB_API int kb_close(int fd);

/* Listens on all addresses. Returns the descriptor; *port is the kernel's choice. */
KB_API int kb_listen(int backlog, int32_t *port);

/* Waits for a connection and accepts it. */
KB_API int kb_accept(int listener);

struct kb_killer;

/*
 * Starts a thread that kills peers, on the first of the cores that the caller may run on, and leaves the
 * caller with the others, and so the threads that it starts later. Whom the kernel wakes where is then the
 * same for every subject. Where there is one core only, it is shared.
 */
KB_API int kb_killer_open(struct kb_killer **made);

/*
 * Has the killer wait for pause_ns, so that whoever watches the link is asleep again, and close the peer's
 * end: with a reset, or with a FIN. Returns the time just before close(2).
 */
KB_API int64_t kb_killer_kill(struct kb_killer *killer, int fd, int reset, int64_t pause_ns);

KB_API int kb_killer_close(struct kb_killer *killer);

struct kb_floor;

/*
 * Starts the thread in poll(2). It writes the time at which a link's poll returned to stamps[slot]; with
 * evidence, the time at which it had the link's error and its TCP_INFO as well.
 */
KB_API int kb_floor_open(struct kb_floor **made, int64_t *stamps, int capacity, int with_evidence);

/* Hands over a connected descriptor, which the floor closes after the event. */
KB_API int kb_floor_watch(struct kb_floor *floor, int fd, int slot);

KB_API int kb_floor_close(struct kb_floor *floor);

/* The port that a socket is bound to. */
KB_API int kb_local_port(int fd);

/*
 * Looks for this process's connections to a port by their local ports, and tells when each last heard its
 * peer, by TCP_INFO; 0 for one that is not there. Exact to a jiffy, and to the start of that jiffy.
 */
KB_API int kb_last_heard(int port, const int32_t *local_ports, int64_t *last_heard_ns, int count);

/* Stops a process, or lets it go on. */
KB_API int kb_hold(int pid, int held);

/* Bytes in use in the heap of malloc(3), all arenas. */
KB_API int64_t kb_malloc_used(void);

static inline int64_t kb_now_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * KB_NS_PER_S + now.tv_nsec;
}

#endif
