#ifndef HANDSHAKE_STEPS_H
#define HANDSHAKE_STEPS_H

#include "input.h"

/* Greets a peer that may answer anything, or nothing. */
void handshake(struct input *input);

#endif
