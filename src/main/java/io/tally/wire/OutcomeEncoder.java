package io.tally.wire;

import static io.tally.wire.AsciiBuffer.ascii;

import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Rejection;

/**
 * Writes outcomes: the JSON that {@code transactions-out} carries and HTTP answers with. Immutable and thread-safe.
 *
 * <p>A pure function whose bytes never change for an entry: consumers compare them, signatures cover them, and a replay
 * must give them again. Every value is ASCII that needs no escaping, so they are written by hand.
 */
public final class OutcomeEncoder {
    /** More than the longest outcome, 459 bytes: all of its fields are bounded. */
    private static final int MAX_BYTES = 480;

    private static final byte[] UID = ascii("{\"uid\":\"");
    private static final byte[] USER_ID = ascii("\",\"user_id\":\"");
    private static final byte[] TYPE = ascii("\",\"type\":\"");
    private static final byte[] AMOUNT = ascii("\",\"amount\":\"");
    private static final byte[] CURRENCY = ascii("\",\"currency\":\"");
    private static final byte[] DELTA = ascii("\",\"delta\":\"");
    private static final byte[] ACCEPTED = ascii("\",\"status\":\"ACCEPTED");
    private static final byte[] REJECTED = ascii("\",\"status\":\"REJECTED\",\"reason\":\"");
    private static final byte[] BALANCE = ascii("\",\"balance\":\"");
    private static final byte[] SEQUENCE = ascii("\",\"sequence\":");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":\"");
    private static final byte[] RECORDED_AT = ascii("\",\"recorded_at\":\"");
    private static final byte[] PARTITION = ascii("\",\"source\":{\"partition\":");
    private static final byte[] OFFSET = ascii(",\"offset\":");
    private static final byte[] END = ascii("}}");

    private final CurrencyTable currencies;

    public OutcomeEncoder(CurrencyTable currencies) {
        this.currencies = currencies;
    }

    /**
     * The entry's outcome as UTF-8 JSON without spaces.
     *
     * @throws IllegalArgumentException if the entry's user id has another form or its currency is not in the table
     */
    public byte[] encode(JournalEntry entry) {
        Command command = entry.command();
        int digits = digits(command.account().currency());
        AsciiBuffer json = new AsciiBuffer(MAX_BYTES);
        json.put(UID);
        UidText.append(json, command.uid());
        json.put(USER_ID);
        json.put(userId(command));
        json.put(TYPE);
        json.put(command.type().name());
        if (command.type() != CommandType.OPEN) {
            json.put(AMOUNT);
            json.decimal(command.amount(), digits);
        }
        json.put(CURRENCY);
        json.put(command.account().currency());
        json.put(DELTA);
        json.decimal(entry.delta(), digits);
        appendStatus(json, entry);
        json.put(BALANCE);
        json.decimal(entry.balance(), digits);
        json.put(SEQUENCE);
        json.integer(entry.sequence());
        json.put(TIMESTAMP);
        TimestampText.append(json, command.effectiveAt());
        json.put(RECORDED_AT);
        TimestampText.append(json, entry.recordedAt());
        json.put(PARTITION);
        json.integer(entry.source().partition());
        json.put(OFFSET);
        json.integer(entry.source().offset());
        json.put(END);
        return json.toBytes();
    }

    private static void appendStatus(AsciiBuffer json, JournalEntry entry) {
        Rejection rejection = entry.rejection();
        if (rejection == null) {
            json.put(ACCEPTED);
        } else {
            json.put(REJECTED);
            json.put(rejection.name());
        }
    }

    private int digits(String currency) {
        Integer digits = currencies.digits(currency);
        if (digits == null) {
            throw new IllegalArgumentException(
                    "Expected a currency of table " + currencies.version() + ", but got '" + currency + "'");
        }
        return digits;
    }

    private static String userId(Command command) {
        if (!UserId.isValid(command.userId())) {
            throw new IllegalArgumentException("Expected a user id, but got '" + command.userId() + "'");
        }
        return command.userId();
    }
}
