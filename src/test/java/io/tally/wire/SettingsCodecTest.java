package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.LedgerSettings;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SettingsCodecTest {
    private static final LedgerSettings SETTINGS = new LedgerSettings(4, "USD", true, "iso4217-2026", 1);

    @Test
    void shouldReadBackWhatItWrote() {
        for (boolean registrationRequired : new boolean[] {true, false}) {
            LedgerSettings settings = new LedgerSettings(4096, "JPY", registrationRequired, "iso4217-2026", 300);
            assertThat(SettingsCodec.decode(SettingsCodec.value(settings))).isEqualTo(settings);
        }
    }

    @Test
    void shouldHaveAKeyThatNoEntryHas() {
        assertThat(SettingsCodec.key()).startsWith(0).asHexString().isEqualTo("0073657474696E6773");
        assertThat(SettingsCodec.isKey(SettingsCodec.key())).isTrue();
        assertThat(SettingsCodec.isKey(JournalCodec.key(Samples.entries().get("deposit"))))
                .isFalse();
    }

    @Test
    void shouldNotLetCallersChangeTheKey() {
        SettingsCodec.key()[0] = 1;
        assertThat(SettingsCodec.key()[0]).isZero();
    }

    @Test
    void shouldRefuseBrokenRecords() {
        byte[] value = SettingsCodec.value(SETTINGS);
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> SettingsCodec.decode(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("Expected .*, but .*");
        }
        byte[] badFlag = value.clone();
        badFlag[6] = 2;
        assertThatThrownBy(() -> SettingsCodec.decode(badFlag)).hasMessage("Expected 0 or 1, but got 2");
        byte[] later = value.clone();
        later[0] = 9;
        assertThatThrownBy(() -> SettingsCodec.decode(later)).hasMessage("Expected a record of version 1, but got 9");
    }
}
