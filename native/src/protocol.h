#ifndef KA_PROTOCOL_H
#define KA_PROTOCOL_H

#include "keepalive4j.h"

#include <stddef.h>

/* What the bytes of one read mean to the half that heard them. */
struct ka_heard {
    int left;      /* the source stands down */
    int query;     /* an answer is owed */
    int violation; /* a byte outside the alphabet came... */
    uint8_t byte;  /* ... this one */
};

/* Reads the bytes in order and stops at the first that ends the link: a farewell or a violation. */
struct ka_heard ka_hear(enum ka_role role, const uint8_t *bytes, size_t count);

#endif
