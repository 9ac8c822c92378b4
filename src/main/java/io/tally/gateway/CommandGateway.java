package io.tally.gateway;

import io.tally.ledger.Command;
import io.tally.ledger.CommandField;
import io.tally.ledger.JournalEntry;
import io.tally.stream.LedgerStreams;
import io.tally.stream.RequestId;
import io.tally.stream.Verdict;
import io.tally.stream.Waiters;
import io.tally.wire.CommandDecoder;
import io.tally.wire.Decoded;
import io.tally.wire.Flaw;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes synchronous commands: writes them to the log like any other producer, and waits for their decision to be committed.
 * No thread waits. Thread-safe.
 */
public final class CommandGateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CommandGateway.class);

    /** How long a caller waits for the decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** More would wait in vain: it is several seconds' work. */
    private static final int MAX_WAITING = 20_000;

    private final LedgerStreams ledger;
    private final LedgerGateway reads;
    private final CommandSender sender;
    private final CommandDecoder decoder;
    private final String inputTopic;
    private final Set<CompletableFuture<Optional<Submission>>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * Connects to the brokers.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     */
    public CommandGateway(LedgerStreams ledger, LedgerGateway reads, Map<String, String> kafka, String inputTopic) {
        this.ledger = ledger;
        this.reads = reads;
        this.sender = new CommandSender(kafka);
        this.decoder = new CommandDecoder(ledger.currencies(), ledger.settings().defaultCurrency());
        this.inputTopic = inputTopic;
    }

    /**
     * Submits a command. The future never fails.
     *
     * @param json the command
     * @param traceHeaders {@code traceparent} and {@code tracestate}, to travel on
     */
    public CompletableFuture<Submission> submit(byte[] json, Map<String, String> traceHeaders) {
        return submitAll(List.of(json), traceHeaders).get(0);
    }

    /**
     * Submits commands, those of one user in the order of the list. Once a user's command cannot be taken now, or is for another
     * instance to decide, their later commands are not taken either. One that is malformed, a conflict or a repeat holds up nothing.
     *
     * @param commands each as JSON
     * @param traceHeaders {@code traceparent} and {@code tracestate}, to travel on
     * @return for each command, in this order, what it comes to; no future fails
     */
    public List<CompletableFuture<Submission>> submitAll(List<byte[]> commands, Map<String, String> traceHeaders) {
        List<CompletableFuture<Submission>> submissions = new ArrayList<>(commands.size());
        Batch batch = new Batch();
        for (byte[] json : commands) {
            Decoded decoded = decoder.decode(null, json, 0);
            if (decoded instanceof Decoded.Valid valid) {
                Command command = valid.command();
                submissions.add(
                        batch.take(command.userId(), () -> known(command), () -> send(command, json, traceHeaders)));
            } else if (decoded instanceof Decoded.Invalid invalid) {
                submissions.add(CompletableFuture.completedFuture(new Submission.Malformed(invalid.flaws())));
            }
        }
        return submissions;
    }

    /** What is known of a command without sending it, or null when it must be sent. */
    private @Nullable Submission known(Command command) {
        Reply<JournalEntry> first = reads.outcome(command.userId(), command.uid());
        if (first instanceof Reply.Found<JournalEntry> found) {
            return replay(found.value(), command);
        }
        if (first instanceof Reply.Elsewhere<JournalEntry> elsewhere) {
            return new Submission.Elsewhere(elsewhere.owner());
        }
        if (first instanceof Reply.Unavailable<JournalEntry> unavailable) {
            return new Submission.Unavailable(unavailable.reason());
        }
        return ledger.waiters().count() >= MAX_WAITING
                ? new Submission.Unavailable("Too many commands are waiting")
                : null;
    }

    private Submission replay(JournalEntry first, Command command) {
        Position position =
                new Position(first.source().partition(), first.source().offset());
        CommandField difference = CommandField.firstDifference(first.command(), command, ledger.currencies());
        return difference == null
                ? new Submission.Decided(first, true, position)
                : new Submission.Conflicting(Flaw.conflict(difference), position);
    }

    private CompletableFuture<Submission> send(Command command, byte[] json, Map<String, String> traceHeaders) {
        Waiters waiters = ledger.waiters();
        RequestId request = waiters.nextId();
        // Empty when what it came to was not heard of.
        CompletableFuture<Optional<Submission>> submission = new CompletableFuture<>();
        // Before the record is sent: its decision may be committed before send returns.
        var unused = waiters.register(request).thenAccept(verdict -> submission.complete(judge(verdict, command)));
        waiting.add(submission);
        CompletableFuture<Position> acknowledged = sender.send(input(request, command, json, traceHeaders));
        var unusedToo = acknowledged.whenComplete((position, failure) -> {
            if (failure != null) {
                submission.complete(Optional.empty());
            }
        });
        if (stopping) {
            submission.complete(Optional.empty());
        }
        return submission
                .completeOnTimeout(Optional.empty(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(result -> {
                    waiters.forget(request);
                    waiting.remove(submission);
                    return result.orElseGet(() -> ifAcknowledged(acknowledged, command));
                });
    }

    private ProducerRecord<byte[], byte[]> input(
            RequestId request, Command command, byte[] json, Map<String, String> traceHeaders) {
        byte[] key = command.userId().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(inputTopic, ledger.partitionOf(command.userId()), key, json);
        request.addTo(record.headers());
        traceHeaders.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)));
        return record;
    }

    /**
     * What a verdict says of the command. Anyone who writes to the input can copy our header onto another record, so the
     * verdict is believed only if it fits; for a dead letter, what is committed under the uid is looked at. Where that cannot
     * be looked at now, nothing is known of the command, not even that it will be decided.
     *
     * @return empty when the verdict is of another record: the command's own is still to come
     */
    private Optional<Submission> judge(Verdict verdict, Command command) {
        if (verdict instanceof Verdict.Decided decided) {
            return fits(decided.entry(), command) && replay(decided.entry(), command) instanceof Submission.Decided same
                    ? Optional.of(new Submission.Decided(same.entry(), decided.repeated(), same.position()))
                    : Optional.empty();
        }
        try {
            Reply<JournalEntry> first = reads.outcome(command.userId(), command.uid());
            if (first instanceof Reply.Found<JournalEntry> found) {
                return Optional.of(replay(found.value(), command));
            }
            return first instanceof Reply.Absent ? Optional.empty() : Optional.of(new Submission.Unknown());
        } catch (RuntimeException e) {
            log.error("The outcome of {} could not be read", command.uid(), e);
            return Optional.of(new Submission.Unknown());
        }
    }

    private static boolean fits(JournalEntry entry, Command command) {
        return entry.command().uid().equals(command.uid())
                && entry.command().userId().equals(command.userId());
    }

    /** A command that the brokers have acknowledged will be decided, however long that takes. */
    private static Submission ifAcknowledged(CompletableFuture<Position> acknowledged, Command command) {
        return acknowledged.isDone() && !acknowledged.isCompletedExceptionally()
                ? new Submission.Pending(command.userId(), command.uid(), acknowledged.join())
                : new Submission.Unknown();
    }

    /** Nobody waits any longer: for when the ledger has stopped and decides nothing more. */
    public void stopWaiting() {
        stopping = true;
        waiting.forEach(submission -> submission.complete(Optional.empty()));
    }

    /** Sends what is still buffered. Close it after the ledger, so that decisions that still commit are answered. */
    @Override
    public void close() {
        stopWaiting();
        sender.close();
    }
}
