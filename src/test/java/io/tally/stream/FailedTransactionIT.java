package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.GroupState;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures in the middle of transactions, in processes that only note that they should have stopped: what the rules behind
 * the stop hold back when Kafka Streams goes on.
 */
@Timeout(150)
class FailedTransactionIT {
    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;

    private final RecordedFailStop failStop = new RecordedFailStop();
    private final FailingProcessor.Supplier processors = new FailingProcessor.Supplier();

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    /**
     * One task's unclean close aborts the thread's transaction, and in a rebalance nothing was committed before. Its sibling
     * would go on and commit the offset of an input record whose outcome was aborted.
     */
    @Test
    void shouldLoseNoOutcomeOfASiblingOfAFailedTask() throws Exception {
        // Given: a rebalance that a third instance asks for and that the second holds up.
        TestLedger test = new TestLedger(rig, "siblings", 4);
        String held = "";
        try (LedgerStreams ledger = startFailing(test.settings("one", Map.of("heartbeat.interval.ms", "100")));
                LedgerStreams other = start(test.settings("two", HeldSends.settings()))) {
            await(() -> TestLedger.partitionsOf(ledger).size() == 2
                    && TestLedger.partitionsOf(other).size() == 2);
            List<Integer> mine = TestLedger.partitionsOf(ledger);
            held = test.userOf(TestLedger.partitionsOf(other).get(0), HeldSends.MARK);
            List<UUID> uids = new ArrayList<>(test.depositTogether(held));
            HeldSends.awaitReached(held);
            try (LedgerStreams third = start(test.settings("three", Map.of()))) {
                await(() -> groupState("siblings") == GroupState.PREPARING_REBALANCE);

                // When: a decision of one task that is not committed, then the failure of another.
                uids.addAll(untilUncommitted(test, test.userOf(mine.get(0), "sibling-")));
                assertThat(groupState("siblings")).isEqualTo(GroupState.PREPARING_REBALANCE);
                uids.addAll(test.depositTogether(test.userOf(mine.get(1), FailingProcessor.BEFORE)));
                await(() -> !failStop.reasons().isEmpty());
                HeldSends.release(held);

                // Then
                awaitOneOutcomeEach(test, uids);
                assertThat(third.settings()).isEqualTo(ledger.settings());
            }
        } finally {
            HeldSends.release(held);
        }
    }

    private LedgerStreams startFailing(StreamSettings settings) {
        return new LedgerStart(settings, failStop).run(() -> {}, processors);
    }

    private static LedgerStreams start(StreamSettings settings) {
        return new LedgerStart(settings, new RecordedFailStop()).run(() -> {});
    }

    /** Deposits until the instance has heard of the rebalance: from then on it decides, but does not commit. */
    private List<UUID> untilUncommitted(TestLedger test, String user) {
        List<UUID> uids = new ArrayList<>();
        do {
            processors.processed().remove(user);
            uids.addAll(test.depositTogether(user));
            await(() -> processors.processed().contains(user));
        } while (isCommittedSoon(test, uids.get(uids.size() - 1)));
        return uids;
    }

    private static boolean isCommittedSoon(TestLedger test, UUID uid) {
        try {
            // More than a commit takes on a machine that has much else to do.
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> test.outcomesOf(uid) > 0);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** After a send that timed out, Kafka Streams commits the others' offsets and with them what the failed task had sent. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "500"})
    void shouldNotCommitHalfOfARecord(String recordsInAPoll) {
        // Given: a transaction of several polls, and of one.
        TestLedger test = new TestLedger(rig, "half-" + recordsInAPoll, 1);
        try (LedgerStreams ledger = startFailing(test.settings("one", Map.of("max.poll.records", recordsInAPoll)))) {
            // When
            List<UUID> uids = test.depositTogether("ada", FailingProcessor.BETWEEN, "eve");

            // Then
            awaitOneOutcomeEach(test, uids);
            assertThat(processors.early()).isEmpty();
            assertThat(failStop.reasons()).first().asString().contains("left out the offsets of partitions [0]");
            assertThat(failStop.reasons()).anyMatch(reason -> reason.endsWith("closes in the middle of a transaction"));
            await(() -> test.balance(ledger, "eve").equals(TestLedger.found("eve", 1)));
            assertThat(test.balance(ledger, FailingProcessor.BETWEEN))
                    .isEqualTo(TestLedger.found(FailingProcessor.BETWEEN, 1));
        }
    }

    /** Otherwise the outcome would be true, and the balance that it tells nowhere after the next restore. */
    @Test
    void shouldNotCommitWhatTheJournalLacks() {
        // Given
        TestLedger test = new TestLedger(rig, "unjournalled", 1);
        try (LedgerStreams ledger = startFailing(test.settings("one", Map.of()))) {
            await(ledger::isRunning);

            // When
            List<UUID> uids = test.depositTogether(FailingProcessor.UNJOURNALLED);

            // Then: it is decided once more, and the store knows nothing that its journal does not.
            awaitOneOutcomeEach(test, uids);
            assertThat(failStop.reasons())
                    .first()
                    .isEqualTo("a commit came before the journal had the entries of partitions [0]");
            assertThat(test.balance(ledger, FailingProcessor.UNJOURNALLED))
                    .isEqualTo(TestLedger.found(FailingProcessor.UNJOURNALLED, 1));
        }
    }

    private static void awaitOneOutcomeEach(TestLedger test, List<UUID> uids) {
        uids.forEach(test::awaitOutcomeOf);
        // One more, so that whatever else was to come has come.
        String last = test.userOf(0, "last-");
        test.awaitOutcomeOf(test.depositTogether(last).get(0));
        assertThat(uids).allSatisfy(uid -> assertThat(test.outcomesOf(uid)).isEqualTo(1));
        assertThat(test.outcomes()).hasSize(uids.size() + 1);
    }

    private static GroupState groupState(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .get(group)
                .groupState();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }
}
