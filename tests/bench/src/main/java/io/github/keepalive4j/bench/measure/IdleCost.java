package io.github.keepalive4j.bench.measure;

/**
 * What idle links cost.
 *
 * @param links how many
 * @param seconds for how long
 * @param threads threads that the subject started
 * @param wakeUps times that they came out of a wait (voluntary context switches)
 * @param cpuMs processor time that they took, in ms
 * @param heapBytesPerLink growth of the Java heap after a collection
 * @param nativeBytesPerLink growth of what malloc(3) has given out
 * @param residentBytesPerLink growth of the process's resident memory
 */
public record IdleCost(
    int links,
    double seconds,
    int threads,
    long wakeUps,
    double cpuMs,
    double heapBytesPerLink,
    double nativeBytesPerLink,
    double residentBytesPerLink) {}
