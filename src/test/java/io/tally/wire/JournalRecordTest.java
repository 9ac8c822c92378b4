package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalRecordTest {
    private static final byte[] FIRST = bytes("first");

    @Test
    void shouldReadEntriesBackInOrder() {
        // Given
        JournalRecord record = new JournalRecord(FIRST, bytes("1"));
        record.add(bytes("second"), bytes(""));
        record.add(FIRST, bytes("3"));

        // Then
        assertThat(record.entries()).isEqualTo(3);
        assertThat(record.key()).isEqualTo(FIRST);
        assertThat(JournalRecord.version(record.value())).isEqualTo(JournalRecord.VERSION);
        assertThat(read(record.key(), record.value())).containsExactly("first=1", "second=", "first=3");
    }

    @Test
    void shouldReadABareEntryOfVersion1() {
        assertThat(read(FIRST, new byte[] {1, 'x'})).containsExactly("first=\001x");
    }

    @Test
    void shouldBeFullFromItsLimitOn() {
        // Given
        JournalRecord record = new JournalRecord(FIRST, new byte[JournalRecord.FULL_BYTES - 1_000]);
        assertThat(record.isFull()).isFalse();

        // When: lengths take a byte or two.
        record.add(new byte[100], new byte[1_000 - 2 - (1 + 100) - 2 - 1]);
        assertThat(record.isFull()).isFalse();
        record.add(new byte[0], new byte[0]);

        // Then
        assertThat(record.isFull()).isTrue();
        assertThat(record.value()).hasSize(2 + JournalRecord.FULL_BYTES + 1);
    }

    @Test
    void shouldRefuseARecordThatIsCutAnywhere() {
        // Given
        JournalRecord record = new JournalRecord(FIRST, bytes("11"));
        record.add(bytes("second"), bytes("22"));
        byte[] whole = record.value();

        // Then
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(FIRST, cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldRefuseARecordWithMoreThanItsEntries() {
        // Given
        byte[] whole = new JournalRecord(FIRST, bytes("1")).value();

        // Then
        assertThatThrownBy(() -> read(FIRST, Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a record of 4 bytes, but got 5");
    }

    @Test
    void shouldRefuseARecordOfNoEntries() {
        assertThatThrownBy(() -> read(FIRST, new byte[] {2, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a record of at least one entry, but it has none");
    }

    @Test
    void shouldRefuseALaterVersion() {
        assertThatThrownBy(() -> read(FIRST, new byte[] {3, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a record of version 2, but got 3");
    }

    /** A start looks at the record's version only, to see whether a newer Tally has written here. */
    @Test
    void shouldRaiseBothVersionsTogether() {
        assertThat(List.of(JournalCodec.VERSION, JournalRecord.VERSION)).containsExactly(1, 2);
    }

    @Test
    void shouldHaveNoVersionWithoutAValue() {
        assertThat(JournalRecord.version(null)).isZero();
        assertThat(JournalRecord.version(new byte[0])).isZero();
    }

    private static List<String> read(byte[] key, byte[] value) {
        List<String> entries = new ArrayList<>();
        JournalRecord.read(key, value, (entryKey, entryValue) -> entries.add(text(entryKey) + "=" + text(entryValue)));
        return entries;
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
