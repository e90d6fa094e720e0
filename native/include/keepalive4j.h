/*
 * keepalive4j: a heartbeat link between two machines, watched by the kernel's TCP keepalive. The source runs
 * a service. The backup watches the source and takes over when the link fails.
 *
 * Conventions of the whole interface:
 *  - A function returns a value >= 0, or -errno. errno itself is not part of the interface.
 *  - Every descriptor made here is non-blocking and close-on-exec.
 *  - A value out of its documented range is -EINVAL.
 *  - Times named `_ns` are nanoseconds of CLOCK_MONOTONIC, the clock of Java's System.nanoTime().
 *  - Structures have a fixed layout without implicit padding. A caller in another language can fill them by
 *    offset.
 *  - KA_ABI_VERSION rises with every change of a layout, of an exported name or of a function's arguments.
 *  - Any thread may call the functions on a descriptor while the descriptor is open. Any thread may call the
 *    functions on a monitor, unless the function says otherwise.
 */
#ifndef KEEPALIVE4J_H
#define KEEPALIVE4J_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KA_API __attribute__((visibility("default")))

#define KA_ABI_VERSION 12

/* The value of an option that stays as the kernel has it. */
#define KA_UNSET (-1)

/* Bytes that an event has for the kernel's struct tcp_info, whose size is 248 in Linux 6.6. */
#define KA_TCP_INFO_SIZE 256

/* The highest real-time priority, of sched(7). */
#define KA_REALTIME_MAX 99

/* A shorter RLIMIT_RTTIME would end the process before the watchdog sees that a thread spins. */
#define KA_REALTIME_LEAST_RTTIME_US 2000000

/* Bytes of a network interface's name, with its terminating NUL: IFNAMSIZ. */
#define KA_DEVICE_SIZE 16

/* The longest key in bytes: TCP_MD5SIG_MAXKEYLEN. */
#define KA_MD5_KEY_SIZE 80

/*
 * The socket options of a link, in the order in which they are set. The ranges are the kernel's own (tcp(7),
 * net/ipv4/tcp.c). A value outside its range is -EINVAL.
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
    KA_TCP_RTO_MIN_US,   /* microseconds: more than a jiffy, at most 200000; since Linux 6.15 */
    KA_SINGLE_HOP,       /* 0 or 1; explained below */
    KA_OPTION_COUNT,
    /* Other steps that can fail while a link is set up. `failed` reports them; they never index `option`. */
    KA_STEP_SOCKET = KA_OPTION_COUNT,
    KA_STEP_BINDTODEVICE,
    KA_STEP_BIND,
    KA_STEP_MD5SIG,
    KA_STEP_LISTEN,
    KA_STEP_ROUTE
};

/*
 * KA_SINGLE_HOP is the generalized TTL security mechanism (GTSM, RFC 5082). It sets IP_TTL, IP_MINTTL,
 * IPV6_UNICAST_HOPS and IPV6_MINHOPCOUNT to 255. A router lowers the TTL, so segments with a TTL of 255 come
 * from the same network. The peer has to set the option, too. A kernel sends some segments without a socket,
 * such as the reset from a port where nobody listens. They have the default TTL, and are dropped.
 */

/* An IP address with a port. */
struct ka_address {
    uint8_t ip[16];    /* network byte order; IPv4 takes the first four bytes */
    uint32_t scope_id; /* interface index of an IPv6 link-local address, else 0 */
    uint16_t port;     /* host byte order */
    uint16_t family;   /* 4 or 6; 0 means no address */
};

/* The configuration of a link. */
struct ka_config {
    int64_t option[KA_OPTION_COUNT]; /* indexed by enum ka_option: a value or KA_UNSET */
    char device[KA_DEVICE_SIZE];     /* SO_BINDTODEVICE, or the empty string */
    struct ka_address source;        /* the local address to bind, or family 0 */
};

/*
 * A key for TCP's MD5 signatures (RFC 2385), and the network of the peers that share it. Every segment to
 * such a peer is signed. A segment from such a peer without the right signature is dropped, even a reset.
 */
