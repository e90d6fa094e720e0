#include "watch.h"

#include "cause.h"
#include "clock.h"
#include "evidence.h"
#include "observation.h"
#include "probe.h"
#include "protocol.h"
#include "suspicion.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* More than a well-behaved peer ever has in flight, and so little that a flood can't hold up the loop. */
#define READ_SIZE 512

/* TCP_CLOSE in include/net/tcp_states.h. */
#define TCP_STATE_CLOSE 7

static int is_valid(const struct ka_watch_config *config) {
    int probing = config->liveness != KA_LIVENESS_KEEPALIVE;
    return config->role >= KA_ROLE_BACKUP && config->role <= KA_ROLE_SOURCE && config->suspect_probes >= 0 &&
           config->suspect_probes <= 127 && config->liveness >= KA_LIVENESS_KEEPALIVE &&
           config->liveness <= KA_LIVENESS_PROCESS && config->defer_evidence >= 0 &&
           config->defer_evidence <= 1 && config->interface >= 0 &&
           !((probing || config->interface > 0) && config->role == KA_ROLE_SOURCE) &&
           (!probing ||
            (config->probe_interval_ns >= KA_NS_PER_MS && config->probe_deadline_ns >= KA_NS_PER_MS));
}

static int start(struct ka_watch *watch) {
    if (watch->liveness != KA_LIVENESS_KEEPALIVE) {
        ka_probe_start(watch);
        return 0;
    }
    return ka_suspicion_start(watch);
}

int ka_watch_init(struct ka_watch *watch, int fd, uint64_t token, const struct ka_watch_config *config,
                  const struct ka_observation *earlier) {
    if (!is_valid(config)) {
        return -EINVAL;
    }
    *watch = (struct ka_watch){.token = token,
                               .deadline_ns = KA_NEVER,
                               .fd = fd,
                               .role = (uint8_t)config->role,
                               .liveness = (uint8_t)config->liveness,
                               .suspect_after = (uint8_t)config->suspect_probes,
                               .defer_evidence = (uint8_t)config->defer_evidence,
                               .probe_interval_ns = config->probe_interval_ns,
                               .probe_deadline_ns = config->probe_deadline_ns,
                               .interface = config->interface};
    int result = start(watch);
    if (watch->interface > 0 && watch->deadline_ns == KA_NEVER) {
        watch->deadline_ns = KA_NOT_YET;
    }
    if (result == 0 && earlier != NULL) {
        ka_observation_resume(earlier, watch);
    }
    return result;
}

void ka_begin_event(const struct ka_watch *watch, struct ka_event *event) {
    memset(event, 0, offsetof(struct ka_event, tcp_info));
    event->token = watch->token;
    event->fd = watch->fd;
}

static void begin_failure(const struct ka_watch *watch, struct ka_event *event, enum ka_cause cause,
                          int error) {
    ka_begin_event(watch, event);
    event->type = KA_EVENT_FAILED;
    event->cause = (int32_t)cause;
    event->error = error;
}

int ka_fail(const struct ka_watch *watch, struct ka_event *event, enum ka_cause cause, int error) {
    begin_failure(watch, event, cause, error);
    int result = ka_take_evidence(watch->fd, event);
    return result < 0 ? result : 1;
}

/* Reports a link that has ended, and leaves its evidence to ka_evidence if the caller wants that. */
static int ended(const struct ka_watch *watch, struct ka_event *event, enum ka_cause cause, int error) {
    if (!watch->defer_evidence) {
        return ka_fail(watch, event, cause, error);
    }
    begin_failure(watch, event, cause, error);
    event->verdict_ns = ka_now_ns();
    return 1;
}

/* A delayed ACK (RFC 1122, 4.2.3.2) would make a source look slow to its backup. And if a backup delays its
 * ACKs, the source estimates too long a round trip, and resends a lost answer too late. */
