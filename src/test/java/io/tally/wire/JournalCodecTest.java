package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Money;
import io.tally.ledger.Rejection;
import io.tally.ledger.Source;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JournalCodecTest {
    private static final JournalEntry DEPOSIT = Samples.entries().get("deposit");

    @Test
    void shouldReadBackEverySample() {
        Samples.journalEntries().forEach((name, entry) -> {
            assertThat(JournalCodec.decode(JournalCodec.key(entry), JournalCodec.value(entry)))
                    .as(name)
                    .isEqualTo(entry);
            if (!name.startsWith("deposit-largest")) {
                assertThat(JournalCodec.value(entry)).as(name).hasSizeLessThanOrEqualTo(40);
            }
        });
    }

    @Test
    void shouldReadBackRandomEntries() {
        long seed = System.nanoTime();
        System.out.println("JournalCodecTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            // Given
            JournalEntry entry = entry(random);

            // When
            JournalEntry read = JournalCodec.decode(JournalCodec.key(entry), JournalCodec.value(entry));

            // Then
            assertThat(read).isEqualTo(entry);
        }
    }

    @Test
    void shouldHaveAStableCodeForEveryConstant() {
        Set<Integer> codes = new HashSet<>();
        for (CommandType type : CommandType.values()) {
            assertThat(codes.add(StableCodes.of(type))).isTrue();
            assertThat(StableCodes.type(StableCodes.of(type))).isEqualTo(type);
        }
        codes.clear();
        codes.add(StableCodes.of((Rejection) null));
        for (Rejection rejection : Rejection.values()) {
            assertThat(codes.add(StableCodes.of(rejection))).isTrue();
            assertThat(StableCodes.rejection(StableCodes.of(rejection))).isEqualTo(rejection);
        }
    }

    @Test
    void shouldRefuseEveryRecordThatIsCutShortOrHasMore() {
        for (JournalEntry entry : Samples.entries().values()) {
            byte[] key = JournalCodec.key(entry);
            byte[] value = JournalCodec.value(entry);
            for (int length = 0; length < value.length; length++) {
                byte[] cut = Arrays.copyOf(value, length);
                assertThatThrownBy(() -> JournalCodec.decode(key, cut))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageMatching("Expected .*, but .*");
            }
            assertThatThrownBy(() -> JournalCodec.decode(key, Arrays.copyOf(value, value.length + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Expected a record of " + value.length + " bytes");
        }
    }

    @Test
    void shouldNeverFailOtherwiseOnDamagedRecords() {
        long seed = System.nanoTime();
        System.out.println("JournalCodecTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] key = JournalCodec.key(DEPOSIT);
            byte[] value = JournalCodec.value(Samples.entries().get("open-unicode-name"));
            byte[] damaged = random.nextBoolean() ? key : value;
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            byte[] shortened = Arrays.copyOf(key, key.length - random.nextInt(2) * random.nextInt(key.length));
            try {
                JournalCodec.decode(shortened, value);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageMatching("Expected [^\\n]*, but [^\\n]*");
            }
        }
    }

    @Test
    void shouldRefuseAnotherVersion() {
        byte[] value = JournalCodec.value(DEPOSIT);
        value[0] = 2;
        assertRefused(value, "Expected a record of version 1, but got 2");
    }

    @Test
    void shouldRefuseCodesThatMeanNothing() {
        assertRefused(with(1, 4), "Expected the code of a command type, but got 4");
        assertRefused(with(2, 8), "Expected flags from 0 to 7, but got 8");
        assertRefused(with(3, 5), "Expected the code of a verdict, but got 5");
    }

    @Test
    void shouldRefuseNumbersBeyondTheirRange() {
        byte[] head = {1, 2, 0, 0};
        byte[] eleven = new byte[15];
        System.arraycopy(head, 0, eleven, 0, 4);
        Arrays.fill(eleven, 4, 15, (byte) 0xFF);
        assertRefused(eleven, "Expected a number of at most 64 bits before byte 14, but it is longer");
        byte[] partition = {1, 2, 0, 0, 1, 1, 1, 0, 0, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8, 0};
        assertRefused(partition, "Expected a number from 0 to 2^31 - 1, but got 2147483648");
    }

    @Test
    void shouldRefuseBrokenText() {
        byte[] badUtf8 = {1, 1, 4, 0, 0, 1, 0, 0, 0, 0, 0, 1, (byte) 0xFF};
        assertRefused(badUtf8, "Expected text in UTF-8, but it is not");
        byte[] tooLong = {1, 1, 4, 0, 0, 1, 0, 0, 0, 0, 0, 2, 'a'};
        assertRefused(tooLong, "Expected 2 more bytes, but only 1 are left");
    }

    @Test
    void shouldRefuseBrokenKeys() {
        byte[] value = JournalCodec.value(DEPOSIT);
        byte[] key = JournalCodec.key(DEPOSIT);
        byte[] noZero = key.clone();
        noZero[5] = 1;
        byte[] badUser = key.clone();
        badUser[0] = '.';
        byte[] badCurrency = key.clone();
        badCurrency[6] = 'u';
        for (byte[] broken : new byte[][] {{}, SettingsCodec.key(), new byte[20], noZero, badUser, badCurrency}) {
            assertThatThrownBy(() -> JournalCodec.decode(broken, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("Expected .*, but .*");
        }
    }

    @Test
    void shouldNotWriteKeysThatItCouldNotRead() {
        for (Account account : new Account[] {
            new Account("", "USD"), new Account("a\0", "USD"), new Account("a", "US"), new Account("a", "usd")
        }) {
            JournalEntry entry = Samples.entry(Samples.command(CommandType.DEPOSIT, account, 1), 1, 1, null);
            assertThatThrownBy(() -> JournalCodec.key(entry)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] with(int position, int octet) {
        byte[] value = JournalCodec.value(DEPOSIT);
        value[position] = (byte) octet;
        return value;
    }

    private static void assertRefused(byte[] value, String message) {
        assertThatThrownBy(() -> JournalCodec.decode(JournalCodec.key(DEPOSIT), value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static JournalEntry entry(SplittableRandom random) {
        CommandType type = CommandType.values()[random.nextInt(CommandType.values().length)];
        boolean open = type == CommandType.OPEN;
        Account account = new Account("u" + random.nextInt(1_000_000), random.nextBoolean() ? "USD" : "JPY");
        Command command = new Command(
                new UUID(random.nextLong(), random.nextLong()),
                account,
                type,
                open ? 0 : 1 + (random.nextLong(Money.MAX_AMOUNT) >> random.nextInt(50)),
                random.nextLong(Command.MAX_TIMESTAMP + 1) >> random.nextInt(48),
                open && random.nextBoolean() ? "n".repeat(1 + random.nextInt(200)) : null,
                random.nextBoolean(),
                random.nextBoolean());
        return new JournalEntry(
                command,
                1 + (random.nextLong(Long.MAX_VALUE) >> random.nextInt(63)),
                random.nextLong(Money.MAX_BALANCE + 1) >> random.nextInt(60),
                random.nextBoolean() ? null : Rejection.values()[random.nextInt(Rejection.values().length)],
                random.nextLong() >> random.nextInt(64),
                new Source(
                        random.nextInt(Integer.MAX_VALUE) >> random.nextInt(31),
                        random.nextLong() >>> 1 + random.nextInt(63)));
    }
}