struct ka_md5_key {
    struct ka_address network; /* IPv4 or IPv6; the port and the scope are ignored */
    int32_t prefix_length;     /* bits that name the network: 0 to 32 for IPv4, 0 to 128 for IPv6 */
    int32_t length;            /* bytes of the key: 1 to KA_MD5_KEY_SIZE */
    uint8_t key[KA_MD5_KEY_SIZE];
};

/* The configuration of a listener, besides its address and keys. */
struct ka_listen_config {
    int32_t backlog;    /* connections that may wait: 1 to INT32_MAX; capped at net.core.somaxconn */
    int32_t v6only;     /* 0 or 1: IPV6_V6ONLY; ignored for IPv4 */
    int32_t single_hop; /* 0 or 1: KA_SINGLE_HOP, for IPv4 and IPv6 */
    int32_t key_count;  /* 0 or more */
};

/* Why a link failed. */
enum ka_cause {
    KA_CAUSE_TIMED_OUT = 1, /* ETIMEDOUT from one of the kernel's timers, a probe's deadline passed, or the
                               peer's kernel was silent for longer than keepalive ever takes */
    KA_CAUSE_UNREACHABLE,   /* EHOSTUNREACH, ENETUNREACH or a similar error: the network reported it */
    KA_CAUSE_RESET,         /* ECONNRESET, EPIPE: the peer's kernel reset the connection */
    KA_CAUSE_CLOSED,        /* FIN: the peer closed, or its process ended with no unread data */
    KA_CAUSE_ABORTED,       /* ECONNABORTED: this host ended the connection, for example `ss -K`; EPERM,
                               ENOSYS and others: it can't be watched here */
    KA_CAUSE_HUNG,          /* the peer's kernel acknowledges, but its process doesn't answer */
    KA_CAUSE_NO_CARRIER,    /* the link's interface lost its carrier, is down, or is gone */
    KA_CAUSE_WORKLOAD_ENDED /* the source said so: what it stands for has ended */
};

enum ka_event_type {
    KA_EVENT_FAILED = 1, /* the link failed; it is no longer in the set */
    KA_EVENT_LEFT,       /* the source sent a farewell: it stands down; the link is no longer in the set */
    KA_EVENT_VIOLATION,  /* the peer broke the protocol; the link is no longer in the set */
    KA_EVENT_SUSPECT,    /* suspect_probes probes are unanswered, or the peer is silent as if they were */
    KA_EVENT_RECOVERED,  /* a suspect link's peer was heard again */
    KA_EVENT_QUERY,      /* a query came: a backup asks whether the source's process is alive */
    KA_EVENT_ACCEPT,     /* a listener has connections to accept */
    KA_EVENT_HOLD_BACK,  /* the source asks the backup not to take over for a while */
    KA_EVENT_PROMISE     /* a backup promises that */
};

struct ka_event {
    uint64_t token;        /* the caller's value from ka_monitor_watch or ka_monitor_listen */
    int64_t verdict_ns;    /* when the kernel's state was read */
    int64_t last_heard_ns; /* when the peer's kernel was last heard, from TCP_INFO: in steps of a jiffy */
    int32_t fd;
    int32_t type;             /* enum ka_event_type */
    int32_t cause;            /* enum ka_cause of KA_EVENT_FAILED, else 0 */
    int32_t error;            /* the socket's pending error, which is cleared by reading it; 0 with a FIN;
                                 ENOBUFS if this host's own queue drops the keepalive probes */
    int32_t probes;           /* unanswered probes: tcpi_probes, or how many intervals one probe has waited */
    int32_t byte;             /* the byte that broke the protocol, with KA_EVENT_VIOLATION; 'Q' with
                                 KA_EVENT_PROMISE if a query came, too, as with KA_EVENT_QUERY; else 0 */
    uint32_t tcp_info_length; /* bytes of tcp_info that the kernel filled */
    uint32_t reserved;
    uint8_t tcp_info[KA_TCP_INFO_SIZE]; /* the kernel's struct tcp_info at the verdict, in its own layout */
};

