#include "keepalive4j.h"

#include "options.h"
#include "sockets.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

/* Fields of struct tcp_info that the build machine's linux/tcp.h may not have yet: since Linux 4.6 and 5.4.
 */
#define NOTSENT_BYTES_OFFSET 144
#define SND_WND_OFFSET 228

static int64_t field(const uint8_t *info, int length, int offset) {
    uint32_t value = 0;
    if (length < offset + (int)sizeof value) {
        return -1;
    }
    memcpy(&value, info + offset, sizeof value);
    return value;
}

/* Fails unless the descriptor is a TCP socket. */
static int read_info(struct ka_socket_look *look) {
    uint8_t bytes[KA_TCP_INFO_SIZE] = {0};
    int length = ka_tcp_info(look->fd, bytes, sizeof bytes);
    if (length < 0) {
        return length == -EOPNOTSUPP || length == -ENOPROTOOPT ? -EPROTOTYPE : length;
    }
    struct tcp_info info;
    memcpy(&info, bytes, sizeof info < sizeof bytes ? sizeof info : sizeof bytes);
    look->state = info.tcpi_state;
    look->probes = info.tcpi_probes;
    look->retransmits = info.tcpi_retransmits;
    look->backoff = info.tcpi_backoff;
    look->unacked = info.tcpi_unacked;
    look->not_sent = field(bytes, length, NOTSENT_BYTES_OFFSET);
    look->send_window = field(bytes, length, SND_WND_OFFSET);
    look->since_ack_ms = info.tcpi_last_ack_recv;
    look->since_heard_ms = info.tcpi_last_data_recv < info.tcpi_last_ack_recv ? info.tcpi_last_data_recv
                                                                              : info.tcpi_last_ack_recv;
    look->since_sent_ms = info.tcpi_last_data_sent;
    look->rto_us = info.tcpi_rto;
    return 0;
}

/* A listener has no such queue: EINVAL. */
static void read_queue(struct ka_socket_look *look) {
    int bytes = 0;
    int nothing = look->unacked == 0 && look->not_sent == 0;
    look->queued_bytes = nothing || ioctl(look->fd, SIOCOUTQ, &bytes) < 0 ? 0 : bytes;
}

static int read_option(int fd, enum ka_option option, int32_t *value) {
    int64_t wide = 0;
    int result = ka_read_option(fd, option, &wide);
    *value = (int32_t)wide;
    return result;
}

static int read_options(struct ka_socket_look *look) {
    const struct {
        enum ka_option option;
        int32_t *value;
    } wanted[] = {
        {KA_SO_KEEPALIVE, &look->keepalive},           {KA_TCP_KEEPIDLE, &look->idle_s},
        {KA_TCP_KEEPINTVL, &look->interval_s},         {KA_TCP_KEEPCNT, &look->count},
        {KA_TCP_USER_TIMEOUT, &look->user_timeout_ms},
    };
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof wanted / sizeof wanted[0]; i++) {
        result = read_option(look->fd, wanted[i].option, wanted[i].value);
    }
    return result;
}

static int check_cookie(const struct ka_socket_look *look) {
    uint64_t cookie = 0;
    int result = ka_read_cookie(look->fd, &cookie);
    if (result == 0 && (look->cookie == 0 || look->cookie == cookie)) {
        return 0;
    }
    return result == -ENOPROTOOPT ? result : -ESTALE;
}

static int look_at(struct ka_socket_look *look) {
    int result = read_info(look);
    if (result == 0) {
        read_queue(look);
        result = look->skip_options ? 0 : read_options(look);
    }
    int same = check_cookie(look);
    if (same == 0 && (result == -EBADF || result == -ENOTSOCK)) {
        return -ESTALE; /* a duplicate of the socket has left its number to the next duplicate */
    }
    return same < 0 ? same : result;
}

int ka_look_at_sockets(struct ka_socket_look *looks, int count) {
    for (int i = 0; i < count; i++) {
        looks[i].error = look_at(&looks[i]);
    }
    return 0;
}
