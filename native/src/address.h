#ifndef KA_ADDRESS_H
#define KA_ADDRESS_H

#include "keepalive4j.h"

#include <sys/socket.h>

/* Tells whether ka_address.family names IPv4 (4) or IPv6 (6). */
int ka_is_family(int family);

/* Converts an address for the kernel and returns the length of the result. */
socklen_t ka_to_sockaddr(const struct ka_address *address, struct sockaddr_storage *storage);

/* Converts an address that the kernel returned. */
void ka_from_sockaddr(const struct sockaddr_storage *storage, struct ka_address *address);

/* Binds a socket to an address. Returns 0 or -errno. */
int ka_bind(int fd, const struct ka_address *address);

#endif
