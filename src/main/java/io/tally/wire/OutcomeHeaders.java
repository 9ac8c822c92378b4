package io.tally.wire;

import static io.tally.wire.AsciiBuffer.ascii;

import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.util.List;

/**
 * The headers of an outcome: CloudEvents 1.0, Kafka binding, binary mode. A pure function of the entry, like the
 * outcome itself.
 */
public final class OutcomeHeaders {
    /** The header with the event's id, a UUID: the same for the same command, for ever. */
    public static final String ID = "ce_id";

    /** The header with one of the types below. */
    public static final String TYPE = "ce_type";

    /** The header with the time at which the command was recorded, as the outcome's JSON has it. */
    public static final String TIME = "ce_time";

    /** The outcome of a command that changed something or counts as done. */
    public static final String ACCEPTED_TYPE = "tally.transaction.accepted.v1";

    /** The outcome of a command that was refused. */
    public static final String REJECTED_TYPE = "tally.transaction.rejected.v1";

    /** The outcome of an OPEN that was accepted. */
    public static final String OPENED_TYPE = "tally.user.opened.v1";

    /** Names the schema of the outcome's JSON, {@code schemas/outcome.schema.json}. */
    public static final String DATA_SCHEMA = "urn:tally:schema:outcome:v1";

    private static final WireHeader SPEC_VERSION = WireHeader.ascii("ce_specversion", "1.0");
    private static final WireHeader SOURCE = WireHeader.ascii("ce_source", "/tally");
    private static final WireHeader ACCEPTED = WireHeader.ascii(TYPE, ACCEPTED_TYPE);
    private static final WireHeader REJECTED = WireHeader.ascii(TYPE, REJECTED_TYPE);
    private static final WireHeader OPENED = WireHeader.ascii(TYPE, OPENED_TYPE);
    private static final WireHeader SCHEMA = WireHeader.ascii("ce_dataschema", DATA_SCHEMA);
    private static final WireHeader CONTENT_TYPE = WireHeader.ascii(CommandFormat.CONTENT_TYPE, "application/json");

    private OutcomeHeaders() {}

    public static List<WireHeader> of(JournalEntry entry) {
        return List.of(
                SPEC_VERSION,
                new WireHeader(ID, id(entry)),
                SOURCE,
                type(entry),
                new WireHeader(TIME, time(entry)),
                new WireHeader("ce_subject", ascii(entry.command().userId())),
                SCHEMA,
                CONTENT_TYPE);
    }

    /** The event's CloudEvents type. */
    public static String eventType(JournalEntry entry) {
        if (!entry.accepted()) {
            return REJECTED_TYPE;
        }
        return entry.command().type() == CommandType.OPEN ? OPENED_TYPE : ACCEPTED_TYPE;
    }

    private static WireHeader type(JournalEntry entry) {
        return switch (eventType(entry)) {
            case REJECTED_TYPE -> REJECTED;
            case OPENED_TYPE -> OPENED;
            default -> ACCEPTED;
        };
    }

    private static byte[] id(JournalEntry entry) {
        AsciiBuffer text = new AsciiBuffer(UidText.LENGTH);
        UidText.append(text, EventId.of(entry.command()));
        return text.toBytes();
    }

    private static byte[] time(JournalEntry entry) {
        AsciiBuffer text = new AsciiBuffer(TimestampText.TEXT_LENGTH);
        TimestampText.append(text, entry.recordedAt());
        return text.toBytes();
    }
}
