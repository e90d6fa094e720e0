#include "keepalive4j.h"

#include "address.h"
#include "cause.h"
#include "gtsm.h"
#include "options.h"
#include "timeout.h"
#include "wait.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_FLAGS_OFFSET 13

static int stream_socket(int family) {
    if (!ka_is_family(family)) {
        return -EAFNOSUPPORT;
    }
    int fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

static int set_up(int fd, const struct ka_config *config, int32_t *failed) {
    int result = ka_apply(fd, config, failed);
    if (result == 0 && config->source.family != 0) {
        *failed = KA_STEP_BIND;
        result = ka_bind(fd, &config->source);
    }
    return result;
}

int ka_open(int family, const struct ka_config *config, int32_t *failed) {
    *failed = KA_STEP_SOCKET;
    int fd = stream_socket(family);
    if (fd < 0) {
        return fd;
    }
    int result = set_up(fd, config, failed);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int ka_connect(int fd, const struct ka_address *peer, int timeout_ms) {
    if (timeout_ms < 1) {
        return -EINVAL;
    }
    if (!ka_is_family(peer->family)) {
        return -EAFNOSUPPORT;
    }
    int64_t deadline_ns = ka_deadline_after_ms(timeout_ms);
    struct sockaddr_storage storage;
    socklen_t length = ka_to_sockaddr(peer, &storage);
    if (connect(fd, (struct sockaddr *)&storage, length) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        return -errno;
    }
    int result = ka_wait_fd(fd, POLLOUT, deadline_ns);
    if (result < 0) {
        return result;
    }
    int error = ka_take_error(fd);
    return error > 0 ? -error : error;
}

static int is_switch(int32_t value) {
    return value == 0 || value == 1;
}

static int is_valid(const struct ka_listen_config *config) {
    return config->backlog >= 1 && is_switch(config->v6only) && is_switch(config->single_hop) &&
           config->key_count >= 0;
}

static int set_listener_options(int fd, int family, const struct ka_listen_config *config) {
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) {
        return -errno;
    }
    if (family == 6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &config->v6only, sizeof config->v6only) < 0) {
        return -errno;
    }
    return 0;
}

/* Called before listen(2), so that not even the first segment is accepted without the keys. */
static int set_trust(int fd, const struct ka_listen_config *config, const struct ka_md5_key *keys,
                     int32_t *failed) {
    *failed = KA_SINGLE_HOP;
    int result = config->single_hop ? ka_set_single_hop(fd, 1) : 0;
    for (int32_t i = 0; result == 0 && i < config->key_count; i++) {
        *failed = KA_STEP_MD5SIG;
        result = ka_set_md5_key(fd, &keys[i]);
    }
    return result;
}

/* Accepted connections inherit the options, so that an option the kernel refuses fails here, before any
 * backup has connected. */
static int start_listening(int fd, const struct ka_address *bind, const struct ka_listen_config *config,
                           const struct ka_md5_key *keys, const struct ka_config *accepted, int32_t *failed) {
    *failed = KA_STEP_LISTEN;
    int result = set_listener_options(fd, bind->family, config);
    if (result == 0) {
        result = set_trust(fd, config, keys, failed);
    }
    if (result == 0 && accepted != NULL) {
        result = ka_apply(fd, accepted, failed);
    }
    if (result == 0) {
        *failed = KA_STEP_BIND;
        result = ka_bind(fd, bind);
    }
    if (result < 0) {
        return result;
    }
    ka_shorten_ack_timers(fd);
    *failed = KA_STEP_LISTEN;
    return listen(fd, config->backlog) < 0 ? -errno : 0;
}

int ka_listen(const struct ka_address *bind, const struct ka_listen_config *config,
              const struct ka_md5_key *keys, const struct ka_config *accepted, int32_t *failed) {
    *failed = KA_STEP_LISTEN;
    if (!is_valid(config)) {
        return -EINVAL;
    }
    *failed = KA_STEP_SOCKET;
    int fd = stream_socket(bind->family);
    if (fd < 0) {
        return fd;
    }
    int result = start_listening(fd, bind, config, keys, accepted, failed);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

/* A connection that died in the queue is not the listener's error: accept(2), "Error handling". */
static int accept_live(int listener, struct sockaddr_storage *storage) {
    for (;;) {
        socklen_t length = sizeof *storage;
        int fd = accept4(listener, (struct sockaddr *)storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            return fd;
        }
        if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO) {
            return -errno;
        }
    }
}

int ka_accept(int listener, struct ka_address *peer) {
    struct sockaddr_storage storage = {0};
    int fd = accept_live(listener, &storage);
    if (fd >= 0) {
        ka_from_sockaddr(&storage, peer);
    }
    return fd;
}

/* A listener closed without this resets the connections that complete their handshake meanwhile. The filter
 * sees a segment from its TCP header on; byte 13 has the flags (RFC 9293, 3.1). */
int ka_drop_syns(int listener) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_OFFSET),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TH_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    struct sock_fprog filter = {.len = sizeof code / sizeof code[0], .filter = code};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ? -errno : 0;
}

int ka_send(int fd, char byte) {
    ssize_t sent = send(fd, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : (int)sent;
}

int ka_shutdown(int fd) {
    return shutdown(fd, SHUT_RDWR) < 0 ? -errno : 0;
}

int ka_close(int fd) {
    return close(fd) < 0 ? -errno : 0;
}
