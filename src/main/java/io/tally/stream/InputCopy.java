package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.LedgerSettings;
import io.tally.wire.CommandDecoder;
import io.tally.wire.CommandFormat;
import io.tally.wire.CurrencyTables;
import io.tally.wire.Decoded;
import io.tally.wire.TimestampText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the input of a ledger that rests into the input of one that is to be, so that the new one can have another number
 * of partitions. It will decide the same: each user's commands keep their order and their times. Only {@code source} differs,
 * as offsets do. Used once, by one thread.
 *
 * <p>A record in another partition than its user's was decided where its copy stands, so it is the copy that is copied. Dead
 * letters come again, but for those that were forged to look like such copies.
 *
 * <p>When somebody added partitions to the input, Kafka took commands into them that the old ledger, with its own count, never
 * decides. They are copied last, so that what was decided is decided the same, and the new ledger decides them then.
 *
 * <p>The new ledger's other topics are made last: until then it cannot be started on a part of the input.
 */
public final class InputCopy {
    private static final Duration POLL = Duration.ofMillis(200);
    /** How long the next record may take; the brokers have it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Brokers bound what a record has when it is compressed, so one that was taken once may be larger than the default. */
    private static final int MAX_REQUEST_BYTES = 64 << 20;

    private final Map<String, Object> client;
    private final LedgerTopics from;
    private final LedgerTopics to;
    private final StreamSettings.NewLedger wanted;
    private final LedgerSettings settings;
    private final CommandDecoder decoder;
    private final UserPartitions before;
    private final UserPartitions after;
    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    private long copied;
    private long elsewhere;
    private long forged;
    private long undecided;

    /**
     * What became of the records.
     *
     * @param copied how many are in the new input
     * @param elsewhere how many are not, since their copy in another partition is
     * @param forged how many are not, since they only looked like such a copy; they were dead letters
     * @param undecided how many of the copied ones the old ledger has not decided, since they stood in partitions that were
     *     added to its input
     */
    public record Result(long copied, long elsewhere, long forged, long undecided) {}

    /**
     * Prepares the copy and changes nothing.
     *
     * @param kafka client settings
     * @param wanted what the new ledger is made with; its partitions must be named
     * @throws StartRefusedException if there is no ledger to copy from, or the new one would decide by other rules
     */
    public InputCopy(Map<String, String> kafka, LedgerTopics from, LedgerTopics to, StreamSettings.NewLedger wanted) {
        CurrencyTable currencies = CurrencyTables.bundled();
        this.client = new HashMap<>(kafka);
        this.from = from;
        this.to = to;
        this.wanted = wanted;
        this.settings = StoredSettings.read(kafka, from);
        if (wanted.partitions() == null) {
            throw new StartRefusedException("TALLY_PARTITIONS is not set. Set it to what the new ledger shall have.");
        }
        LedgerSettings same = new LedgerSettings(
                settings.partitions(),
                wanted.defaultCurrency(),
                wanted.registrationRequired(),
                currencies.version(),
                LedgerSettings.RULES_VERSION);
        if (!same.equals(settings)) {
            throw new StartRefusedException(
                    "The ledger to copy from was made with " + settings + ", and a copy would be decided"
                            + " by " + same
                            + ". Set the same TALLY_CURRENCY and TALLY_REQUIRE_REGISTRATION, and use the version of"
                            + " Tally that made it.");
        }
        this.decoder = new CommandDecoder(currencies, settings.defaultCurrency());
        this.before = new UserPartitions(settings.partitions());
        this.after = new UserPartitions(wanted.partitions());
    }

