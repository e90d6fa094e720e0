#ifndef LOOPBACK_H
#define LOOPBACK_H

#include "keepalive4j.h"

/* Long enough for a busy machine under a sanitizer. A test that passes never waits so long. */
#define PATIENCE_MS 10000

/* Both ends of a link over the loopback device. */
struct pair {
    int listener;
    int link; /* the backup's end, made by ka_connect */
    int peer; /* the source's end, accepted */
    struct ka_address address;
};

struct ka_address loopback_address(int family, uint16_t port);

/* Returns a configuration with every option KA_UNSET, no device and no source address. */
struct ka_config unset_config(void);

/* Returns a configuration with keepalive on and these three values. */
struct ka_config keepalive_config(int idle_s, int interval_s, int count);

/* Calls ka_listen without keys and single hop. */
int listen_at(const struct ka_address *bind, int backlog, int v6only);

/* Listens on a port that the kernel chooses. `bound` receives the address. */
int listen_on_loopback(int family, struct ka_address *bound);

int connect_to(const struct ka_address *address, const struct ka_config *config);

/* Waits for a connection and accepts it. */
int accept_soon(int listener);

void open_pair(struct pair *pair, int family, const struct ka_config *config);

/* Closes the descriptors that are not -1. */
void close_pair(struct pair *pair);

/* Closes with an RST. */
void close_with_reset(int fd);

/* Returns whether the kernel was built with CONFIG_TCP_MD5SIG. If not, setting a key is -ENOPROTOOPT. */
int kernel_has_md5(void);

/* Waits until poll(2) reports one of `events` or an error. The test fails after PATIENCE_MS. */
void await_poll(int fd, short events);

/* Counts the open descriptors of this process. */
int count_descriptors(void);

int64_t now_ns(void);

#endif
