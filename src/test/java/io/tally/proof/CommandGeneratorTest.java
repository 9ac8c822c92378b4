package io.tally.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.audit.AuditReport;
import io.tally.audit.Records;
import io.tally.audit.ReferenceModel;
import io.tally.audit.Result;
import io.tally.audit.Result.DeadLetter;
import io.tally.audit.RightLedger;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandGeneratorTest {
    private static final int PARTITIONS = 4;

    @Test
    void shouldRepeatItselfWithTheSameSeed() {
        // Given
        CommandGenerator one = new CommandGenerator(7, "in", Mix.rough(50, PARTITIONS));
        CommandGenerator other = new CommandGenerator(7, "in", Mix.rough(50, PARTITIONS));

        // Then
        for (int i = 0; i < 5_000; i++) {
            ProducerRecord<byte[], byte[]> record = one.next();
            ProducerRecord<byte[], byte[]> again = other.next();
            assertThat(again.partition()).isEqualTo(record.partition());
            assertThat(again.key()).isEqualTo(record.key());
            assertThat(again.value()).isEqualTo(record.value());
            assertThat(again.headers()).isEqualTo(record.headers());
        }
    }

    @Test
    void shouldHoldTheSharesOfTheMix() {
        // Given
        CommandGenerator generator = new CommandGenerator(3, "in", new Mix(200, PARTITIONS, 20, 10, 5, 8, 4));
        RightLedger ledger = new RightLedger();
        IntStream.range(0, 50_000).forEach(i -> ledger.produce(generator.next()));

        // When
        AuditReport report = ledger.process().audit();

        // Then
        assertThat(report.violations()).isEmpty();
        assertThat(report.counts().repeats()).isBetween(9_000L, 12_000L);
        assertThat(report.counts().allDeadLetters()).isBetween(6_000L, 9_000L);
        assertThat(report.counts().rerouted()).isBetween(3_500L, 6_000L);
        assertThat(report.counts().allRejected()).isGreaterThan(1_000);
    }

    @Test
    void shouldMakeOnlyGoodCommandsAndRepeatsWhenPlain() {
        // Given
        CommandGenerator generator = new CommandGenerator(3, "in", Mix.plain(200, PARTITIONS));
        RightLedger ledger = new RightLedger();
        IntStream.range(0, 10_000).forEach(i -> ledger.produce(generator.next()));

        // When
        AuditReport report = ledger.process().audit();

        // Then
        assertThat(report.counts().allDeadLetters()).isZero();
        assertThat(report.counts().rerouted()).isZero();
        assertThat(report.counts().repeats()).isBetween(900L, 1_100L);
    }

    @ParameterizedTest
    @EnumSource(Garbage.class)
    void shouldMakeGarbageThatNothingIsDecidedOf(Garbage kind) {
        // Given
        SplittableRandom random = new SplittableRandom(1);
        int partition = ReferenceModel.partition("alice", PARTITIONS);
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200; i++) {
            ReferenceModel model = new ReferenceModel(Records.settings(PARTITIONS));

            // When
            Result result = model.apply(Records.input(partition, i, 0, key, kind.spoil(good(), random), null));

            // Then
            assertThat(result).isInstanceOf(DeadLetter.class);
        }
    }

    @Test
    void shouldStartFromAGoodCommand() {
        // Given
        int partition = ReferenceModel.partition("alice", PARTITIONS);
        ReferenceModel model = new ReferenceModel(Records.settings(PARTITIONS));
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);
        byte[] value = new ObjectMapper().valueToTree(good()).toString().getBytes(StandardCharsets.UTF_8);

        // When
        Result result = model.apply(Records.input(partition, 0, 0, key, value, null));

        // Then
        assertThat(result).isInstanceOf(Result.Outcome.class);
    }

    @Test
    void shouldRefuseMoreThanAHundredPercent() {
        assertThat(new Mix(1, 1, 20, 20, 20, 20, 20)).isNotNull();
        assertThatIllegalArgumentException().isThrownBy(() -> new Mix(1, 1, 20, 20, 20, 20, 21));
        assertThatIllegalArgumentException().isThrownBy(() -> new Mix(0, 1, 0, 0, 0, 0, 0));
    }

    private static Map<String, Object> good() {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("uid", "00000000-0000-0000-0000-000000000001");
        good.put("user_id", "alice");
        good.put("type", "DEPOSIT");
        good.put("amount", "1.00");
        return good;
    }
}
