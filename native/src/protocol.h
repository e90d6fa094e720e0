#ifndef KA_PROTOCOL_H
#define KA_PROTOCOL_H

#include "keepalive4j.h"

#include <stddef.h>

/* The bytes of the protocol. A backup sends the first three, a source the others. */
#define KA_PROBE 'P' /* asks for the acknowledgement of the source's kernel alone */
#define KA_QUERY 'Q' /* asks for an answer */
#define KA_PROMISE                                                                                           \
    'Y' /* to hold back: the answer to KA_HOLD_BACK; before the first query: KA_ENDED is known */
#define KA_ANSWER 'A'    /* to a query */
#define KA_FAREWELL 'G'  /* the source stands down */
#define KA_HOLD_BACK 'H' /* asks the backup not to take over for a while */
#define KA_ENDED 'E'     /* the workload, for which the source stands, has ended */

/* What the bytes of one read mean to the side that received them. */
struct ka_received {
    int left;      /* a farewell came: the source stands down */
    int ended;     /* the source's workload has ended */
    int probe;     /* a probe came: the peer watches the host */
    int query;     /* a query came: the peer wants an answer */
    int answer;    /* how many answers came that were owed */
    int hold_back; /* the source asks the backup to hold back */
    int promise;   /* the backup promises that */
    int violation; /* a byte came that this side may not receive */
    uint8_t byte;  /* that byte, else 0 */
};

/*
 * Reads the bytes in order and stops at the first that ends the link: a farewell, the workload's end or a
 * violation. An answer beyond the answers_owed is a violation, too.
 */
struct ka_received ka_parse(enum ka_role role, int answers_owed, const uint8_t *bytes, size_t count);

#endif
