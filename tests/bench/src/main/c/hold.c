#include "bench.h"

#include <errno.h>
#include <signal.h>

int kb_hold(int pid, int held) {
    return kill(pid, held ? SIGSTOP : SIGCONT) < 0 ? -errno : 0;
}
