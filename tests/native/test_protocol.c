/* Every byte of the protocol, and every other byte, for both roles. */
#include "protocol.h"

#include "check.h"

#include <string.h>

static struct ka_received parse(enum ka_role role, const char *bytes) {
    return ka_parse(role, 0, (const uint8_t *)bytes, strlen(bytes));
}

static void check_every_byte(enum ka_role role, const char *alphabet) {
    for (int byte = 0; byte < 256; byte++) {
        uint8_t one = (uint8_t)byte;
        int known = byte != 0 && strchr(alphabet, byte) != NULL;
        struct ka_received received = ka_parse(role, 0, &one, 1);
        CHECK_EQ(received.violation, !known);
        CHECK_EQ(received.byte, known ? 0 : byte);
        CHECK_EQ(received.left, role == KA_ROLE_BACKUP && byte == 'G');
        CHECK_EQ(received.ended, role == KA_ROLE_BACKUP && byte == 'E');
        CHECK_EQ(received.query, role == KA_ROLE_SOURCE && byte == 'Q');
        CHECK_EQ(received.hold_back, role == KA_ROLE_BACKUP && byte == 'H');
        CHECK_EQ(received.promise, role == KA_ROLE_SOURCE && byte == 'Y');
    }
}

static void check_order(void) {
    CHECK(parse(KA_ROLE_BACKUP, "Gx").left);
    CHECK(!parse(KA_ROLE_BACKUP, "Gx").violation);
    CHECK(parse(KA_ROLE_BACKUP, "xG").violation);
    CHECK(!parse(KA_ROLE_BACKUP, "xG").left);
    CHECK(parse(KA_ROLE_SOURCE, "PPQP").query);
    CHECK(parse(KA_ROLE_BACKUP, "HG").left);
    CHECK(parse(KA_ROLE_BACKUP, "HEx").ended);
    CHECK(!parse(KA_ROLE_BACKUP, "Ex").violation);
    CHECK(!parse(KA_ROLE_BACKUP, "GE").ended);
    CHECK(!parse(KA_ROLE_BACKUP, "EG").left);
    CHECK(parse(KA_ROLE_SOURCE, "QY").query);
    CHECK(parse(KA_ROLE_SOURCE, "QY").promise);
    CHECK(parse(KA_ROLE_SOURCE, "PQz").violation);
    CHECK_EQ(parse(KA_ROLE_SOURCE, "PQz").byte, 'z');
}

static struct ka_received parse_answer(const char *bytes) {
    return ka_parse(KA_ROLE_BACKUP, 1, (const uint8_t *)bytes, strlen(bytes));
}

static void check_answer(void) {
    CHECK(parse_answer("A").answer);
    CHECK(!parse_answer("A").violation);
    CHECK(parse_answer("AA").violation);
    CHECK(parse_answer("AG").left);
    CHECK(!parse_answer("G").answer);
}

int main(void) {
    check_every_byte(KA_ROLE_BACKUP, "EGH");
    check_every_byte(KA_ROLE_SOURCE, "PQY");
    check_order();
    check_answer();
    return 0;
}
