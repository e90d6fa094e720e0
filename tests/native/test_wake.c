/* ka_wake ends the ka_await_or_wake that waits, or else the next one, and does the link no harm. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS 1000000LL
#define INTERVAL_NS (25 * MS)
#define DEADLINE_NS (200 * MS)
#define ROUNDS 2000

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_PROCESS,
                                               .probe_interval_ns = INTERVAL_NS,
                                               .probe_deadline_ns = DEADLINE_NS};

/* A link and the descriptor that wakes its observer. */
struct scene {
    struct pair pair;
    int wake_fd;
    struct ka_observation observation;
    struct ka_event event;
    atomic_int ended;
};

static void open_scene(struct scene *scene) {
    struct ka_config config = keepalive_config(1, 1, 5);
    *scene = (struct scene){.wake_fd = ka_wake_open()};
    CHECK_GE(scene->wake_fd, 0);
    open_pair(&scene->pair, 4, &config);
}

static void close_scene(struct scene *scene) {
    CHECK_EQ(ka_close(scene->wake_fd), 0);
    close_pair(&scene->pair);
}

static int await(struct scene *scene, const struct ka_watch_config *config, int timeout_ms) {
    return ka_await_or_wake(scene->pair.link, scene->wake_fd, config, &scene->observation, timeout_ms,
                            &scene->event);
}

/* However many wakes came, they end one wait. */
static void check_wakes_before_the_wait(void) {
    struct scene scene;
    open_scene(&scene);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(ka_wake(scene.wake_fd), 0);
    }
    CHECK_EQ(await(&scene, &BACKUP, PATIENCE_MS), -ECANCELED);
    CHECK_EQ(await(&scene, &BACKUP, 10), 0);
    close_scene(&scene);
}

static void *await_for_ever(void *argument) {
    CHECK_EQ(await(argument, &BACKUP, -1), -ECANCELED);
    return NULL;
}

static void check_wake_during_the_wait(void) {
    struct scene scene;
    pthread_t thread;
    open_scene(&scene);
    CHECK_EQ(pthread_create(&thread, NULL, await_for_ever, &scene), 0);
    poll(NULL, 0, 20); /* the wait has probably begun; the result is the same if not */
    CHECK_EQ(ka_wake(scene.wake_fd), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    close_with_reset(scene.pair.peer);
    scene.pair.peer = -1;
    CHECK_EQ(await(&scene, &BACKUP, PATIENCE_MS), 1);
    CHECK_EQ(scene.event.cause, KA_CAUSE_RESET);
    close_scene(&scene);
}

/* The kernel tells an error once, so an event counts for more than a wake. The next wait ends by that. */
static void check_event_and_wake(void) {
    struct scene scene;
    open_scene(&scene);
    CHECK_EQ(ka_send(scene.pair.peer, 'G'), 1);
    await_poll(scene.pair.link, POLLIN);
    CHECK_EQ(ka_wake(scene.wake_fd), 0);
    CHECK_EQ(await(&scene, &BACKUP, PATIENCE_MS), 1);
    CHECK_EQ(scene.event.type, KA_EVENT_LEFT);
    CHECK_EQ(await(&scene, &BACKUP, PATIENCE_MS), -ECANCELED);
    close_scene(&scene);
}

/* The deadline of a probe goes on over wakes, and no second query is sent meanwhile. */
static void check_observation_is_kept(void) {
    struct scene scene;
    int wakes = 0;
    int result = 0;
    char byte;
    open_scene(&scene);
    int64_t started_ns = now_ns();
    while (result <= 0) {
        CHECK_EQ(ka_wake(scene.wake_fd), 0);
        result = await(&scene, &PROBING, 10);
        CHECK(result == 1 || result == -ECANCELED);
        wakes += result == -ECANCELED;
        result = result == 1 ? 1 : await(&scene, &PROBING, 10);
        CHECK_LE(now_ns() - started_ns, PATIENCE_MS * MS);
    }
    CHECK_EQ(scene.event.cause, KA_CAUSE_HUNG);
    CHECK_GE(scene.event.verdict_ns - started_ns, DEADLINE_NS);
    CHECK_GE(wakes, 2);
    CHECK_EQ(recv(scene.pair.peer, &byte, 1, MSG_DONTWAIT), 1);
    CHECK_EQ(byte, 'Q');
    CHECK_EQ(recv(scene.pair.peer, &byte, 1, MSG_DONTWAIT), -1);
    close_scene(&scene);
}

static void *wake_until_the_end(void *argument) {
    struct scene *scene = argument;
    while (!atomic_load(&scene->ended)) {
        CHECK_EQ(ka_wake(scene->wake_fd), 0);
    }
    return NULL;
}

/* A storm of wakes neither hides the end of a link nor makes one up. */
static void check_storm(void) {
    struct scene scene;
    pthread_t thread;
    int result = 0;
    open_scene(&scene);
    CHECK_EQ(pthread_create(&thread, NULL, wake_until_the_end, &scene), 0);
    for (int i = 0; i < ROUNDS; i++) {
        result = await(&scene, &BACKUP, 1);
        CHECK(result == 0 || result == -ECANCELED);
    }
    close_with_reset(scene.pair.peer);
    scene.pair.peer = -1;
    do {
        result = await(&scene, &BACKUP, PATIENCE_MS);
    } while (result == -ECANCELED);
    CHECK_EQ(result, 1);
    CHECK_EQ(scene.event.cause, KA_CAUSE_RESET);
    atomic_store(&scene.ended, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    close_scene(&scene);
}

/* A descriptor that isn't open ends the wait with an error, not as a wake. */
static void check_closed_wake_fd(void) {
    struct scene scene;
    struct ka_event event;
    open_scene(&scene);
    CHECK_EQ(ka_wake(-1), -EBADF);
    int closed = dup(scene.wake_fd);
    CHECK_EQ(close(closed), 0);
    CHECK_EQ(ka_await_or_wake(scene.pair.link, closed, &BACKUP, NULL, PATIENCE_MS, &event), -EBADF);
    CHECK_EQ(await(&scene, &BACKUP, 0), 0);
    close_scene(&scene);
}

static void check_without_descriptors(void) {
    struct rlimit limit;
    struct rlimit none;
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    CHECK_EQ(ka_wake_open(), -EMFILE);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    int fd = ka_wake_open();
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_close(fd), 0);
}

int main(void) {
    int descriptors = count_descriptors();
    check_wakes_before_the_wait();
    check_wake_during_the_wait();
    check_event_and_wake();
    check_observation_is_kept();
    check_storm();
    check_closed_wake_fd();
    check_without_descriptors();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