static void acknowledge_at_once(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

/* Returns the event that the bytes mean, or 0. What ends the link comes first. */
static int type_of(const struct ka_received *received) {
    return received->left        ? KA_EVENT_LEFT
           : received->violation ? KA_EVENT_VIOLATION
           : received->hold_back ? KA_EVENT_HOLD_BACK
           : received->promise   ? KA_EVENT_PROMISE
           : received->query     ? KA_EVENT_QUERY
                                 : 0;
}

static int handle_bytes(struct ka_watch *watch, struct ka_event *event, const uint8_t *bytes, size_t count) {
    struct ka_received received = ka_parse((enum ka_role)watch->role, watch->answers_owed, bytes, count);
    if (watch->role == KA_ROLE_SOURCE || watch->liveness != KA_LIVENESS_KEEPALIVE) {
        acknowledge_at_once(watch->fd);
    }
    if (received.answer > 0) {
        watch->answers_owed -= received.answer;
        watch->answer_owed = 0;
        watch->unread = 0;
    }
    watch->host_probed |= (uint8_t)received.probe;
    if (received.query && watch->host_probed) {
        ka_send(watch->fd, KA_ANSWER); /* this query asks only whether it was read; a failed send shows up as
                                          the link's failure */
        received.query = 0;
    }
    if (received.ended) {
        return ka_fail(watch, event, KA_CAUSE_WORKLOAD_ENDED, 0);
    }
    int type = type_of(&received);
    if (type == 0) {
        return 0;
    }
    ka_begin_event(watch, event);
    event->type = type;
    event->byte = type == KA_EVENT_PROMISE && received.query ? KA_QUERY : received.byte;
    int result = ka_take_evidence(watch->fd, event);
    return result < 0 ? result : 1;
}

static int accept_event(const struct ka_watch *watch, struct ka_event *event) {
    ka_begin_event(watch, event);
    event->type = KA_EVENT_ACCEPT;
    return 1;
}

static int is_transient(int error) {
    return error == EAGAIN || error == EINTR || error == ENOMEM || error == ENOBUFS;
}

static int is_misuse(int error) {
    return error == EBADF || error == ENOTSOCK || error == ENOTCONN;
}

static int is_closed(const struct ka_event *event) {
    return event->tcp_info_length > 0 && event->tcp_info[0] == TCP_STATE_CLOSE; /* tcpi_state */
}

/* After a FIN, recv() doesn't report a reset that followed it, but SO_ERROR does. While the connection still
 * exists, SO_ERROR isn't read. It might return a soft error (sk_err_soft) of the network, for example about
 * the acknowledgement of the FIN. */
static int finished(const struct ka_watch *watch, struct ka_event *event, int exists) {
    if (exists) {
        return ended(watch, event, KA_CAUSE_CLOSED, 0);
    }
    int result = ka_fail(watch, event, KA_CAUSE_CLOSED, 0);
    if (result < 0 || !is_closed(event)) {
        return result;
    }
    int error = ka_take_error(watch->fd);
    if (error < 0) {
        return error;
    }
    event->cause = (int32_t)ka_cause_of(error);
    event->error = error;
    return 1;
}

/* recv() comes first: it returns a farewell that arrived before a reset, and it reads and clears the pending
 * error. `exists` tells that the connection is known to exist still; else the kernel is asked. */
static int judge(struct ka_watch *watch, struct ka_event *event, int exists) {
    if (watch->listener) {
        return accept_event(watch, event);
    }
    uint8_t bytes[READ_SIZE];
    ssize_t count = recv(watch->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    watch->flooding = watch->role == KA_ROLE_SOURCE && count == READ_SIZE;
    if (count > 0) {
        return handle_bytes(watch, event, bytes, (size_t)count);
    }
    if (count < 0) {
        return is_transient(errno) ? 0
               : is_misuse(errno)  ? -errno
                                   : ended(watch, event, ka_cause_of(errno), errno);
    }
    return finished(watch, event, exists);
}

int ka_watch_ready(struct ka_watch *watch, struct ka_event *event) {
    return judge(watch, event, 0);
}

/* A connection that the kernel has ended is reported with POLLHUP (tcp_poll). So after a FIN TCP_INFO needn't
 * be read before the callback. */
int ka_watch_signalled(struct ka_watch *watch, uint32_t signs, struct ka_event *event) {
    return judge(watch, event, (signs & (POLLHUP | POLLERR)) == 0);
}

/* Says why the kernel's keepalive hasn't ended a silent link. It sends no probes while data is
 * unacknowledged. It doesn't count those that this host's own queue drops. If it has counted enough, its
 * timer is only late. */
static int silence_error(const struct ka_watch *watch, const struct tcp_info *info) {
    return info->tcpi_unacked > 0 ? 0 : info->tcpi_probes < watch->probes_limit ? ENOBUFS : ETIMEDOUT;
}

/* The socket is read first, as in probe.c. */
static int fall_silent(struct ka_watch *watch, struct ka_event *event) {
    struct tcp_info info = ka_evidence_of(event);
    int result = ka_watch_ready(watch, event);
    int error = result == 0 ? ka_take_error(watch->fd) : result;
    if (result != 0 || error < 0) {
        return error;
    }
    if (error > 0) {
        return ka_fail(watch, event, ka_cause_of(error), error);
    }
    return ka_fail(watch, event, KA_CAUSE_TIMED_OUT, silence_error(watch, &info));
}

/* The socket is read first: a source that stands down and is switched off says so before. Its pending error
 * isn't read: that may be a soft one of a connection that goes on. */
static int lose_carrier(struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_ready(watch, event);
    return result == 0 ? ka_fail(watch, event, KA_CAUSE_NO_CARRIER, 0) : result;
}

int ka_watch_due(struct ka_watch *watch, struct ka_event *event) {
    if (watch->carrier_lost) {
        return lose_carrier(watch, event);
    }
    if (watch->liveness != KA_LIVENESS_KEEPALIVE) {
        return ka_probe_check(watch, event);
    }
    ka_begin_event(watch, event);
    int result = ka_suspicion_check(watch, event);
    return result == KA_SILENT ? fall_silent(watch, event) : result;
}

int ka_is_final(const struct ka_event *event) {
    return event->type == KA_EVENT_FAILED || event->type == KA_EVENT_LEFT ||
           event->type == KA_EVENT_VIOLATION;
}
