#ifndef CHUNKS_H
#define CHUNKS_H

#include "input.h"

/* Cuts a stream into chunks, and checks that it means the same as in one piece. */
void chunks(struct input *input);

#endif
