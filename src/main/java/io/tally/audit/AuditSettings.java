package io.tally.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What the outcomes depend on besides the input.
 *
 * @param currencies minor digits by code, 0 to {@link #MOST_DIGITS}
 */
public record AuditSettings(
        int partitions, String defaultCurrency, boolean registrationRequired, Map<String, Integer> currencies) {
    /** The most minor digits that a currency has. */
    static final int MOST_DIGITS = 4;

    private static final String TABLE = "/currencies.csv";

    public AuditSettings {
        currencies = Map.copyOf(currencies);
    }

    /**
     * Settings with the currency table that comes with Tally.
     *
     * @param table the version of the table that the ledger was made with
     * @throws AuditRefusedException if the one at hand is another
     */
    public static AuditSettings of(int partitions, String defaultCurrency, boolean registrationRequired, String table) {
        Map<String, Integer> currencies = new HashMap<>();
        String version = "";
        for (String line : table().lines().toList()) {
            String[] cells = line.split(",", -1);
            if (cells[0].equals("version")) {
                version = cells[1];
            } else {
                currencies.put(cells[0], Integer.valueOf(cells[1]));
            }
        }
        if (!version.equals(table)) {
            throw new AuditRefusedException("The ledger was made with currency table " + table
                    + ", but this is a Tally with " + version + ". Audit it with the version of Tally that runs it.");
        }
        return new AuditSettings(partitions, defaultCurrency, registrationRequired, currencies);
    }

    private static String table() {
        try (InputStream csv = AuditSettings.class.getResourceAsStream(TABLE)) {
            if (csv == null) {
                throw new IllegalStateException("Expected " + TABLE + " in the jar, but it is not there");
            }
            return new String(csv.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read " + TABLE + ", but got " + e.getMessage(), e);
        }
    }
}
