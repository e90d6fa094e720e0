#ifndef LOOPBACK_H
#define LOOPBACK_H

#include "keepalive4j.h"

/* Long enough for a loaded machine under a sanitizer; a test that passes never waits for it. */
#define PATIENCE_MS 10000

/* A link over the loopback device, from either end. */
struct pair {
    int listener;
    int link; /* the backup's end, made by ka_connect */
    int peer; /* the source's end, accepted */
    struct ka_address address;
};

struct ka_address loopback_address(int family, uint16_t port);

/* Every option KA_UNSET, no device, no source address. */
struct ka_config unset_config(void);

/* Keepalive with these three and nothing else. */
struct ka_config keepalive_config(int idle_s, int interval_s, int count);

/* Returns as ka_listen, without keys and single hop. */
int listen_at(const struct ka_address *bind, int backlog, int v6only);

/* Listens on a port of the kernel's choice, which comes back in `bound`. */
int listen_on_loopback(int family, struct ka_address *bound);

int connect_to(const struct ka_address *address, const struct ka_config *config);

/* Accepts a connection that is on its way. */
int accept_soon(int listener);

void open_pair(struct pair *pair, int family, const struct ka_config *config);

/* Closes what is not -1. */
void close_pair(struct pair *pair);

/* Closes with an RST. */
void close_with_reset(int fd);

/* Whether the kernel was built with CONFIG_TCP_MD5SIG; without, setting a key is -ENOPROTOOPT. */
int kernel_has_md5(void);

/* Waits until poll(2) reports one of `events` (or an error); fails the test when it doesn't. */
void await_poll(int fd, short events);

/* The open descriptors of this process. */
int count_descriptors(void);

int64_t now_ns(void);

#endif
