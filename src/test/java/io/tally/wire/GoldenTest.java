package io.tally.wire;

import static io.tally.rig.GoldenFiles.golden;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.JournalEntry;
import io.tally.ledger.LedgerSettings;
import io.tally.rig.GoldenFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was once written must read the same and be written the same for ever. */
class GoldenTest {
    /** The store's files, which its own test compares. */
    private static final Path OF_THE_STORE = GoldenFiles.DIRECTORY.resolve("store");

    private static final HexFormat HEX = HexFormat.of();
    private static final Map<String, LedgerSettings> SETTINGS = Map.of(
            "default", new LedgerSettings(4, "USD", false, "iso4217-2026", 1),
            "registration", new LedgerSettings(4096, "JPY", true, "iso4217-2026", 300));

    /** Has all sample entries. */
    private static final String RECORD = "record";

    private final OutcomeEncoder encoder = new OutcomeEncoder(Samples.CURRENCIES);

    @Test
    void shouldWriteOutcomesIdentically() throws IOException {
        for (Map.Entry<String, JournalEntry> sample : Samples.entries().entrySet()) {
            String json = new String(encoder.encode(sample.getValue()), StandardCharsets.UTF_8);
            assertThat(json).isEqualTo(golden("outcome/" + sample.getKey() + ".json", json));
        }
    }

    @Test
    void shouldWriteHeadersIdentically() throws IOException {
        for (Map.Entry<String, JournalEntry> sample : Samples.entries().entrySet()) {
            String headers = OutcomeHeaders.of(sample.getValue()).stream()
                    .map(header -> header.key() + ": " + new String(header.value(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("\n"));
            assertThat(headers).isEqualTo(golden("headers/" + sample.getKey() + ".txt", headers));
        }
    }

    @Test
    void shouldWriteAndReadJournalEntriesIdentically() throws IOException {
        for (Map.Entry<String, JournalEntry> sample : Samples.journalEntries().entrySet()) {
            // Given
            JournalEntry entry = sample.getValue();
            String key = HEX.formatHex(JournalCodec.key(entry));
            String value = HEX.formatHex(JournalCodec.value(entry));

            // When
            List<String> golden = golden("journal/" + sample.getKey() + ".hex", key + "\n" + value)
                    .lines()
                    .toList();

            // Then
            assertThat(golden).containsExactly(key, value);
            assertThat(JournalCodec.decode(HEX.parseHex(golden.get(0)), HEX.parseHex(golden.get(1))))
                    .isEqualTo(entry);
        }
    }

    @Test
    void shouldWriteAndReadJournalRecordsIdentically() throws IOException {
        // Given
        List<JournalEntry> entries = List.copyOf(new TreeMap<>(Samples.journalEntries()).values());
        JournalRecord record = new JournalRecord(JournalCodec.key(entries.get(0)), JournalCodec.value(entries.get(0)));
        entries.stream().skip(1).forEach(entry -> record.add(JournalCodec.key(entry), JournalCodec.value(entry)));
        String key = HEX.formatHex(record.key());
        String value = HEX.formatHex(record.value());

        // When
        List<String> golden =
                golden("journal/" + RECORD + ".hex", key + "\n" + value).lines().toList();

        // Then
        assertThat(golden).containsExactly(key, value);
        List<JournalEntry> read = new ArrayList<>();
        JournalRecord.read(
                HEX.parseHex(golden.get(0)),
                HEX.parseHex(golden.get(1)),
                (entryKey, entryValue) -> read.add(JournalCodec.decode(entryKey, entryValue)));
        assertThat(read).isEqualTo(entries);
    }

    @Test
    void shouldWriteAndReadSettingsIdentically() throws IOException {
        for (Map.Entry<String, LedgerSettings> sample : SETTINGS.entrySet()) {
            String value = HEX.formatHex(SettingsCodec.value(sample.getValue()));
            String golden = golden("settings/" + sample.getKey() + ".hex", value);
            assertThat(value).isEqualTo(golden);
            assertThat(SettingsCodec.decode(HEX.parseHex(golden))).isEqualTo(sample.getValue());
        }
    }

    @Test
    void shouldStillHaveTheSampleOfEveryFile() throws IOException {
        try (Stream<Path> files = Files.walk(GoldenFiles.DIRECTORY)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.startsWith(OF_THE_STORE)))
                    .allSatisfy(file -> assertThat(
                                    Stream.of(Samples.journalEntries().keySet(), SETTINGS.keySet(), Set.of(RECORD))
                                            .flatMap(Set::stream))
                            .contains(file.getFileName().toString().replaceFirst("\\.[a-z]+$", "")));
        }
    }
}
