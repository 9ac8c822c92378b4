package io.tally.wire;

import io.tally.ledger.CurrencyTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes commands: the one gate through which input reaches the ledger, from Kafka and from HTTP. Immutable and
 * thread-safe.
 */
public final class CommandDecoder {
    /** The longest value in bytes: 64 KiB. */
    public static final int MAX_VALUE_BYTES = 64 * 1024;

    /** The longest key in bytes: 1 KiB. */
    public static final int MAX_KEY_BYTES = 1024;

    private final CommandReader reader = new CommandReader(MAX_VALUE_BYTES);
    private final CurrencyTable currencies;
    private final String defaultCurrency;

    /** @throws IllegalArgumentException if the table does not have the default currency */
    public CommandDecoder(CurrencyTable currencies, String defaultCurrency) {
        if (currencies.digits(defaultCurrency) == null) {
            throw new IllegalArgumentException("Expected a default currency of table " + currencies.version()
                    + ", but got '" + defaultCurrency + "'");
        }
        this.currencies = currencies;
        this.defaultCurrency = defaultCurrency;
    }

    /** Decodes a plain command, as {@link #decode(byte[], byte[], CommandFormat, long)} does. */
    public Decoded decode(byte @Nullable [] key, byte @Nullable [] value, long recordTimestamp) {
        return decode(key, value, CommandFormat.PLAIN, recordTimestamp);
    }

    /**
     * Decodes one record. Total: whatever the bytes are, it returns, and the answer depends on the arguments alone.
     *
     * @param key the record's key; null when it has none
     * @param value the command's JSON
     * @param format how the value holds the command. A flaw of an event points into the event; when it has none, flaws point
     *     into the command
     * @param recordTimestamp milliseconds since 1970 UTC, the effective time of a command that names none; one outside
     *     the years 1970 to 9999 counts as 0
     */
    public Decoded decode(byte @Nullable [] key, byte @Nullable [] value, CommandFormat format, long recordTimestamp) {
        List<Flaw> flaws = new ArrayList<>(0);
        CommandDraft draft = draft(value, format, flaws);
        boolean keyTooLarge = key != null && key.length > MAX_KEY_BYTES;
        if (keyTooLarge) {
            flaws.add(tooLarge("key", MAX_KEY_BYTES));
        }
        if (draft == null) {
            return new Decoded.Invalid(flaws);
        }
        return new CommandValidation(draft, currencies, defaultCurrency, flaws)
                .validate(key, keyTooLarge, recordTimestamp);
    }

    /** The command's fields, or null, with a flaw, when there is no JSON object that we read. */
    private @Nullable CommandDraft draft(byte @Nullable [] value, CommandFormat format, List<Flaw> flaws) {
        if (value == null || value.length == 0) {
            flaws.add(malformed("Expected a command in JSON, but the value is empty"));
            return null;
        }
        if (value.length > MAX_VALUE_BYTES) {
            flaws.add(tooLarge("value", MAX_VALUE_BYTES));
            return null;
        }
        CommandDraft draft = new CommandDraft();
        if (format == CommandFormat.EVENT) {
            EventEnvelope envelope = new EventEnvelope();
            String fault = reader.readEvent(value, draft, envelope);
            flaws.addAll(fault == null ? envelope.flaws() : List.of(malformed(fault)));
        } else {
            String fault = reader.read(value, draft);
            flaws.addAll(fault == null ? List.of() : List.of(malformed(fault)));
        }
        return flaws.isEmpty() ? draft : null;
    }

    private static Flaw malformed(String detail) {
        return new Flaw(DeadLetterCode.MALFORMED_JSON, "", detail);
    }

    private static Flaw tooLarge(String part, int limit) {
        return new Flaw(DeadLetterCode.TOO_LARGE, "", "Expected a " + part + " of at most " + limit + " bytes");
    }
}
