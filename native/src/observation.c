#include "observation.h"

/* Probes and keepalive are timed differently, so a deadline counts for the same liveness only. */
static void resume_probes(const struct ka_observation *earlier, struct ka_watch *watch) {
    watch->deadline_ns = earlier->deadline_ns;
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
    if (watch->liveness != KA_LIVENESS_KEEPALIVE && earlier->begun == 1 + watch->liveness) {
        resume_probes(earlier, watch);
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
                                           .begun = (uint8_t)(1 + watch->liveness),
                                           .outstanding = watch->outstanding,
                                           .answer_owed = watch->answer_owed,
                                           .resent = watch->resent,
                                           .suspected = watch->suspected,
                                           .host_probed = watch->host_probed};
}
