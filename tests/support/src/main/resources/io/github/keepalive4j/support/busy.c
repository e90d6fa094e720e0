/* Keeps a processor busy for as long as its parent is PID: also where that is killed. usage: busy PID */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    pid_t parent = (pid_t)atol(argv[1]);
    while (getppid() == parent) {
        for (volatile long i = 0; i < 20000000; i++) {
        }
    }
    return 0;
}