/* The caller's side of the link. It decides which bytes the caller may receive. */
enum ka_role {
    KA_ROLE_BACKUP = 0, /* watches a source: receives 'G' (farewell), 'E' (the workload has ended), 'H' (hold
                           back), and 'A' (answer) to its query */
    KA_ROLE_SOURCE = 1  /* is watched: receives 'P' (probe), 'Q' (query) and 'Y' (promise to hold back) */
};

/* What a backup checks beyond the kernel's keepalive. */
enum ka_liveness {
    KA_LIVENESS_KEEPALIVE = 0, /* its effect: silence for longer than it ever takes; no byte is sent */
    KA_LIVENESS_HOST,          /* sends 'P', which the peer's kernel acknowledges; now and then a 'Q' */
    KA_LIVENESS_PROCESS        /* sends 'Q', which the peer's process answers */
};

/*
 * Fast detection is stop-and-wait. A probe is sent one interval after the previous one, but never while that
 * one is outstanding. A probe that is outstanding for probe_deadline_ns ends the link. The verdict rests on
 * the kernel's acknowledgement state at the moment of the check. A late check means that this process was
 * paused, and the pause doesn't count. A probe gets one jiffy more if the kernel resent it only in the jiffy
 * in which its time ends.
 *
 * A source whose process is stopped doesn't read, and its memory fills up. It must not be taken for dead
 * then. So with HOST every 64th probe is a query, which the source's shim answers by itself. A source that
 * has left half a window unread gets only one probe a second until it answers.
 */
struct ka_watch_config {
    int32_t role;              /* enum ka_role */
    int32_t suspect_probes;    /* unanswered probes that make a link suspect: 1 to 127; 0 means never */
    int32_t liveness;          /* enum ka_liveness; more than KEEPALIVE for KA_ROLE_BACKUP only */
    int32_t defer_evidence;    /* 0 or 1; ka_evidence explains it */
    int64_t probe_interval_ns; /* between probes: 1 ms or more; used with HOST and PROCESS */
    int64_t probe_deadline_ns; /* for the acknowledgement or the answer: 1 ms or more, likewise */
    int32_t interface;         /* ends the link when it loses its carrier: from ka_interface, or 0; for
                                  KA_ROLE_BACKUP only */
    int32_t reserved;
};

/*
 * What the observers of a link hand on to each other: the outstanding probe, the owed answers, what the
 * source may not have read. It belongs to the link. Zero it when the link is connected and pass the same one
 * to each call that observes the link. So a caller that awaits in short steps detects as soon as one that
 * waits once, and a late answer to an earlier observer's query is none that breaks the protocol. The content
 * is the shim's alone. NULL stands for a link that nobody else observes, before or after.
 */
struct ka_observation {
    int64_t deadline_ns;
    int64_t sent_ns;
    int64_t expires_ns;
    int64_t forgiven_ns;
    int64_t next_probe_ns;
    uint32_t unread;
    int32_t answers_owed;
    int32_t interface;
    uint32_t carrier_losses;
    uint8_t begun; /* 1 + enum ka_liveness of the last observer, or 0 */
    uint8_t outstanding;
    uint8_t answer_owed;
    uint8_t resent;
    uint8_t suspected;
    uint8_t host_probed;
    uint8_t late_checks;
    uint8_t carrier_counted;
    uint8_t reserved[16];
};

/* What real time needs, in the order in which it is tried. */
enum ka_realtime_step {
    KA_REALTIME_PRIORITY = 0, /* a priority from 1 to KA_REALTIME_MAX */
    KA_REALTIME_THREAD,       /* the watchdog's thread and its descriptor */
    KA_REALTIME_SCHEDULING,   /* CAP_SYS_NICE, or RLIMIT_RTPRIO of 2 above the priority, or 99 */
    KA_REALTIME_MEMORY,       /* CAP_IPC_LOCK, or RLIMIT_MEMLOCK for the code and the stacks */
    KA_REALTIME_CPU_TIME      /* no RLIMIT_RTTIME, or one of KA_REALTIME_LEAST_RTTIME_US */
};

struct ka_monitor;

/* Returns the library's KA_ABI_VERSION. A caller that fills structures by offset compares it with its own. */
KA_API int ka_abi_version(void);

