#ifndef CABLE_H
#define CABLE_H

#include "loopback.h"

/*
 * A cable between this process's network namespace and a second one: a veth pair. Its near end is `near0`
 * with 198.18.0.1, its far end `far0` with 198.18.0.2. The kernel removes both with the namespaces.
 */
void lay_cable(void);

/* Connects and disconnects. Returns once the kernel has reported it here. */
void plug_in(void);
void unplug(void);

/* Runs a command in the far namespace. */
void run_far(const char *command);

/* Moves the thread into the far namespace, and back. */
void go_far(void);
void come_back(void);

/* Moves an interface into the far namespace. */
void move_away(const char *name);

/* Opens a link over the cable. */
void open_far_pair(struct pair *pair, const struct ka_config *config);

/* Returns an interface's index. */
int index_of(const char *name);

#endif
