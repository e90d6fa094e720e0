/*
 * A TCP connection without a network. The input decides when sent bytes arrive and are acknowledged, and how
 * many at a time. The linker's --wrap replaces the calls that the shim makes on a link.
 */
#ifndef SIMULATED_LINK_H
#define SIMULATED_LINK_H

#include "input.h"

#include <stddef.h>
#include <stdint.h>

/* The descriptors of the two ends, which are their indexes in sim.end, too. */
enum { BACKUP_END, SOURCE_END, END_COUNT };

#define INBOX_SIZE 2048

struct sim_end {
    uint8_t inbox[INBOX_SIZE]; /* arrived and unread */
    size_t inbox_count;
    int fin;            /* comes after the bytes in the inbox */
    int error;          /* of a reset, likewise; the call that returns it clears it */
    int is_reset;       /* also after the error was cleared */
    int soft_error;     /* the network's error about unacknowledged bytes */
    size_t sent;        /* bytes in total */
    uint8_t on_way[64]; /* sent and not arrived */
    size_t on_way_count;
    size_t unacked;  /* sent and not acknowledged, arrived or not */
    int64_t sent_ns; /* when the kernel last sent something */
    int resends;     /* of unacknowledged bytes, without the loss probe */
    uint32_t window;
    int send_error; /* of the next send(2) */
};

struct sim {
    int64_t now_ns;
    int knows_window; /* the kernel reports the window: Linux 5.4 and later */
    struct sim_end end[END_COUNT];
    size_t largest_read;
    /* Called for each byte that an end tries to send. */
    void (*on_send)(int fd, uint8_t byte, int sent);
};

extern struct sim sim;

void sim_start(int64_t now_ns);

/* Puts a byte into an end's inbox, or drops it if there is no room. */
void sim_arrive(int fd, uint8_t byte);

/* Delivers `count` of the bytes that an end has sent to the other end. */
void sim_deliver(int from, size_t count);

/* Acknowledges the bytes that have arrived. */
void sim_acknowledge(int from);

/* Resends the unacknowledged bytes, perhaps as the loss probe. */
void sim_resend(int from, int is_loss_probe);

/* Returns what TCP_INFO reports as the time since the kernel last sent something. */
uint32_t sim_sent_ms_ago(const struct sim_end *end);

void sim_reset(int fd, int error);

#endif
