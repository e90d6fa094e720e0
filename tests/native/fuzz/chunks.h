#ifndef CHUNKS_H
#define CHUNKS_H

#include "input.h"

/* Checks that a stream means the same in chunks as in one piece. */
void chunks(struct input *input);

#endif
