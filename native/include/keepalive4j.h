/*
 * keepalive4j: a heartbeat link between two machines, watched by the kernel's TCP keepalive.
 *
 * Conventions of the whole interface:
 *  - A function returns a value >= 0, or -errno. errno itself is not part of the interface.
 *  - Every descriptor made here is non-blocking and close-on-exec.
 *  - Times called `_ns` are CLOCK_MONOTONIC in nanoseconds, the clock of Java's System.nanoTime().
 *  - Structures have a fixed layout without implicit padding, so that a caller in another language can fill
 *    them by offset; KA_ABI_VERSION changes with it.
 *  - Functions on a descriptor may be called from any thread as long as the descriptor is open. Functions on
 * a monitor may be called from any thread, except where said otherwise.
 */
#ifndef KEEPALIVE4J_H
#define KEEPALIVE4J_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KA_API __attribute__((visibility("default")))

#define KA_ABI_VERSION 4

/* In an option: leave what the kernel has. */
#define KA_UNSET (-1)

/* Bytes that an event holds of the kernel's struct tcp_info (248 in Linux 6.6). */
#define KA_TCP_INFO_SIZE 256

/* Bytes of a network interface's name with its terminating NUL: IFNAMSIZ. */
#define KA_DEVICE_SIZE 16

/* Bytes of a key at the most: TCP_MD5SIG_MAXKEYLEN. */
#define KA_MD5_KEY_SIZE 80

/*
 * The socket options of a link, in the order in which they are set: first the original's four.
 * Ranges are the kernel's own (tcp(7), net/ipv4/tcp.c); a value outside is -EINVAL.
 */
enum ka_option {
    KA_SO_KEEPALIVE,     /* 0 or 1 */
    KA_TCP_KEEPCNT,      /* unanswered probes until the link is dead: 1 to 127 */
    KA_TCP_KEEPIDLE,     /* seconds of silence before the first probe: 1 to 32767 */
    KA_TCP_KEEPINTVL,    /* seconds between probes: 1 to 32767 */
    KA_TCP_USER_TIMEOUT, /* milliseconds that sent data may stay unacknowledged: 0 (off) to INT32_MAX */
    KA_TCP_SYNCNT,       /* retransmissions of the SYN: 1 to 127 */
    KA_TCP_NODELAY,      /* 0 or 1 */
    KA_SO_MARK,          /* mark for routing and filtering: 0 to UINT32_MAX; needs CAP_NET_ADMIN */
    KA_TCP_RTO_MIN_US,   /* microseconds: more than a jiffy, to 200000; since Linux 6.15 */
    KA_SINGLE_HOP,       /* 0 or 1: see below */
    KA_OPTION_COUNT,
    /* Below: what else can fail while a link is set up; reported as `failed`, never an index of `option`. */
    KA_STEP_SOCKET = KA_OPTION_COUNT,
    KA_STEP_BINDTODEVICE,
    KA_STEP_BIND,
    KA_STEP_MD5SIG,
    KA_STEP_LISTEN
};

/*
 * KA_SINGLE_HOP is the generalized TTL security mechanism (RFC 5082): IP_TTL and IP_MINTTL, IPV6_UNICAST_HOPS
 * and IPV6_MINHOPCOUNT are 255, so that only a peer on the same network is heard, which has to do the same:
 * no router hands a segment on with a TTL of 255. What a kernel answers without a socket of its own, as a
 * reset for a port where nobody listens, has its default TTL: it isn't heard either.
 */

/* An IP address with a port. */
struct ka_address {
    uint8_t ip[16];    /* network byte order; IPv4 takes the first four bytes */
    uint32_t scope_id; /* interface index of an IPv6 link-local address, else 0 */
    uint16_t port;     /* host byte order */
    uint16_t family;   /* 4 or 6; 0 stands for no address */
};

/* What a link is set up with. */
struct ka_config {
    int64_t option[KA_OPTION_COUNT]; /* by enum ka_option, each a value or KA_UNSET */
    char device[KA_DEVICE_SIZE];     /* SO_BINDTODEVICE, or the empty string */
    struct ka_address source;        /* the address to send from, or family 0 */
};

