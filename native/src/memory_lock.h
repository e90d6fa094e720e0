#ifndef KA_MEMORY_LOCK_H
#define KA_MEMORY_LOCK_H

/*
 * Locks pages in memory (MLOCK_ONFAULT): those that are in memory now, others once they are used. Mappings of
 * which little is used cost no memory then.
 */

/* Locks what the process can execute, also what a JIT compiler has made, and this library's data. Returns 0,
 * or -errno; some of it may be locked then. */
int ka_memory_lock_code(void);

void ka_memory_unlock_code(void);

/* Finds out whether some threads' stacks could be locked, too. Returns 0 or -errno. */
int ka_memory_try_stacks(void);

/* Locks the calling thread's stack. Returns 0 or -errno. */
int ka_memory_lock_stack(void);

void ka_memory_unlock_stack(void);

#endif
