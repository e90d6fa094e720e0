/*
 * A peer in a separate process. It prints its port. For each line on standard input it prints the number of
 * connections accepted so far. It ends when its standard input ends, and its end closes all connections: with
 * a reset (argument "reset") or a FIN ("fin"). With "release" it keeps the latest RECENT connections only,
 * and resets the older ones meanwhile.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECENT 256

static int open_listener(void) {
    struct sockaddr_in any = {.sin_family = AF_INET};
    socklen_t length = sizeof any;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&any, length) < 0 || listen(fd, 4096) < 0 ||
        getsockname(fd, (struct sockaddr *)&any, &length) < 0) {
        return -1;
    }
    printf("%d\n", ntohs(any.sin_port));
    fflush(stdout);
    return fd;
}

static struct linger linger;
static int recent[RECENT]; /* the open connections with "release"; 0 for none */
static int releasing;
static int accepted;

static void release_oldest(int fd) {
    int *place = &recent[accepted % RECENT];
    if (*place != 0) {
        close(*place);
    }
    *place = fd;
}

static void accept_all(int listener) {
    for (int fd = accept(listener, NULL, NULL); fd >= 0; fd = accept(listener, NULL, NULL)) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        accepted++;
        if (releasing) {
            release_oldest(fd);
        }
    }
}

static int answer(void) {
    char line[16];
    if (read(STDIN_FILENO, line, sizeof line) <= 0) {
        return -1;
    }
    printf("%d\n", accepted);
    fflush(stdout);
    return 0;
}

static int serve(int listener) {
    struct pollfd entries[] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    for (;;) {
        if (poll(entries, 2, -1) < 0 && errno != EINTR) {
            return 1;
        }
        accept_all(listener);
        if (entries[1].revents != 0 && answer() < 0) {
            return 0;
        }
    }
}

int main(int argc, char **argv) {
    const char *ending = argc == 2 ? argv[1] : "";
    releasing = strcmp(ending, "release") == 0;
    linger.l_onoff = releasing || strcmp(ending, "reset") == 0;
    int listener = open_listener();
    if (listener < 0) {
        perror("keepalive-bench-peer");
        return 1;
    }
    return serve(listener);
}