/*
 * Makes a TCP socket for `family` (4 or 6). Sets the options in their order, then the device, then binds the
 * source address. Returns the descriptor or -errno; a value out of range is -EINVAL. On failure no descriptor
 * stays open, and *failed is the enum ka_option or step that failed.
 */
KA_API int ka_open(int family, const struct ka_config *config, int32_t *failed);

/*
 * Connects within timeout_ms (1 to INT32_MAX). Returns 0, -ETIME if the time ran out, or the kernel's error
 * as -errno. The caller still has to close the descriptor. ka_shutdown from another thread ends the wait.
 */
KA_API int ka_connect(int fd, const struct ka_address *peer, int timeout_ms);

/*
 * The backup's handshake on a connected link, before it sends probes. Sends 'Y' and a query ('Q'), and waits
 * up to timeout_ms (1 to INT32_MAX) for the answer ('A'). This finds a peer that never reads: probes would
 * fill its window up. The 'Y' before the first query says that the backup knows 'E', which a source sends to
 * no other. Returns 0, or
 *  - -ETIME if no answer came in time,
 *  - -ECONNREFUSED after a farewell ('G'): the peer stands down or refuses this backup,
 *  - -EPROTO after any other byte,
 *  - -EPIPE after a FIN,
 *  - the socket's pending error as -errno.
 */
KA_API int ka_handshake(int fd, int timeout_ms);

/*
 * Returns the smallest TCP_RTO_MIN_US, in microseconds, that this library sets on this kernel: 5000, or a
 * jiffy and 1000 where that is more. Returns -ENOPROTOOPT if the kernel has no such option.
 */
KA_API int ka_rto_min_us(void);

/* Returns the kernel's jiffy in microseconds. The kernel rounds its timers up to whole jiffies. */
KA_API int ka_jiffy_us(void);

/*
 * Signs a socket's segments to and from the peers of a network. Call it on a link before ka_connect; a
 * listener gets its keys from ka_listen. Uses TCP_MD5SIG for a single address, else TCP_MD5SIG_EXT (since
 * Linux 4.13). If networks overlap, the longest prefix counts. An IPv6 socket takes IPv4 networks, too. The
 * kernel copies the key. This function wipes its own copy; the caller's copy is the caller's to wipe. Returns
 * 0, or
 *  - -EINVAL for a length out of range,
 *  - -EAFNOSUPPORT for a family other than 4 and 6, or an IPv6 network on an IPv4 socket,
 *  - -ENOPROTOOPT if the kernel was built without CONFIG_TCP_MD5SIG,
 *  - another -errno of the kernel.
 */
KA_API int ka_set_md5_key(int fd, const struct ka_md5_key *key);

/*
 * Listens on `bind` with SO_REUSEADDR. `keys` points to config->key_count keys, or is NULL if there are none.
 * `accepted` has the options of the accepted connections, or is NULL for the kernel's defaults. They are set
 * on the listener: accepted connections inherit them, the keys and single_hop. Since Linux 6.15 accepted
 * connections also acknowledge and retransmit as early as fast detection needs. accepted->source is ignored.
 * Returns the descriptor, or -errno. On failure *failed is set as by ka_open, and no descriptor stays open.
 */
KA_API int ka_listen(const struct ka_address *bind, const struct ka_listen_config *config,
                     const struct ka_md5_key *keys, const struct ka_config *accepted, int32_t *failed);

/*
 * Accepts one connection and fills `peer`. Returns the descriptor, -EAGAIN if no connection waits, or -errno.
 */
KA_API int ka_accept(int listener, struct ka_address *peer);

/*
 * Lets no further connection begin: from now on the kernel drops the listener's SYN segments. Handshakes
 * under way are completed and can be accepted. A peer sends its SYN again after 1 s, and meets a closed port
 * if the listener is closed by then. Returns 0 or -errno.
 */
KA_API int ka_drop_syns(int listener);

/*
 * Reads the options in effect, the device and the local address back from the kernel. Options that this
 * kernel doesn't know become KA_UNSET. Returns 0 or -errno.
 */
KA_API int ka_effective(int fd, struct ka_config *config);

