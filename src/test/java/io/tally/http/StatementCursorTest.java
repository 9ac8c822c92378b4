package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.store.TimelinePosition;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementCursorTest {
    @ParameterizedTest
    @CsvSource({"a,,0,9223372036854775807,false,0,1", "A.b_c:d-9,true,5,7,true,253402300799999,281474976710654"})
    void shouldBringBackWhatItWasMadeOf(
            String user, Boolean accepted, long from, long to, boolean newestFirst, long at, long sequence) {
        // Given
        StatementCursor cursor = new StatementCursor(
                new Statement(new Account(user, "USD"), accepted, from, to, newestFirst),
                new TimelinePosition(at, sequence));

        // Then
        assertThat(StatementCursor.parse(cursor.toText())).isEqualTo(cursor);
        assertThat(cursor.toText()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void shouldNoticeEveryChangedByte() {
        // Given
        StatementCursor cursor =
                new StatementCursor(Statement.all(new Account("ada", "USD")), new TimelinePosition(1, 1));
        byte[] bytes = Base64.getUrlDecoder().decode(cursor.toText());

        for (int i = 0; i < bytes.length; i++) {
            // When
            bytes[i] ^= 1;

            // Then
            assertThat(StatementCursor.parse(Base64.getUrlEncoder().encodeToString(bytes)))
                    .isNull();
            bytes[i] ^= 1;
        }
        assertThat(StatementCursor.parse("")).isNull();
        assertThat(StatementCursor.parse("ä")).isNull();
    }
}
