#ifndef HANDSHAKE_STEPS_H
#define HANDSHAKE_STEPS_H

#include "input.h"

/* Runs the handshake with a peer that may answer anything, or nothing. */
void handshake(struct input *input);

#endif
