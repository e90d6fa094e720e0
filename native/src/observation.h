#ifndef KA_OBSERVATION_H
#define KA_OBSERVATION_H

#include "watch.h"

/* Lets a watch that has just been prepared carry on where an earlier observer of the same link stopped. */
void ka_observation_resume(const struct ka_observation *earlier, struct ka_watch *watch);

/* Hands the link on to the next observer. `observation` may be NULL. */
void ka_observation_save(const struct ka_watch *watch, struct ka_observation *observation);

#endif
