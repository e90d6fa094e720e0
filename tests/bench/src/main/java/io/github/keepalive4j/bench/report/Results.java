package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.IdleCost;
import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import java.util.Map;

/**
 * All that was measured, by subject. A measurement that was left out is empty.
 *
 * @param machine the machine and the software
 * @param peerDeath measurement 1, in ns
 * @param allocation what measurement 1 allocates, in bytes an event
 * @param silence measurement 2, the excess in ns
 * @param massDeath measurement 3, in ns, by number of links
 * @param idle measurement 4
 * @param openClose measurement 5, in opened and closed links a second
 * @param besideBfd measurement 6, in ns
 * @param firstFailure measurement 7, in ns
 */
record Results(
    Map<String, String> machine,
    Map<Ending, Map<String, Samples>> peerDeath,
    Map<String, Samples> allocation,
    Map<String, Samples> silence,
    Map<String, Map<Integer, MassDeath.Times>> massDeath,
    Map<String, IdleCost> idle,
    Map<String, Samples> openClose,
    Map<String, Samples> besideBfd,
    Map<String, Samples> firstFailure) {}
