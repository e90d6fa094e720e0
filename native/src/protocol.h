#ifndef KA_PROTOCOL_H
#define KA_PROTOCOL_H

#include "keepalive4j.h"

#include <stddef.h>

/* What the bytes of one read mean to the half that heard them. */
struct ka_heard {
    int left;      /* the source stands down */
    int probe;     /* the peer asks for the host alone */
    int query;     /* the peer wants an answer */
    int answer;    /* so many that were owed */
    int violation; /* a byte outside the alphabet came... */
    uint8_t byte;  /* ... this one */
};

/*
 * Reads the bytes in order and stops at the first that ends the link: a farewell or a violation, which an
 * answer is too when none is owed any more.
 */
struct ka_heard ka_hear(enum ka_role role, int answers_owed, const uint8_t *bytes, size_t count);

#endif