/*
 * A key of TCP's MD5 signatures (RFC 2385), and the network of the peers that it is for. With it every
 * segment is signed, and one that isn't, or has another's signature, is dropped unseen, resets included.
 */
struct ka_md5_key {
    struct ka_address network; /* IPv4 or IPv6; its port and scope don't count */
    int32_t prefix_length;     /* bits of the network's address that its peers share: 0 to 32, IPv6: to 128 */
    int32_t length;            /* bytes of the key: 1 to KA_MD5_KEY_SIZE */
    uint8_t key[KA_MD5_KEY_SIZE];
};

/* What a listener is set up with, besides its address and keys. */
struct ka_listen_config {
    int32_t backlog;    /* connections that may wait: 1 to INT32_MAX; capped at net.core.somaxconn */
    int32_t v6only;     /* 0 or 1: IPV6_V6ONLY, used for IPv6 only */
    int32_t single_hop; /* 0 or 1: KA_SINGLE_HOP, for IPv4 and IPv6 */
    int32_t key_count;  /* 0 and more */
};

/* Why a link failed. */
enum ka_cause {
    KA_CAUSE_TIMED_OUT = 1, /* ETIMEDOUT from any of the kernel's timers, or a probe's deadline */
    KA_CAUSE_UNREACHABLE,   /* EHOSTUNREACH, ENETUNREACH and kin: the network said so */
    KA_CAUSE_RESET,         /* ECONNRESET, EPIPE: the peer's kernel refused the connection */
    KA_CAUSE_CLOSED,        /* FIN: the peer closed, or its process ended with nothing left unread */
    KA_CAUSE_ABORTED,       /* ECONNABORTED: ended on this host, as by `ss -K` */
    KA_CAUSE_HUNG           /* the peer's kernel acknowledges, its process doesn't answer */
};

enum ka_event_type {
    KA_EVENT_FAILED = 1, /* the link is dead; it has left the set */
    KA_EVENT_LEFT,       /* the source said that it stands down; the link has left the set */
    KA_EVENT_VIOLATION,  /* a byte outside the link's alphabet; the link has left the set */
    KA_EVENT_SUSPECT,    /* as many probes as asked for are unanswered */
    KA_EVENT_RECOVERED,  /* a suspected peer was heard again */
    KA_EVENT_QUERY,      /* a backup asks whether the source's process is alive */
    KA_EVENT_ACCEPT      /* a listener has connections to accept */
};

struct ka_event {
    uint64_t token;        /* the caller's own, from ka_monitor_watch */
    int64_t verdict_ns;    /* when the kernel's state was judged */
    int64_t last_heard_ns; /* when the peer's kernel was last heard, by TCP_INFO: in steps of a jiffy */
    int32_t fd;
    int32_t type;             /* enum ka_event_type */
    int32_t cause;            /* enum ka_cause of KA_EVENT_FAILED, else 0 */
    int32_t error;            /* the socket's pending error, taken exactly once; 0 with a FIN */
    int32_t probes;           /* unanswered probes: tcpi_probes, or the intervals that one probe has waited */
    int32_t byte;             /* the offending byte of KA_EVENT_VIOLATION, else 0 */
    uint32_t tcp_info_length; /* bytes of tcp_info that the kernel filled */
    uint32_t reserved;
    uint8_t tcp_info[KA_TCP_INFO_SIZE]; /* the kernel's struct tcp_info at the verdict, in its own layout */
};

/* Which half of the link the caller is, and so which bytes it may hear. */
enum ka_role {
    KA_ROLE_BACKUP = 0, /* watches a source: hears 'G' (standing down), and 'A' (answer) to its query */
    KA_ROLE_SOURCE = 1  /* is watched: hears 'P' (probe) and 'Q' (query) */
};

/* What a link is probed for beyond the kernel's keepalive. */
enum ka_liveness {
    KA_LIVENESS_KEEPALIVE = 0, /* nothing: no byte is sent */
    KA_LIVENESS_HOST,          /* 'P', acknowledged by the peer's kernel; now and then a 'Q' */
    KA_LIVENESS_PROCESS        /* 'Q', answered by the peer's process */
};