    /**
     * Makes the topics of the new ledger and copies the input.
     *
     * @param group the old ledger's application id, whose committed offsets say what it has decided
     * @throws StartRefusedException if the new ledger has a topic already; if the old one has not decided all of its input, has
     *     lost the beginning of it or a partition, or the input grows meanwhile: then the new input is to be deleted
     * @throws KafkaException if the brokers do not give or take a record; likewise
     */
    public Result run(String group) {
        try (Admin admin = Admin.create(client)) {
            TopicsCheck topics = new TopicsCheck(admin, to, wanted);
            if (topics.anyExists()) {
                throw new StartRefusedException(
                        "There are topics of the new ledger already. Delete them, or name another"
                                + " TALLY_TOPIC_PREFIX and KAFKA_APPLICATION_ID.");
            }
            int partitions = inputPartitions(admin);
            GroupOffsets input = new GroupOffsets(admin, group, from.input(), partitions);
            Map<TopicPartition, Long> decided = input.committed();
            Map<TopicPartition, Long> ends = input.ends();
            refuseLostBeginning(input.beginnings());
            topics.createInputForCopy();
            try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                    KafkaProducer<byte[], byte[]> producer = producer()) {
                for (int i = 0; i < partitions; i++) {
                    TopicPartition partition = new TopicPartition(from.input(), i);
                    long decidable = isAdded(i) ? Long.MAX_VALUE : decided.getOrDefault(partition, 0L);
                    copy(partition, decidable, ends.getOrDefault(partition, 0L), consumer, producer);
                }
                producer.flush();
                failIfRefused();
            }
            if (inputPartitions(admin) != partitions || !input.ends().equals(ends)) {
                throw new StartRefusedException(
                        "The input grew while it was copied. Stop its producers and its ledger" + again());
            }
            topics.createOthersAfterCopy();
        }
        return new Result(copied, elsewhere, forged, undecided);
    }

    /** How many the old input has: at least those of its ledger. */
    private int inputPartitions(Admin admin) {
        TopicDescription input =
                new ClusterTopics(admin).describe(List.of(from.input())).get(from.input());
        int count = input == null ? 0 : input.partitions().size();
        if (count < settings.partitions()) {
            throw new StartRefusedException(
                    "Topic " + from.input() + " has " + count + " partitions, but its ledger was made with "
                            + settings.partitions() + ": commands were lost. Bring the topic back from a backup.");
        }
        return count;
    }

    /** Whether the old ledger knows nothing of a partition, since it came to the input later. */
    private boolean isAdded(int partition) {
        return partition >= settings.partitions();
    }

    private static void refuseLostBeginning(Map<TopicPartition, Long> beginnings) {
        beginnings.forEach((partition, beginning) -> {
            if (beginning > 0) {
                throw new StartRefusedException("The first " + beginning + " records of " + partition
                        + " were deleted: what is left would be decided otherwise. Bring them back from a backup.");
            }
        });
    }

    private String again() {
        return ", delete topic " + to.input() + " and copy again.";
    }

    private void copy(
            TopicPartition partition,
            long decided,
            long end,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() >= decided) {
                    throw new StartRefusedException("Record " + record.offset() + " of " + partition
                            + " is not decided. Stop the producers, let the ledger decide the rest, stop it" + again());
                }
                copy(record, producer);
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            failIfRefused();
            if (System.nanoTime() > deadline) {
                throw new KafkaException("Expected the records of " + partition + " up to " + end + ", but after "
                        + consumer.position(partition) + " none came for " + PATIENCE.toSeconds()
                        + " s. Look at the brokers"
                        + again());
            }
        }
    }

    private void copy(ConsumerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> producer) {
        CommandFormat format = Input.format(record.headers());
        long time = TimestampText.inRange(record.timestamp());
        byte[] key = record.key();
        int partition = key == null ? record.partition() % after.count() : after.of(key);
        if (decoder.decode(key, record.value(), format, time) instanceof Decoded.Valid valid) {
            key = valid.command().userId().getBytes(StandardCharsets.UTF_8);
            boolean hopped = record.headers().lastHeader(Input.HOP) != null;
            if (before.of(key) != record.partition() && (hopped || !isAdded(record.partition()))) {
                if (hopped) {
                    forged++;
                } else {
                    elsewhere++;
                }
                return;
            }
            partition = after.of(key);
        }
        if (isAdded(record.partition())) {
            undecided++;
        }
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(to.input(), partition, time, key, record.value());
        Input.copyHeaders(record.headers(), copy.headers());
        var ignored = producer.send(copy, (metadata, error) -> {
            if (error != null) {
                refused.compareAndSet(null, error);
            }
        });
        copied++;
    }

    private void failIfRefused() {
        Exception error = refused.get();
        if (error != null) {
            throw new KafkaException(
                    "Expected the brokers to take the copies, but " + error.getMessage() + ". Mend that" + again(),
                    error);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(client);
        // In order and once each, whatever has to be sent again.
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        // A new partition knows no producer yet and takes any sequence number: when it is not ready for the first
        // batch, a second that is under way would be taken, and the first refused for ever.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MAX_REQUEST_BYTES);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
