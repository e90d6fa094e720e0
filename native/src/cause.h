#ifndef KA_CAUSE_H
#define KA_CAUSE_H

#include "keepalive4j.h"

/* Returns the cause for a socket's pending error. 0 stands for a FIN. */
enum ka_cause ka_cause_of(int error);

/* Reads SO_ERROR, which clears it. Returns the error, 0 for none, or -errno if it can't be read. */
int ka_take_error(int fd);

#endif
