/* The alphabet, byte by byte, for either role. */
#include "protocol.h"

#include "check.h"

#include <string.h>

static struct ka_heard hear(enum ka_role role, const char *bytes) {
    return ka_hear(role, 0, (const uint8_t *)bytes, strlen(bytes));
}

static void check_every_byte(enum ka_role role, const char *alphabet) {
    for (int byte = 0; byte < 256; byte++) {
        uint8_t one = (uint8_t)byte;
        int known = byte != 0 && strchr(alphabet, byte) != NULL;
        struct ka_heard heard = ka_hear(role, 0, &one, 1);
        CHECK_EQ(heard.violation, !known);
        CHECK_EQ(heard.byte, known ? 0 : byte);
        CHECK_EQ(heard.left, role == KA_ROLE_BACKUP && byte == 'G');
        CHECK_EQ(heard.query, role == KA_ROLE_SOURCE && byte == 'Q');
    }
}

static void check_order(void) {
    CHECK(hear(KA_ROLE_BACKUP, "Gx").left);
    CHECK(!hear(KA_ROLE_BACKUP, "Gx").violation);
    CHECK(hear(KA_ROLE_BACKUP, "xG").violation);
    CHECK(!hear(KA_ROLE_BACKUP, "xG").left);
    CHECK(hear(KA_ROLE_SOURCE, "PPQP").query);
    CHECK(hear(KA_ROLE_SOURCE, "PQz").violation);
    CHECK_EQ(hear(KA_ROLE_SOURCE, "PQz").byte, 'z');
}

static struct ka_heard hear_answer(const char *bytes) {
    return ka_hear(KA_ROLE_BACKUP, 1, (const uint8_t *)bytes, strlen(bytes));
}

static void check_answer(void) {
    CHECK(hear_answer("A").answer);
    CHECK(!hear_answer("A").violation);
    CHECK(hear_answer("AA").violation);
    CHECK(hear_answer("AG").left);
    CHECK(!hear_answer("G").answer);
}

int main(void) {
    check_every_byte(KA_ROLE_BACKUP, "G");
    check_every_byte(KA_ROLE_SOURCE, "PQ");
    check_order();
    check_answer();
    return 0;
}
