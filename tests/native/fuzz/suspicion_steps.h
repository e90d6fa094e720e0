#ifndef SUSPICION_STEPS_H
#define SUSPICION_STEPS_H

#include "input.h"

/* Lets time pass under a link that is watched for unanswered probes, and checks each step of its suspicion.
 */
void suspicion(struct input *input);

#endif
