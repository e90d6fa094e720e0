#ifndef SUSPICION_STEPS_H
#define SUSPICION_STEPS_H

#include "input.h"

/* Lets time pass on a link that is watched for unanswered probes, and checks every suspicion and recovery. */
void suspicion(struct input *input);

#endif
