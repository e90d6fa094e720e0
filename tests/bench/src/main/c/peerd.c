/*
 * A peer in a process of its own, whose end resets or closes everything that it has accepted. Prints its
 * port, then, for each line on standard input, the number of connections accepted so far. Argument: "reset"
 * or "fin", what its connections shall end with. It ends with its standard input.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static int accept_all(int listener, const struct linger *linger) {
    int count = 0;
    for (int fd = accept(listener, NULL, NULL); fd >= 0; fd = accept(listener, NULL, NULL)) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, sizeof *linger);
        count++;
    }
    return count;
}

static int answer(int accepted) {
    char line[16];
    if (read(STDIN_FILENO, line, sizeof line) <= 0) {
        return -1;
    }
    printf("%d\n", accepted);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv) {
    struct linger linger = {.l_onoff = argc == 2 && strcmp(argv[1], "reset") == 0};
    int listener = open_listener();
    if (listener < 0) {
        perror("keepalive-bench-peer");
        return 1;
    }
    struct pollfd entries[] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    int accepted = 0;
    for (;;) {
        if (poll(entries, 2, -1) < 0 && errno != EINTR) {
            return 1;
        }
        accepted += accept_all(listener, &linger);
        if (entries[1].revents != 0 && answer(accepted) < 0) {
            return 0;
        }
    }
}
