/*
 * The parts of the benchmarks that must not run in Java: the floor, the peers that end their connections, and
 * what the kernel remembers. The floor is the fastest possible detection: a C thread in poll(2). Functions
 * return a value >= 0 or -errno. Times are CLOCK_MONOTONIC in nanoseconds, the clock of Java's
 * System.nanoTime().
 */
#ifndef KEEPALIVE_BENCH_H
#define KEEPALIVE_BENCH_H

#include <stdint.h>
#include <time.h>

#define KB_API __attribute__((visibility("default")))
#define KB_NS_PER_S INT64_C(1000000000)

/* Connects to an IPv4 address in host byte order, with keepalive on, 5 probes, 1 s idle and 1 s apart.
 * Returns a blocking descriptor. */
KB_API int kb_connect(uint32_t address, int port);

KB_API int kb_close(int fd);

/* Listens on all addresses. Returns the descriptor. *port is the port that the kernel chose. */
KB_API int kb_listen(int backlog, int32_t *port);

/* Waits for a connection and accepts it. */
KB_API int kb_accept(int listener);

/* Makes a later close(2) of a peer's end send a reset, or a FIN. */
KB_API int kb_end_with(int fd, int reset);

/* Gives the calling thread, and those that it starts later, the first of the process's cores, or all others.
 * If there is only one core, all share it. */
KB_API int kb_take_cores(int first);

struct kb_killer;

/*
 * Starts a thread that ends peers' connections. The thread runs on the first of the caller's cores. The
 * caller and the threads that it starts later keep the other cores. So the kernel wakes every subject under
 * the same conditions. If there is only one core, they share it.
 */
KB_API int kb_killer_open(struct kb_killer **made);

/*
 * Makes the killer wait for pause_ns, so that the link's observer is asleep again. Then it closes the peer's
 * end, with a reset or with a FIN. Returns the time just before close(2).
 */
KB_API int64_t kb_killer_kill(struct kb_killer *killer, int fd, int reset, int64_t pause_ns);

KB_API int kb_killer_close(struct kb_killer *killer);

struct kb_floor;

/*
 * Starts the thread in poll(2). It writes the time at which poll returned for a link to stamps[slot]. With
 * evidence it is the time at which the thread also had the link's error and TCP_INFO.
 */
KB_API int kb_floor_open(struct kb_floor **made, int64_t *stamps, int capacity, int with_evidence);

/* Hands a connected descriptor over. The floor closes it after the event. */
KB_API int kb_floor_watch(struct kb_floor *floor, int fd, int slot);

KB_API int kb_floor_close(struct kb_floor *floor);

/* Returns the port that a socket is bound to. */
KB_API int kb_local_port(int fd);

/*
 * Finds this process's connections to a port by their local ports. last_heard_ns[i] becomes the time at which
 * connection i last heard its peer, from TCP_INFO, or 0 if it doesn't exist. The time is the start of a
 * jiffy.
 */
KB_API int kb_last_heard(int port, const int32_t *local_ports, int64_t *last_heard_ns, int count);

/* Stops a process (SIGSTOP), or continues it (SIGCONT). */
KB_API int kb_hold(int pid, int held);

/* Kills a process (SIGKILL) and waits until the kernel has taken it down. Its parent reaps it. */
KB_API int kb_kill(int pid);

/* Returns the bytes in use in malloc(3)'s heap, in all arenas. */
KB_API int64_t kb_malloc_used(void);

static inline int64_t kb_now_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * KB_NS_PER_S + now.tv_nsec;
}

#endif