/*
 * Asks the routing table whether a link can still leave this host: by its mark, its device, its addresses and
 * ports, which are all that is read of `config` (as ka_effective fills it). Sends nothing, and needs no open
 * link. Where a sandbox refuses netlink, it asks for UDP's route, and rules for TCP or ports don't count.
 * Returns 0, or -errno with *failed set:
 *  - KA_STEP_BINDTODEVICE with -ENODEV: the device is gone,
 *  - KA_STEP_BIND: the local address is gone,
 *  - KA_STEP_ROUTE: there is no route to the peer,
 *  - another step: nothing is known.
 */
KA_API int ka_check_route(const struct ka_config *config, const struct ka_address *peer, int32_t *failed);

/*
 * Returns the index of the network interface by which a connected link leaves this host: the one that its
 * route names now. A VLAN, a bond or a bridge counts itself, not what is below it. Returns
 *  - -EOPNOTSUPP if that is the loopback device, which has no carrier to lose,
 *  - -ENODEV or the kernel's error if there is no route,
 *  - -EREMOTE if the link is in another network namespace than the calling thread (since Linux 5.14),
 *  - another -errno if no netlink socket can be made or used.
 */
KA_API int ka_interface(int fd);

/*
 * Tells whether an interface of the calling thread's network namespace has a carrier now. Needs no netlink
 * socket. Returns 0, -ENETDOWN if it has none or is down, -ENODEV if there is no such interface, or another
 * -errno: nothing is known.
 */
KA_API int ka_check_carrier(int32_t interface);

/* Fills in the socket's own address, as getsockname(2) does. Returns 0 or -errno. */
KA_API int ka_local_address(int fd, struct ka_address *address);

/* Fills up to `size` bytes of `info` with the kernel's struct tcp_info. Returns the bytes filled or -errno.
 */
KA_API int ka_tcp_info(int fd, uint8_t *info, uint32_t size);

/*
 * Sets TCP_USER_TIMEOUT, 0 (off) to INT32_MAX ms. It is for the observer of a link with probes, who turns it
 * on, and off again afterwards. Keepalive would take one lost probe for the end while it is on and nobody
 * sends probes. Returns 0 or -errno.
 */
KA_API int ka_set_user_timeout(int fd, int timeout_ms);

/* Sends one byte of the protocol. Returns 1, -EAGAIN if the peer's window is full, or -errno. */
KA_API int ka_send(int fd, char byte);

/*
 * Shuts both directions down, which wakes every thread that waits on the descriptor. A listener stops
 * listening (inet_shutdown()). That also works while a child process has a copy of the descriptor; ka_close
 * alone would leave the listener open then. Returns 0 or -errno.
 */
KA_API int ka_shutdown(int fd);

/* Closes the descriptor. Returns 0 or -errno. */
KA_API int ka_close(int fd);

/*
 * Judges a link without waiting. It is for a caller that polls the descriptor itself: call it when the
 * descriptor is readable. With probes also call it once in probe_interval_ns or more often: it judges the
 * outstanding probe and sends the next one when that is due. It clears the pending error, so it reports a
 * failure only once. config->suspect_probes is ignored. With config->interface it also looks whether that
 * has a carrier now; the descriptor doesn't get readable when it is lost. Returns 1 with the event filled, 0
 * if there is nothing to report, or -errno.
 */
KA_API int ka_classify(int fd, const struct ka_watch_config *config, struct ka_observation *observation,
                       struct ka_event *event);

/*
 * Fills in an event's deferred evidence: last_heard_ns, probes and tcp_info, as they were at verdict_ns. With
 * defer_evidence, the KA_EVENT_FAILED of a link that ended with an error or a FIN may come without evidence:
 * its tcp_info_length is 0. Reading the evidence takes as long as the rest of the verdict. After an error it
 * doesn't change any more. After a FIN the connection exists until it is closed: call this soon after the
 * verdict then. Call it before the descriptor is closed. Returns 0 or -errno.
 */
KA_API int ka_evidence(int fd, struct ka_event *event);

