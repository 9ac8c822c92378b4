package io.tally.peers;

import io.tally.stream.PlainClients;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Copies commands in transactions, and keeps nothing: what exactly-once on Kafka costs where nothing is decided, so the
 * ceiling of all that read commands and write outcomes on one thread. One transaction for each batch that was polled; the
 * clients are set as the ledger's are.
 */
final class PassThrough implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final PeerSettings settings;
    private final Thread thread = new Thread(this::run, "pass-through");
    private volatile boolean stopped;

    private PassThrough(PeerSettings settings) {
        this.settings = settings;
    }

    static PassThrough start(PeerSettings settings) {
        PassThrough passThrough = new PassThrough(settings);
        passThrough.thread.start();
        return passThrough;
    }

    private void run() {
        PlainClients clients = new PlainClients(settings.bootstrapServers(), settings.group());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(clients.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.subscribe(List.of(settings.input()));
            producer.initTransactions();
            while (!stopped) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
                if (!batch.isEmpty()) {
                    copy(batch, consumer, producer);
                }
            }
        }
    }

    private void copy(
            ConsumerRecords<byte[], byte[]> batch,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer) {
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> command : batch) {
            // What fails is thrown by the commit.
            var unused = producer.send(
                    new ProducerRecord<>(settings.output(), command.partition(), command.key(), command.value()));
        }
        producer.sendOffsetsToTransaction(batch.nextOffsets(), consumer.groupMetadata());
        producer.commitTransaction();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs until the process is told to end. */
    public static void main(String[] arguments) {
        PassThrough passThrough = start(PeerSettings.ofArguments(arguments));
        Runtime.getRuntime().addShutdownHook(new Thread(passThrough::close));
    }
}
