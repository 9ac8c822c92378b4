package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTopologyTest {
    @TempDir
    Path directory;

    @Test
    void shouldStayAsDescribed() throws IOException {
        // Given
        String kept;
        try (InputStream file = LedgerTopologyTest.class.getResourceAsStream("/topology.txt")) {
            kept = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }

        // When
        String described;
        try (DriverLedger ledger = DriverLedger.open(directory, 1)) {
            described = ledger.topology().describe().toString();
        }

        // Then
        assertThat(described)
                .as(
                        "The topology changed. Names of stores and nodes are also names of topics and directories of ledgers"
                                + " in use. If the change is meant, copy the actual text to src/test/resources/topology.txt")
                .isEqualTo(kept);
    }
}
