package io.tally.app.send;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and matches what the ledger writes with them. One thread uses it.
 *
 * <p>A repeat gets no second outcome, so silence has to be told from slowness. Whenever nothing has been heard for a
 * moment, and every second even if others are answered all the time, the ledger's committed input offset is looked up: a
 * command before it, without an outcome or a dead letter among everything that the ledger had written by then, was decided
 * earlier.
 */
public final class Sender implements AutoCloseable {
    /** Commands sent and not yet answered, at most. */
    public static final int MAX_IN_FLIGHT = 20_000;

    private static final int MAX_SENT_PER_ROUND = 1_000;
    private static final long QUIET_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private record Acknowledgement(Pending pending, int partition, long offset) {}

    private final Target target;
    private final Duration timeout;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Queue<Acknowledgement> acknowledgements = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Exception failure;

    /** @param timeout how long each command waits for its answer, from being sent */
    public Sender(Target target, Duration timeout) {
        this.target = target;
        this.timeout = timeout;
        this.producer = new KafkaProducer<>(
                target.client(Map.of(
                        // A command counts as sent when no failure of one broker can lose it, and is written once.
                        "acks", "all",
                        "enable.idempotence", true,
                        // Larger and fewer requests; a single command hardly notices.
                        "linger.ms", 2,
                        "batch.size", 262_144,
                        "compression.type", "lz4",
                        // Kafka is known to answer before this; two minutes of silence would look like a hang.
                        "max.block.ms", 20_000,
                        "request.timeout.ms", 10_000,
                        "delivery.timeout.ms", 30_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Sends all commands without waiting for answers; returns when Kafka has them.
     *
     * @param sent is told each command as it is sent
     * @throws KafkaUnreachableException if Kafka stops answering
     */
    public Summary send(ReadAhead commands, Consumer<OutgoingCommand> sent) throws InterruptedException {
        Summary summary = new Summary();
        while (!commands.exhausted()) {
            OutgoingCommand command = commands.poll(100);
            if (command != null) {
                produce(new Pending(command, 0), summary);
                sent.accept(command);
            }
            acknowledgements.clear();
            requireNoFailure();
        }
        producer.flush();
        requireNoFailure();
        return summary;
    }

    /**
     * Sends all commands and waits for their answers, longer than the time-out if Kafka has not taken a command by then.
     *
     * @param answered is told each answer as it comes
     * @throws KafkaUnreachableException if Kafka stops answering
     */
    public Summary sendAndAwait(ReadAhead commands, BiConsumer<OutgoingCommand, Answer> answered)
            throws InterruptedException {
        Summary summary = new Summary();
        InFlight inFlight = new InFlight((command, answer) -> {
            summary.add(command, answer);
            answered.accept(command, answer);
        });
        try (Answers answers = new Answers(target);
                Progress progress = new Progress(target)) {
            Round round = new Round(inFlight, answers, progress);
            while (!commands.exhausted() || inFlight.size() > 0) {
                boolean busy = fill(commands, inFlight, summary);
                round.receive(busy ? Duration.ZERO : Duration.ofMillis(50));
                requireNoFailure();
                round.settle();
                inFlight.expire(System.nanoTime());
            }
        }
        return summary;
    }

    /** Sends some of the commands that are there; says whether there may be more. */
    private boolean fill(ReadAhead commands, InFlight inFlight, Summary summary) throws InterruptedException {
        for (int i = 0; i < MAX_SENT_PER_ROUND && inFlight.size() < MAX_IN_FLIGHT; i++) {
            OutgoingCommand command = commands.poll(0);
            if (command == null) {
                return false;
            }
            Pending pending = new Pending(command, System.nanoTime() + timeout.toNanos());
            inFlight.add(pending);
            produce(pending, summary);
        }
        return inFlight.size() < MAX_IN_FLIGHT;
    }

    private void produce(Pending pending, Summary summary) {
        OutgoingCommand command = pending.command();
        byte[] key = command.userId().getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(target.input(), key, command.json()), (metadata, exception) -> {
            if (exception == null) {
                acknowledgements.add(new Acknowledgement(pending, metadata.partition(), metadata.offset()));
            } else if (failure == null) {
                failure = exception;
            }
        });
        summary.countSent();
    }

    private void requireNoFailure() {
        Exception cause = failure;
        if (cause instanceof RetriableException) {
            throw new KafkaUnreachableException(
                    "Kafka stopped answering, so it is unknown whether the latest commands arrived. Send everything again"
                            + " with the same uids: nothing is decided twice.",
                    cause);
        }
        if (cause != null) {
            throw new IllegalStateException("Kafka refused a command: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }

    /** Hearing answers: what was written, and what was passed over in silence. */
    private final class Round {
        private final InFlight inFlight;
        private final Answers answers;
        private final Progress progress;
        private long heardNanos = System.nanoTime();
        private long lookedNanos = heardNanos;
        private Progress.@Nullable Point point;

        Round(InFlight inFlight, Answers answers, Progress progress) {
            this.inFlight = inFlight;
            this.answers = answers;
            this.progress = progress;
        }

        void receive(Duration wait) {
            drain();
            int before = inFlight.size();
            for (Answers.Read read : answers.poll(wait)) {
                drain();
                if (read instanceof Answers.Read.Outcome outcome) {
                    if (!inFlight.allAcknowledged(outcome.userId(), outcome.uid())) {
                        awaitAcknowledgements();
                    }
                    inFlight.outcome(
                            outcome.userId(),
                            outcome.uid(),
                            outcome.sourcePartition(),
                            outcome.sourceOffset(),
                            outcome.answer());
                } else if (read instanceof Answers.Read.DeadLetter letter) {
                    if (!inFlight.allAcknowledged()) {
                        awaitAcknowledgements();
                    }
                    inFlight.deadLetter(letter.sourcePartition(), letter.sourceOffset(), letter.answer());
                }
            }
            if (inFlight.size() < before) {
                heardNanos = System.nanoTime();
            }
        }

        void settle() {
            Progress.Point current = point;
            if (current != null) {
                if (answers.reached(current.written())) {
                    current.committed().forEach(inFlight::passed);
                    point = null;
                    heardNanos = System.nanoTime();
                }
            } else if (inFlight.size() > 0 && isTimeToLook()) {
                Optional<Progress.Point> now = progress.now(answers.partitions());
                point = now.orElse(null);
                heardNanos = System.nanoTime();
                lookedNanos = heardNanos;
            }
        }

        private boolean isTimeToLook() {
            long now = System.nanoTime();
            return now - heardNanos > QUIET_NANOS || now - lookedNanos > LOOK_NANOS;
        }

        private void awaitAcknowledgements() {
            producer.flush();
            drain();
        }

        private void drain() {
            for (Acknowledgement next = acknowledgements.poll(); next != null; next = acknowledgements.poll()) {
                inFlight.acknowledged(next.pending(), next.partition(), next.offset());
            }
        }
    }
}
