package io.tally.wire;

import io.tally.ledger.CurrencyTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The currency tables that come with Tally. */
public final class CurrencyTables {
    private static final String RESOURCE = "/currencies.csv";

    private CurrencyTables() {}

    /**
     * Reads the table in the jar: the active ISO 4217 codes that have a minor unit.
     *
     * @throws IllegalStateException if the jar lacks it
     */
    public static CurrencyTable bundled() {
        try (InputStream csv = CurrencyTables.class.getResourceAsStream(RESOURCE)) {
            if (csv == null) {
                throw new IllegalStateException("Expected " + RESOURCE + " in the jar, but it is not there");
            }
            return CurrencyTable.parse(new String(csv.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