/*
 * Fast detection is stop-and-wait: a probe is sent an interval after the one before, but never while that one
 * is outstanding; one that is outstanding for probe_deadline_ns ends the link. The kernel's acknowledgement
 * state is judged, not the time at which this thread learnt of it: when a check comes late, because the
 * process was paused, the pause doesn't count.
 *
 * A peer that doesn't read, because its process is stopped, is not to be mistaken for a dead one once its
 * memory is full. So with HOST every 64th probe is a query, which the peer's shim answers by itself, and a
 * peer that has left half a window unread is probed only once a second until it answers.
 */
struct ka_watch_config {
    int32_t role;              /* enum ka_role */
    int32_t suspect_probes;    /* unanswered probes that make a link suspect: 1 to 127; 0 for never */
    int32_t liveness;          /* enum ka_liveness, of a backup's link */
    int32_t defer_evidence;    /* 0 or 1: see ka_evidence */
    int64_t probe_interval_ns; /* between probes: 1 ms and more, with HOST and PROCESS */
    int64_t probe_deadline_ns; /* for the acknowledgement or answer: 1 ms and more, likewise; a jiffy more
                                  where the kernel sent the probe again only in the jiffy in which it ends */
};

struct ka_monitor;

/* Returns KA_ABI_VERSION of the library: a caller that fills structures by offset compares it with its own.
 */
KA_API int ka_abi_version(void);

/*
 * Makes a TCP socket for `family` (4 or 6), sets the options in their order, then the device, then binds the
 * source address. On failure nothing is left open, and *failed names the enum ka_option or step that failed.
 * Returns the descriptor or -errno: -EINVAL also for a value out of range.
 */
KA_API int ka_open(int family, const struct ka_config *config, int32_t *failed);

/*
 * Connects within timeout_ms (1 to INT32_MAX). Returns 0, -ETIME if the time ran out, or the kernel's
 * refusal. The descriptor stays the caller's. ka_shutdown from another thread ends the wait.
 */
KA_API int ka_connect(int fd, const struct ka_address *peer, int timeout_ms);

/*
 * Asks the peer's process for a sign of life: sends 'Q' on a connected link and waits for 'A', up to
 * timeout_ms (1 to INT32_MAX). A peer that doesn't read what it is sent would let its window fill up under
 * probes: it is found out here. Returns 0, -ETIME without an answer, -ECONNREFUSED from a peer that stands
 * down or doesn't want this backup ('G'), -EPROTO after another byte, -EPIPE after a FIN, or the pending
 * error.
 */
KA_API int ka_handshake(int fd, int timeout_ms);

/* Returns the smallest TCP_RTO_MIN_US that this kernel takes, or -ENOPROTOOPT where it has no such option. */
KA_API int ka_rto_min_us(void);

/* Returns the length of the kernel's jiffy in microseconds: what its timers are rounded up to. */
KA_API int ka_jiffy_us(void);

/*
 * Has a socket's segments to and from the peers of a network signed: of a link before ka_connect, of a
 * listener by ka_listen. TCP_MD5SIG where the network is a single address, else TCP_MD5SIG_EXT (Linux 4.13);
 * of networks that overlap the longest prefix counts. An IPv6 socket takes an IPv4 network, too. The key is
 * copied into the kernel; the copy made on the way is wiped, the caller's is the caller's. Returns 0, -EINVAL
 * for a length out of range, -EAFNOSUPPORT for an IPv6 network on an IPv4 socket, -ENOPROTOOPT where the
 * kernel was built without CONFIG_TCP_MD5SIG, or -errno.
 */
KA_API int ka_set_md5_key(int fd, const struct ka_md5_key *key);

/*
 * Listens on `bind` with SO_REUSEADDR. `keys` are config->key_count of them, or NULL for none; what is
 * accepted inherits them, and single hop. Where the kernel can, accepted connections acknowledge and
 * retransmit as soon as fast detection wants it. Returns the descriptor, or -errno with *failed as ka_open,
 * and nothing left open.
 */
KA_API int ka_listen(const struct ka_address *bind, const struct ka_listen_config *config,
                     const struct ka_md5_key *keys, int32_t *failed);

