#ifndef KA_SOCKETS_H
#define KA_SOCKETS_H

#include <stdint.h>

/* Reads a socket's cookie. Returns 0 or -errno: -EBADF, -ENOTSOCK, or -ENOPROTOOPT before Linux 4.12. */
int ka_read_cookie(int fd, uint64_t *cookie);

#endif
