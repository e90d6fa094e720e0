#ifndef KA_INTERFACE_H
#define KA_INTERFACE_H

#include <stdint.h>

/* Asks without waiting for anybody who configures interfaces, in the socket's network namespace. Returns 0,
 * -ENETDOWN if the interface is down or has no carrier, -ENODEV if there is none, or another -errno. */
int ka_interface_check(int fd, int32_t index);

#endif
