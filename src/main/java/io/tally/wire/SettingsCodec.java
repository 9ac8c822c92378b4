package io.tally.wire;

import io.tally.ledger.LedgerSettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The journal's record of the ledger's settings. Stored for ever, so old versions stay readable. */
public final class SettingsCodec {
    private static final int VERSION = 1;

    /** Begins with a zero byte, which no user id and so no entry's key begins with. */
    private static final byte[] KEY = AsciiBuffer.ascii("\0settings");

    private SettingsCodec() {}

    /** The key under which the journal keeps the settings. */
    public static byte[] key() {
        return KEY.clone();
    }

    /** Whether a journal record with this key holds the settings and not an entry. */
    public static boolean isKey(byte[] key) {
        return Arrays.equals(KEY, key);
    }

    public static byte[] value(LedgerSettings settings) {
        RecordWriter value = new RecordWriter();
        value.octet(VERSION);
        value.number(settings.partitions());
        value.counted(settings.defaultCurrency().getBytes(StandardCharsets.UTF_8));
        value.octet(settings.registrationRequired() ? 1 : 0);
        value.counted(settings.currencyTableVersion().getBytes(StandardCharsets.UTF_8));
        value.number(settings.rulesVersion());
        return value.toBytes();
    }

    /** @throws IllegalArgumentException if the record is broken or of an unknown version */
    public static LedgerSettings decode(byte[] value) {
        RecordReader reader = new RecordReader(value);
        reader.version(VERSION);
        int partitions = reader.smallNumber();
        String defaultCurrency = reader.text();
        boolean registrationRequired = flag(reader);
        String currencyTableVersion = reader.text();
        int rulesVersion = reader.smallNumber();
        reader.end();
        return new LedgerSettings(
                partitions, defaultCurrency, registrationRequired, currencyTableVersion, rulesVersion);
    }

    private static boolean flag(RecordReader reader) {
        int octet = reader.octet();
        if (octet > 1) {
            throw new IllegalArgumentException("Expected 0 or 1, but got " + octet);
        }
        return octet == 1;
    }
}