/*
 * Waits until the link fails, the source stands down or the peer breaks the protocol. It is for a caller with
 * a thread of its own. config->suspect_probes is ignored. A timeout_ms of -1 waits forever. ka_shutdown from
 * another thread ends the wait as a FIN would. With config->interface it makes a netlink socket for the time
 * of the wait; a loss of the carrier between two waits that share an observation is found by the second.
 * Returns 1 with the event filled, 0 if the time ran out, or -errno.
 */
KA_API int ka_await(int fd, const struct ka_watch_config *config, struct ka_observation *observation,
                    int timeout_ms, struct ka_event *event);

/*
 * Returns a descriptor for ka_process_await of any process of this host, or -errno: -ESRCH if there is none,
 * -EINVAL if `pid` isn't positive or is a thread's, -ENOSYS before Linux 5.3. The descriptor stands for that
 * process also after another one has got the same number. The caller closes it with ka_close.
 */
KA_API int ka_process_open(int pid);

/*
 * Waits until the process has ended. Returns 0 then, -ECANCELED after ka_wake, or -errno. A wake_fd of -1 is
 * ignored. A timeout_ms of -1 waits forever; -ETIME says that the time ran out.
 */
KA_API int ka_process_await(int fd, int wake_fd, int timeout_ms);

/*
 * Opens a file and locks it exclusively (flock(2)), without waiting for the lock. The lock is the file's own,
 * whatever the file is called by then. It lasts until ka_file_unlock or the end of this process, whatever
 * other descriptors of the file are closed. Returns the descriptor, or -errno: -EAGAIN if another descriptor
 * has the lock; -ENOLCK, -EOPNOTSUPP or -ENOSYS where the file system has no such locks.
 */
KA_API int ka_file_lock(const char *path);

/* Unlocks a file, also where a child process has a copy of the descriptor, and closes it. 0 or -errno. */
KA_API int ka_file_unlock(int fd);

/* Returns a descriptor for ka_await_or_wake, or -errno. The caller closes it with ka_close. */
KA_API int ka_wake_open(void);

/* Ends the ka_await_or_wake that waits, or else the next one, without harm to the link. Returns 0 or -errno.
 */
KA_API int ka_wake(int wake_fd);

/*
 * Waits as ka_await, until ka_wake is called at the latest. Returns -ECANCELED then, unless there is an event
 * to return. The observation is kept, so the next observer carries on.
 */
KA_API int ka_await_or_wake(int fd, int wake_fd, const struct ka_watch_config *config,
                            struct ka_observation *observation, int timeout_ms, struct ka_event *event);

/*
 * Makes a monitor for many links. Links without probes are judged by the thread that calls ka_monitor_wait.
 * Links with probes or with an interface are judged by a thread of the monitor's own. It is started with the
 * first of them and takes no signals. So nothing that the caller does delays their verdicts. Returns 0 or
 * -errno.
 */
KA_API int ka_monitor_open(struct ka_monitor **monitor);

/*
 * Makes a monitor real-time. To be called before it is used. Its own thread runs under SCHED_FIFO at one
 * above the priority. Threads of the caller's become real-time by ka_realtime_enter. SCHED_RESET_ON_FORK is
 * set: what they start is normal. Locks of the monitor's inherit priorities.
 *
 * Code is locked in memory while any monitor is real-time: libraries, and what a JIT compiler has made by
 * then; so are the stacks of real-time threads. Other data is not, such as links and a language's heap.
 *
 * A watchdog's thread runs at two above the priority. It makes a real-time thread normal that uses more than
 * half of a CPU in each fifth of a second for a second. So one that spins can't hang the machine. Priorities
 * 98 and 99 count as 97, to leave room above them. Returns 0, or -errno with *failed the enum
 * ka_realtime_step; the monitor is as before then.
 */
KA_API int ka_monitor_realtime(struct ka_monitor *monitor, int priority, int32_t *failed);

/* Makes the calling thread real-time, while a real-time monitor is open. ka_realtime_leave has to follow on
 * this thread. Returns 0, -ESRCH if no monitor is real-time, or another -errno. */
KA_API int ka_realtime_enter(int priority);

/* Makes the calling thread normal again. Returns 0, 1 if the watchdog had done so, or -ESRCH if the thread
 * wasn't real-time. */
KA_API int ka_realtime_leave(void);

