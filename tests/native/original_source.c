/*
 * The source of the original, the article of 2014 that this project builds on. It listens, accepts
 * connections and keeps them open, but never reads from them. It tests interoperation.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_ANY)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1024) < 0) {
        perror(argv[1]);
        return 1;
    }
    puts("listening");
    fflush(stdout);
    while (accept(listener, NULL, NULL) >= 0) {
    }
    perror("accept");
    return 1;
}
