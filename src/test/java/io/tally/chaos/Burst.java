package io.tally.chaos;

import io.tally.faults.LedgerCluster;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.Accidents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Many records of a bad kind at once. */
final class Burst extends Fault {
    /** What is wrong with them. */
    enum Kind {
        GARBAGE,
        WRONG_PARTITION,
        WRONG_CLOCK
    }

    /** A record whose time the client's classes would refuse. */
    private static final class Undated extends ProducerRecord<byte[], byte[]> {
        private Undated(String topic, byte[] key, byte[] value) {
            super(topic, key, value);
        }

        @Override
        public Long timestamp() {
            return -1L;
        }
    }

    private static final int RECORDS = 1_000;
    private static final int USERS = 500;
    private static final long[] RECORD_TIMES = {
        -1, 0, 1, 946_684_800_000L, 4_102_444_800_000L, 253_402_300_799_999L, 253_402_300_800_000L, Long.MAX_VALUE
    };
    private static final String[] EFFECTIVE_TIMES = {
        "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999Z", "2100-02-28T12:00:00Z", "9999-12-31T23:59:59.999Z"
    };

    private final Kind kind;
    private long met;

    Burst(World world, SplittableRandom random, Kind kind) {
        super(world, random);
        this.kind = kind;
    }

    @Override
    void inject() throws Exception {
        switch (kind) {
            case GARBAGE -> {
                long before = world.offsets().end(World.DEAD_LETTERS);
                send(generated(new Mix(USERS, LedgerCluster.PARTITIONS, 0, 0, 100, 0, 0)));
                world.awaitCaughtUp();
                met = awaitDeadLetters(before);
            }
            case WRONG_PARTITION -> {
                List<ProducerRecord<byte[], byte[]>> records =
                        generated(new Mix(USERS, LedgerCluster.PARTITIONS, 0, 0, 0, 100, 0));
                send(records);
                met = records.stream().filter(Burst::isMisrouted).count();
            }
            case WRONG_CLOCK -> {
                Accidents accidents = new Accidents(world.offsets().admin());
                accidents.configure(World.INPUT, "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
                accidents.configure(World.INPUT, "message.timestamp.type", "CreateTime");
                List<ProducerRecord<byte[], byte[]>> records = dated();
                List<RecordMetadata> acknowledged = send(records);
                for (int i = 0; i < records.size(); i++) {
                    met += records.get(i).timestamp() == acknowledged.get(i).timestamp() ? 1 : 0;
                }
            }
        }
    }

    /** The last record of a partition can be decided after the group seems to be there, since a marker looks like a record. */
    private long awaitDeadLetters(long before) {
        return Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .ignoreException(Offsets.Away.class)
                .until(() -> world.offsets().end(World.DEAD_LETTERS) - before, more -> more >= RECORDS);
    }

    private List<ProducerRecord<byte[], byte[]>> generated(Mix mix) {
        CommandGenerator commands = new CommandGenerator(random.nextLong(), World.INPUT, mix);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(commands.next());
        }
        return records;
    }

    private List<ProducerRecord<byte[], byte[]>> dated() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String user = CommandGenerator.user(random.nextInt(USERS));
            String effective = random.nextBoolean()
                    ? ""
                    : ",\"timestamp\":\"" + EFFECTIVE_TIMES[random.nextInt(EFFECTIVE_TIMES.length)] + "\"";
            String json = "{\"uid\":\"" + new UUID(random.nextLong(), random.nextLong())
                    + "\",\"type\":\"DEPOSIT\",\"amount\":\"1.00\"" + effective + "}";
            byte[] key = user.getBytes(StandardCharsets.UTF_8);
            byte[] value = json.getBytes(StandardCharsets.UTF_8);
            long time = RECORD_TIMES[random.nextInt(RECORD_TIMES.length)];
            records.add(
                    time < 0
                            ? new Undated(World.INPUT, key, value)
                            : new ProducerRecord<>(World.INPUT, null, time, key, value));
        }
        return records;
    }

    private List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(world.producer().send(record));
        }
        List<RecordMetadata> acknowledged = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            acknowledged.add(one.get());
        }
        return acknowledged;
    }

    private static boolean isMisrouted(ProducerRecord<byte[], byte[]> record) {
        String user = new String(record.key(), StandardCharsets.UTF_8);
        return record.partition() != Auditor.partition(user);
    }

    @Override
    void heal() {
        if (kind == Kind.WRONG_CLOCK) {
            new Accidents(world.offsets().admin()).configure(World.INPUT, "message.timestamp.type", "LogAppendTime");
        }
    }

    @Override
    @Nullable
    String evidence() {
        return switch (kind) {
            case GARBAGE -> met >= RECORDS ? met + " dead letters more" : null;
            case WRONG_PARTITION -> met > 0 ? met + " records stood in a wrong partition" : null;
            case WRONG_CLOCK -> met > 0 ? met + " records kept their wrong time" : null;
        };
    }
}