/* Returns how many threads the watchdog has made normal since the library was loaded. */
KA_API int ka_realtime_demotions(void);

/* Returns how many monitors' own threads have started as normal ones since then, for want of a privilege or a
 * limit that went away after ka_monitor_realtime. */
KA_API int ka_realtime_refusals(void);

/*
 * Puts a connected link into the set. Its events carry the token. The observation is read at this call only.
 * Returns 0, -EEXIST if the descriptor is already in the set, -EINVAL for a value out of range, -EAGAIN if
 * the monitor's own thread can't be started, or another -errno.
 *
 * The first link with an interface makes one netlink socket for all. It hears of the network namespace of the
 * calling thread. -EREMOTE means that the link is in another one. KA_EVENT_FAILED follows at once if there is
 * no carrier now. A carrier that is lost and found again is a loss, however short (since Linux 4.16). So is
 * an interface that is taken down, deleted or moved to another namespace, but not one that is renamed.
 */
KA_API int ka_monitor_watch(struct ka_monitor *monitor, int fd, uint64_t token,
                            const struct ka_watch_config *config, const struct ka_observation *observation);

/*
 * Puts a listener into the set. It reports KA_EVENT_ACCEPT once for each arrival (edge-triggered): accept
 * until -EAGAIN. Returns as ka_monitor_watch.
 */
KA_API int ka_monitor_listen(struct ka_monitor *monitor, int fd, uint64_t token);

/*
 * Takes a descriptor out of the set. Call it before the descriptor is closed. After it has returned, the
 * monitor produces no further event of this descriptor, but a buffer that was filled earlier may still hold
 * one. `observation` and `event` may be NULL. Returns
 *  - 0 with the observation filled for the next observer,
 *  - 1 with the event filled that ended the link, if no ka_monitor_wait has returned it, nor will,
 *  - -ENOENT if the descriptor was not in the set.
 */
KA_API int ka_monitor_unwatch(struct ka_monitor *monitor, int fd, struct ka_observation *observation,
                              struct ka_event *event);

/* Makes the current or the next ka_monitor_wait return at once. Returns 0 or -errno. */
KA_API int ka_monitor_wake(struct ka_monitor *monitor);

/*
 * Waits for events and fills up to `capacity` of them (1 or more). A timeout_ms of -1 waits forever. Returns
 * the number of events or -errno. It is 0 when the time ran out, after ka_monitor_wake, or when the set has
 * changed. Only one thread may call this at a time.
 */
KA_API int ka_monitor_wait(struct ka_monitor *monitor, struct ka_event *events, int capacity, int timeout_ms);

/* Frees the monitor. The descriptors in it stay open. No other call on this monitor may run meanwhile or
 * follow. Returns 0. */
KA_API int ka_monitor_close(struct ka_monitor *monitor);

/*
 * Sockets that somebody else made: a library of this process, or another process. A descriptor's number may
 * stand for another socket at any moment. So a socket is known by its cookie (SO_COOKIE, since Linux 4.12),
 * which no other socket of this host ever gets, and whatever changes it is called on a duplicate that was
 * compared first. Hold a duplicate for microseconds: the connection lasts as long as it does, and a FIN comes
 * no sooner. The caller closes it with ka_close.
 */

/* A socket of this process. */
struct ka_socket_id {
    uint64_t cookie;
    int32_t fd;
    int32_t reserved;
};

/*
 * What a socket does now. The caller fills in the first two fields and skip_options; the rest is the
 * kernel's, and undefined after an error. In the state LISTEN the counters mean something else.
 */
