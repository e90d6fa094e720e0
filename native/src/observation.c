#include "observation.h"

static void resume_probes(const struct ka_observation *earlier, struct ka_watch *watch) {
    watch->next_probe_ns = earlier->next_probe_ns;
    watch->outstanding = earlier->outstanding;
    watch->answer_owed = earlier->answer_owed;
    watch->resent = earlier->resent;
    watch->sent_ns = earlier->sent_ns;
    watch->expires_ns = earlier->expires_ns;
    watch->forgiven_ns = earlier->forgiven_ns;
}

void ka_observation_resume(const struct ka_observation *earlier, struct ka_watch *watch) {
    if (earlier->begun == 0) {
        return;
    }
    watch->answers_owed = earlier->answers_owed;
    watch->unread = earlier->unread;
    watch->host_probed = earlier->host_probed;
    watch->suspected = watch->suspect_after > 0 && earlier->suspected;
    if (earlier->interface == watch->interface) {
        watch->carrier_counted = earlier->carrier_counted;
        watch->carrier_losses = earlier->carrier_losses;
    }
    if (earlier->begun != 1 + watch->liveness) { /* it was timed differently */
        return;
    }
    if (watch->liveness != KA_LIVENESS_KEEPALIVE) {
        watch->deadline_ns = earlier->deadline_ns;
        resume_probes(earlier, watch);
    } else if (earlier->deadline_ns < watch->deadline_ns) {
        watch->deadline_ns = earlier->deadline_ns;
        watch->late_checks = earlier->late_checks;
    }
}

void ka_observation_save(const struct ka_watch *watch, struct ka_observation *observation) {
    if (observation == NULL) {
        return;
    }
    *observation = (struct ka_observation){.deadline_ns = watch->deadline_ns,
                                           .sent_ns = watch->sent_ns,
                                           .expires_ns = watch->expires_ns,
                                           .forgiven_ns = watch->forgiven_ns,
                                           .next_probe_ns = watch->next_probe_ns,
                                           .unread = watch->unread,
                                           .answers_owed = watch->answers_owed,
                                           .interface = watch->interface,
                                           .carrier_losses = watch->carrier_losses,
                                           .carrier_counted = watch->carrier_counted,
                                           .begun = (uint8_t)(1 + watch->liveness),
                                           .outstanding = watch->outstanding,
                                           .answer_owed = watch->answer_owed,
                                           .resent = watch->resent,
                                           .suspected = watch->suspected,
                                           .late_checks = watch->late_checks,
                                           .host_probed = watch->host_probed};
}
