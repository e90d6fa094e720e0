#ifndef GREETING_STEPS_H
#define GREETING_STEPS_H

#include "input.h"

/* Greets a peer that may answer anything, or nothing. */
void greeting(struct input *input);

#endif