/*
 * Accepts one connection, sets the options on it and fills `peer`. Returns the descriptor, -EAGAIN when none
 * waits, or -errno; what could not be set up is closed.
 */
KA_API int ka_accept(int listener, const struct ka_config *config, struct ka_address *peer, int32_t *failed);

/* Reads the options in effect back from the kernel; the ones that this kernel does not know become KA_UNSET.
 */
KA_API int ka_effective(int fd, struct ka_config *config);

/* The socket's own address, as getsockname(2). */
KA_API int ka_local_address(int fd, struct ka_address *address);

/* Fills `info` with the kernel's struct tcp_info and returns the bytes filled. */
KA_API int ka_tcp_info(int fd, uint8_t *info, uint32_t size);

/* Sends one byte of the link's alphabet. Returns 1, or -EAGAIN when the peer's window is full, or -errno. */
KA_API int ka_send(int fd, char byte);

/*
 * Ends both directions, which wakes every thread that waits on the descriptor. On a listener it ends the
 * listening (inet_shutdown()), also where a child process has a copy of the descriptor, which close(2)
 * leaves open.
 */
KA_API int ka_shutdown(int fd);

KA_API int ka_close(int fd);

/*
 * Judges a link without waiting, for a caller that polls the descriptor itself: call it when the descriptor
 * is readable. Takes the pending error, so a failure is told once. Returns 1 with the event filled, or 0 when
 * the link is well.
 */
KA_API int ka_classify(int fd, const struct ka_watch_config *config, struct ka_event *event);

/*
 * Fills in the evidence of an event for which it was deferred: last_heard_ns, probes and tcp_info, as they
 * were at its verdict_ns. With defer_evidence the KA_EVENT_FAILED of a connection that the kernel has ended
 * comes without, with a tcp_info_length of 0: reading it takes as long as the rest of the verdict, and such a
 * connection's doesn't change any more. Call it before the descriptor is closed. Returns 0 or -errno.
 */
KA_API int ka_evidence(int fd, struct ka_event *event);

/*
 * Waits until the link fails, leaves or breaks the protocol, for a caller with a thread of its own.
 * timeout_ms: -1 for ever. ka_shutdown from another thread ends the wait as a FIN would. Returns 1 with the
 * event filled, 0 when the time ran out, or -errno.
 */
KA_API int ka_await(int fd, const struct ka_watch_config *config, int timeout_ms, struct ka_event *event);

/* Makes a monitor: one epoll set for many links. */
KA_API int ka_monitor_open(struct ka_monitor **monitor);

/*
 * Puts a connected link into the set. The token comes back in its events. Returns 0, -EEXIST for a descriptor
 * that is in the set, or -errno.
 */
KA_API int ka_monitor_watch(struct ka_monitor *monitor, int fd, uint64_t token,
                            const struct ka_watch_config *config);

/* Puts a listener into the set: KA_EVENT_ACCEPT whenever connections wait, once for each arrival
 * (edge-triggered). */
KA_API int ka_monitor_listen(struct ka_monitor *monitor, int fd, uint64_t token);

/*
 * Takes a descriptor out of the set; call it before the descriptor is closed. After it has returned, no
 * further event is produced for it, though one may lie in a buffer filled before. Returns 0, or -ENOENT if it
 * was not in the set.
 */
KA_API int ka_monitor_unwatch(struct ka_monitor *monitor, int fd);

/* Makes the current or the next ka_monitor_wait return at once. */
KA_API int ka_monitor_wake(struct ka_monitor *monitor);

/*
 * Waits until there is something to tell and fills up to `capacity` events (1 and more). timeout_ms: -1 for
 * ever. Returns the number of events: 0 when the time ran out, after ka_monitor_wake, or when the set has
 * changed. Called by one thread at a time.
 */
KA_API int ka_monitor_wait(struct ka_monitor *monitor, struct ka_event *events, int capacity, int timeout_ms);

/* Frees the monitor; the descriptors in it stay open. No other call on it may be under way or follow. */
KA_API int ka_monitor_close(struct ka_monitor *monitor);

#ifdef __cplusplus
}
#endif

#endif
