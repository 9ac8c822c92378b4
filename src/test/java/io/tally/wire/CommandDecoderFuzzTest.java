package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CommandDecoderFuzzTest {
    private static final int ROUNDS = 200_000;
    private static final List<String> SEEDS = List.of(
            "{\"uid\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"type\":\"DEPOSIT\",\"user_id\":\"bob\",\"amount\":\"10.50\"}",
            "{\"uid\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"type\":\"WITHDRAW\",\"user_id\":42,\"amount\":10.5e0,"
                    + "\"currency\":\"JPY\",\"timestamp\":\"2026-01-31T10:00:00.123+01:00\"}",
            "{\"uid\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"type\":\"OPEN\",\"name\":\"Zo\\u00eb 𝒵"
                    + " \\ud835\\udcb5\",\"x\":[{\"y\":[1,2.5e-7,true,null]}]}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/x\",\"type\":\"y\",\"time\":null,\"data\":"
                    + "{\"uid\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"type\":\"OPEN\",\"user_id\":\"bob\"}}");
    private static final CommandFormat[] FORMATS = CommandFormat.values();
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\ud800",
            "\\u0000",
            "null",
            "true",
            "1e999999999",
            "-0",
            "0.1",
            "\u0000",
            "\ufeff",
            "é",
            "𝒵",
            "\"uid\":",
            "\"amount\":",
            "\"overdraft\":1",
            "\"data\":{",
            "\"data_base64\":",
            "[[[[[[[[[[",
            "\"timestamp\":\"",
            "\"name\":");

    private final CommandDecoder decoder = new CommandDecoder(Samples.CURRENCIES, "USD");
    private final OutcomeEncoder encoder = new OutcomeEncoder(Samples.CURRENCIES);

    @Test
    void shouldAnswerWhateverTheBytesAre() {
        long seed = System.nanoTime();
        System.out.println("CommandDecoderFuzzTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int valid = 0;
        for (int i = 0; i < ROUNDS; i++) {
            // Given
            byte[] value = mutated(random);
            byte[] key = random.nextInt(3) == 0 ? null : key(random);

            // When
            CommandFormat format = FORMATS[random.nextInt(FORMATS.length)];
            Decoded decoded = decoder.decode(key, value, format, random.nextLong());

            // Then
            if (decoded instanceof Decoded.Valid well) {
                valid++;
                encoder.encode(Samples.entry(well.command(), 1, 0, null));
            } else if (decoded instanceof Decoded.Invalid ill) {
                checkOrder(ill);
            }
        }
        assertThat(valid).isBetween(ROUNDS / 100, ROUNDS);
    }

    private static void checkOrder(Decoded.Invalid ill) {
        List<Flaw> flaws = ill.flaws();
        for (int i = 0; i < flaws.size(); i++) {
            boolean inOrder =
                    i == 0 || flaws.get(i - 1).code().compareTo(flaws.get(i).code()) <= 0;
            boolean printable = flaws.get(i).detail().chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!inOrder || !printable) {
                throw new AssertionError("Expected ordered flaws in printable ASCII, but got " + flaws);
            }
        }
    }

    private static byte[] key(SplittableRandom random) {
        byte[] key = utf8(random.nextBoolean() ? "bob" : "42");
        if (random.nextInt(4) == 0) {
            key[random.nextInt(key.length)] = (byte) random.nextInt();
        }
        return key;
    }

    private static byte[] mutated(SplittableRandom random) {
        byte[] bytes = utf8(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, at + random.nextInt(6));
            byte[] piece = switch (random.nextInt(5)) {
                case 0 -> new byte[] {(byte) random.nextInt()};
                case 1 -> utf8(TOKENS.get(random.nextInt(TOKENS.size())));
                case 2 -> Arrays.copyOfRange(bytes, 0, at);
                case 3 -> new byte[random.nextInt(3)];
                default -> new byte[0];
            };
            bytes = splice(bytes, at, random.nextBoolean() ? at : to, piece);
        }
        return bytes;
    }

    /** The bytes with those between from and to replaced. */
    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        byte[] spliced = Arrays.copyOf(bytes, from + piece.length + bytes.length - to);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(bytes, to, spliced, from + piece.length, bytes.length - to);
        return spliced;
    }
}
