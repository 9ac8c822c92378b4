package io.tally.ledger;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The currencies that the ledger knows, with their minor digits. Immutable.
 *
 * <p>It is a file of ours and not the JDK's table, which differs between Java versions: the same input must give the
 * same outcomes wherever it is replayed.
 *
 * @param version names the table's edition; a ledger keeps the one that it started with
 */
public record CurrencyTable(String version, Map<String, Integer> digitsByCode) {
    public CurrencyTable {
        digitsByCode = Map.copyOf(digitsByCode);
        digitsByCode.forEach((code, digits) -> {
            if (!code.matches("[A-Z]{3}") || digits < 0 || digits > 4) {
                throw new IllegalArgumentException(
                        "Expected a code of three letters with 0 to 4 digits, but got " + code + " with " + digits);
            }
        });
    }

    /**
     * Reads a table from lines of {@code CODE,digits}; the first line is {@code version,NAME}.
     *
     * @throws IllegalArgumentException if a line has another form
     */
    public static CurrencyTable parse(String csv) {
        String version = "";
        Map<String, Integer> digits = new HashMap<>();
        for (String line : csv.lines().toList()) {
            String[] cells = line.split(",", -1);
            if (cells.length != 2) {
                throw new IllegalArgumentException("Expected CODE,digits, but got '" + line + "'");
            }
            if (cells[0].equals("version")) {
                version = cells[1];
            } else {
                digits.put(cells[0], Integer.valueOf(cells[1]));
            }
        }
        return new CurrencyTable(version, digits);
    }

    /** The minor digits of a currency, 0 to 4, or null when the table does not have it. */
    public @Nullable Integer digits(String code) {
        return digitsByCode.get(code);
    }

    /**
     * Minor units as a decimal of the currency: 150 USD is 1.50.
     *
     * @throws IllegalArgumentException if the table does not have the currency
     */
    public BigDecimal decimal(long minorUnits, String code) {
        Integer digits = digits(code);
        if (digits == null) {
            throw new IllegalArgumentException("Expected a currency of table " + version + ", but got " + code);
        }
        return BigDecimal.valueOf(minorUnits, digits);
    }
}
