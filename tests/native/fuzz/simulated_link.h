/*
 * A TCP connection without a network: what one end sends arrives, and is acknowledged, when the input says
 * so, a byte or many at a time. The linker's --wrap puts it in the place of the calls that the shim makes on
 * a link.
 */
#ifndef SIMULATED_LINK_H
#define SIMULATED_LINK_H

#include "input.h"

#include <stddef.h>
#include <stdint.h>

/* The descriptors of the two ends, and their places in sim.end. */
enum { BACKUP_END, SOURCE_END, END_COUNT };

#define INBOX_SIZE 2048

struct sim_end {
    uint8_t inbox[INBOX_SIZE]; /* arrived and unread */
    size_t inbox_count;
    int fin;            /* follows what is in the inbox */
    int error;          /* a reset's, likewise; taken by the call that returns it */
    int is_reset;       /* whether it is taken or not */
    int soft_error;     /* what the network said of what is unacknowledged */
    size_t sent;        /* bytes, ever */
    uint8_t on_way[64]; /* sent and not arrived */
    size_t on_way_count;
    size_t unacked;  /* sent and not acknowledged, arrived or not */
    int64_t sent_ns; /* when the kernel sent last */
    int resends;     /* of what is unacknowledged, but for the loss probe */
    uint32_t window;
    int send_error; /* of the next send(2) */
};

struct sim {
    int64_t now_ns;
    int knows_window; /* a kernel that tells it: Linux 5.4 and later */
    struct sim_end end[END_COUNT];
    size_t largest_read;
    /* Called for each byte that an end tries to send. */
    void (*on_send)(int fd, uint8_t byte, int sent);
};

extern struct sim sim;

void sim_start(int64_t now_ns);

/* Puts a byte into an end's inbox; drops it where there is no room. */
void sim_arrive(int fd, uint8_t byte);

/* Lets so many of the bytes that an end has sent arrive at the other. */
void sim_deliver(int from, size_t count);

/* Acknowledges what has arrived. */
void sim_acknowledge(int from);

/* Sends again what is unacknowledged: first as the loss probe. */
void sim_resend(int from, int is_loss_probe);

/* What TCP_INFO tells of the time since the kernel sent last. */
uint32_t sim_sent_ms_ago(const struct sim_end *end);

void sim_reset(int fd, int error);

#endif
