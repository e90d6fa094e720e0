#include "cause.h"

#include "check.h"

#include <errno.h>

int main(void) {
    static const struct {
        int error;
        enum ka_cause cause;
    } table[] = {
        {0, KA_CAUSE_CLOSED},
        {ETIMEDOUT, KA_CAUSE_TIMED_OUT},
        {ECONNRESET, KA_CAUSE_RESET},
        {EPIPE, KA_CAUSE_RESET},
        {ECONNABORTED, KA_CAUSE_ABORTED},
        {EBADF, KA_CAUSE_ABORTED},
        {ENOTSOCK, KA_CAUSE_ABORTED},
        {ENOTCONN, KA_CAUSE_ABORTED},
        {EPERM, KA_CAUSE_ABORTED},
        {ENOSYS, KA_CAUSE_ABORTED},
        /* the errors that icmp_err_convert[] and icmpv6_err_convert() put on a socket */
        {EHOSTUNREACH, KA_CAUSE_UNREACHABLE},
        {ENETUNREACH, KA_CAUSE_UNREACHABLE},
        {EHOSTDOWN, KA_CAUSE_UNREACHABLE},
        {ENONET, KA_CAUSE_UNREACHABLE},
        {ENOPROTOOPT, KA_CAUSE_UNREACHABLE},
        {ECONNREFUSED, KA_CAUSE_UNREACHABLE},
        {EPROTO, KA_CAUSE_UNREACHABLE},
        {EACCES, KA_CAUSE_UNREACHABLE},
        {EOPNOTSUPP, KA_CAUSE_UNREACHABLE},
        {EMSGSIZE, KA_CAUSE_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        CHECK_EQ(ka_cause_of(table[i].error), table[i].cause);
    }
    CHECK_EQ(ka_take_error(-1), -EBADF);
    return 0;
}
