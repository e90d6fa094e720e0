#ifndef KA_CAUSE_H
#define KA_CAUSE_H

#include "keepalive4j.h"

/* Names the cause that a socket's pending error stands for; 0 is the FIN's. */
enum ka_cause ka_cause_of(int error);

/* Takes SO_ERROR, which clears it. Returns the error, 0 for none, or -errno if it could not be read. */
int ka_take_error(int fd);

#endif