struct ka_socket_look {
    uint64_t cookie; /* 0 for the socket that `fd` is, whichever that is */
    int32_t fd;
    int32_t error;           /* 0, -ESTALE if the descriptor isn't this socket, -EPROTOTYPE if it isn't TCP,
                                or another -errno */
    int32_t skip_options;    /* 1 leaves keepalive to user_timeout_ms as they are, and takes less time */
    int32_t state;           /* enum of include/net/tcp_states.h */
    int32_t keepalive;       /* SO_KEEPALIVE */
    int32_t idle_s;          /* TCP_KEEPIDLE */
    int32_t interval_s;      /* TCP_KEEPINTVL */
    int32_t count;           /* TCP_KEEPCNT */
    int32_t user_timeout_ms; /* TCP_USER_TIMEOUT; 0 is off */
    int32_t probes;          /* tcpi_probes: unanswered probes, of keepalive or of a closed window */
    int32_t retransmits;     /* tcpi_retransmits */
    int32_t backoff;         /* tcpi_backoff */
    int64_t unacked;         /* tcpi_unacked: segments in flight */
    int64_t not_sent;        /* tcpi_notsent_bytes; -1 before Linux 4.6 */
    int64_t send_window;     /* tcpi_snd_wnd, bytes; -1 before Linux 5.4 */
    int64_t queued_bytes;    /* SIOCOUTQ: written and not acknowledged, sent or not */
    int64_t since_ack_ms;    /* tcpi_last_ack_recv */
    int64_t since_heard_ms;  /* since an acknowledgement or data came, whichever was later */
    int64_t since_sent_ms;   /* tcpi_last_data_sent */
    int64_t rto_us;          /* tcpi_rto */
};

/*
 * Finds this process's connected TCP socket with these two addresses. An IPv4 address equals the IPv6 address
 * that it is mapped to. A scope of 0 equals any. Returns a duplicate, which is compared again after it was
 * made, or
 *  - -ENOENT if there is none; a connection that has died is no longer connected,
 *  - -ENOTUNIQ if there are two, as in two network namespaces,
 *  - -EAFNOSUPPORT for a family other than 4 and 6,
 *  - another -errno, such as -EMFILE.
 */
KA_API int ka_find_socket(const struct ka_address *local, const struct ka_address *peer);

/*
 * Lists the sockets of this process, of any kind, by `count` (1 or more) descriptors from `first` (0 or more)
 * on. Fills in the cookie of each, or 0 for what is no socket. On entry cookies[i] is the cookie of the
 * socket that was first + i when ka_mark_socket marked it, or 0: if what is there now bears the mark, it is
 * taken for the same, which costs half as much. So look at it now and then: another marked socket may have
 * been moved to its number. Returns the `first` of the next call, 0 after the last descriptor, or -errno.
 */
KA_API int ka_scan_sockets(int first, uint64_t *cookies, int count);

/* Marks the socket of a duplicate for ka_scan_sockets, by a hint that means nothing on a socket
 * (F_SET_RW_HINT, since Linux 4.13). Returns 0 or -errno. */
KA_API int ka_mark_socket(int fd);

/* Returns a duplicate of a socket of this process, -ESTALE if the descriptor isn't that socket any more, or
 * another -errno. */
KA_API int ka_take_socket(const struct ka_socket_id *id);

/*
 * Returns a duplicate of a descriptor of another process, by ka_process_open's. Needs the rights of ptrace(2)
 * over that process, and Linux 5.6. Returns
 *  - -EBADF if that process has no such descriptor,
 *  - -ENOTSOCK if it isn't a socket,
 *  - -EPERM without the rights,
 *  - -ESRCH if the process has ended,
 *  - another -errno, such as -ENOSYS.
 */
KA_API int ka_process_socket(int process_fd, int number);

/* Reads a socket's inode, by which /proc/PID/fd and ss(8) name it. Returns 0, -ENOTSOCK or another -errno. */
KA_API int ka_socket_inode(int fd, uint64_t *inode);

/*
 * Fills in `count` looks, each with its own error. A look never takes an error that the owner has yet to see
 * (SO_ERROR). The cookie is compared after the rest was read. Returns 0.
 */
KA_API int ka_look_at_sockets(struct ka_socket_look *looks, int count);

/*
 * Sets the options of a connected socket in their order, then the device; the source address is ignored.
 * Returns 0, or -errno with *failed set as by ka_open. A value out of range changes nothing.
 */
KA_API int ka_set_options(int fd, const struct ka_config *config, int32_t *failed);

/* Fills in the peer's address, as getpeername(2) does. Returns 0 or -errno: -ENOTCONN if there is none. */
KA_API int ka_peer_address(int fd, struct ka_address *address);

#ifdef __cplusplus
}
#endif

#endif
