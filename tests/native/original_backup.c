/*
 * The backup of the original (original_source.c). It sets four options, connects, and takes any readable
 * event for the source's failure. It tests interoperation.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void set_options(int fd) {
    int keepalive = 1;
    int count = 5;
    int idle = 1;
    int interval = 1;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keepalive, sizeof keepalive);
    setsockopt(fd, SOL_TCP, TCP_KEEPCNT, &count, sizeof count);
    setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, SOL_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s HOST PORT\n", argv[0]);
        return 2;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(argv[2])),
                                  .sin_addr.s_addr = inet_addr(argv[1])};
    set_options(fd);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        perror(argv[1]);
        return 1;
    }
    puts("connected");
    fflush(stdout);
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    poll(&entry, 1, -1);
    puts("failover");
    fflush(stdout);
    return 0;
}
