package io.tally.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An endless, seeded stream of records for the input topic: the same seed and mix give the same records. Not thread-safe.
 */
public final class CommandGenerator {
    /**
     * What is in the stream. The percentages are of all records and add up to at most 100.
     *
     * @param users how many users there are; every third has a number for an id, sent as a JSON integer at times
     * @param partitions of the input topic, for records that are sent to a wrong one
     * @param repeats percent that are an earlier request again, at times written another way
     * @param conflicts percent that use an earlier request's uid for another request
     * @param garbage percent that cannot be decided
     * @param misrouted percent that name a partition, mostly a wrong one
     * @param keyless percent that have no key, so that any partition may get them
     */
    public record Mix(int users, int partitions, int repeats, int conflicts, int garbage, int misrouted, int keyless) {
        public Mix {
            if (users < 1 || partitions < 1 || repeats + conflicts + garbage + misrouted + keyless > 100) {
                throw new IllegalArgumentException("Expected users, partitions and at most 100 %, but got " + users
                        + ", " + partitions + " and " + (repeats + conflicts + garbage + misrouted + keyless) + " %");
            }
        }

        /** Good commands and 10 % repeats only. */
        public static Mix plain(int users, int partitions) {
            return new Mix(users, partitions, 10, 0, 0, 0, 0);
        }

        /** Some of everything. */
        public static Mix rough(int users, int partitions) {
            return new Mix(users, partitions, 10, 4, 4, 3, 3);
        }
    }

    private static final int REMEMBERED = 10_000;
    private static final String[] CURRENCIES = {"USD", "EUR", "JPY", "KWD"};
    private static final int[] DIGITS = {2, 2, 0, 3};
    private static final long YEAR_2020 = 1_577_836_800_000L;
    private static final long SIX_YEARS = 6L * 365 * 24 * 3_600_000;

    private final ObjectMapper json = new ObjectMapper();
    private final SplittableRandom random;
    private final String topic;
    private final Mix mix;
    private final Garbage[] garbage = Garbage.values();
    /** The latest good requests, as fields; the newest overwrites the oldest. */
    private final Object[] sent = new Object[REMEMBERED];

    private int count;

    public CommandGenerator(long seed, String topic, Mix mix) {
        this.random = new SplittableRandom(seed);
        this.topic = topic;
        this.mix = mix;
    }

    /** The next record; its timestamp is left to the producer or the broker. */
    public ProducerRecord<byte[], byte[]> next() {
        int kind = random.nextInt(100);
        if (count > 0 && (kind -= mix.repeats) < 0) {
            return keyed(rewritten(earlier()));
        }
        if (count > 0 && (kind -= mix.conflicts) < 0) {
            return keyed(changed(earlier()));
        }
        if ((kind -= mix.garbage) < 0) {
            return spoilt();
        }
        Map<String, Object> fields = remembered(fresh());
        if ((kind -= mix.misrouted) < 0) {
            return record(random.nextInt(mix.partitions), user(fields), fields);
        }
        return (kind -= mix.keyless) < 0 ? record(null, null, fields) : keyed(fields);
    }

    /** A user's id, from 0. */
    public static String user(int number) {
        return number % 3 == 0 ? String.valueOf(1_000 + number) : "user-" + number;
    }

    private ProducerRecord<byte[], byte[]> keyed(Map<String, Object> fields) {
        Map<String, Object> written = new LinkedHashMap<>(fields);
        if (random.nextInt(4) == 0) {
            written.remove("user_id");
        }
        return record(null, user(fields), written);
    }

    private ProducerRecord<byte[], byte[]> spoilt() {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("uid", newUid());
        good.put("user_id", user(random.nextInt(mix.users)));
        good.put("type", "DEPOSIT");
        good.put("amount", "1.00");
        Garbage kind = garbage[random.nextInt(garbage.length)];
        byte[] key = utf8(user(good));
        byte[] spoilt = kind.spoil(good, random);
        int format = random.nextInt(10);
        if (format > 2 || spoilt == null) {
            return new ProducerRecord<>(topic, key, spoilt);
        }
        byte[] event = switch (format) {
            case 0 -> spoilt;
            case 1 -> Events.around(spoilt);
            default -> Events.brokenAround(bytes(good), random);
        };
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, event);
        Events.announce(record.headers(), random);
        return record;
    }

    private Map<String, Object> fresh() {
        Map<String, Object> fields = new LinkedHashMap<>();
        String user = user(random.nextInt(mix.users));
        int kind = random.nextInt(100);
        fields.put("uid", newUid());
        fields.put("type", kind < 5 ? "OPEN" : kind < 62 ? "DEPOSIT" : "WITHDRAW");
        fields.put("user_id", Character.isDigit(user.charAt(0)) && random.nextBoolean() ? Long.valueOf(user) : user);
        if (kind < 5) {
            if (random.nextBoolean()) {
                fields.put("name", "Zoë " + random.nextInt(1_000));
            }
        } else {
            int currency = random.nextInt(3) < 2 ? 0 : random.nextInt(CURRENCIES.length);
            if (currency > 0 || random.nextInt(4) == 0) {
                fields.put("currency", CURRENCIES[currency]);
            }
            BigDecimal amount = BigDecimal.valueOf(minorUnits(), DIGITS[currency]);
            fields.put("amount", random.nextInt(4) == 0 ? amount : amount.toPlainString());
        }
        if (random.nextInt(10) < 3) {
            fields.put("timestamp", timestamp(YEAR_2020 + random.nextLong(SIX_YEARS)));
        }
        return fields;
    }

    private long minorUnits() {
        return switch (random.nextInt(50)) {
            case 0 -> 999_999_999_999_999L - random.nextInt(3);
            case 1 -> 1;
            default -> 1 + random.nextInt(10_000);
        };
    }

    /** The same instant in one of the ways in which clients write it. */
    private String timestamp(long millis) {
        String text = Instant.ofEpochMilli(millis).toString();
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, 19) + "Z";
            case 1 -> text.substring(0, 19);
            case 2 -> text.substring(0, 19) + ".123456+02:00";
            default -> text;
        };
    }

    /** The same request, at times in other words: padded amount, upper-case uid, nulls and unknown fields. */
    private Map<String, Object> rewritten(Map<String, Object> fields) {
        Map<String, Object> again = new LinkedHashMap<>();
        switch (random.nextInt(3)) {
            case 0 -> again.put("comment", "sent again");
            case 1 -> again.put("expires_at", null);
            default -> {}
        }
        again.putAll(fields);
        if (random.nextBoolean()) {
            again.computeIfPresent("uid", (name, uid) -> uid.toString().toUpperCase(Locale.ROOT));
            again.computeIfPresent("amount", (name, amount) -> padded(amount.toString()));
            again.computeIfPresent("user_id", (name, user) -> user.toString());
        }
        return again;
    }

    private static String padded(String amount) {
        return amount.contains(".") ? amount + "0" : amount + ".0";
    }

    /** The same uid of the same user, but another request. */
    private Map<String, Object> changed(Map<String, Object> fields) {
        Map<String, Object> other = new LinkedHashMap<>(fields);
        boolean open = fields.get("type").equals("OPEN");
        switch (random.nextInt(4)) {
            case 0 -> other.put("timestamp", "2019-01-01T00:00:00.00" + random.nextInt(10) + "Z");
            case 1 -> {
                other.remove("name");
                other.put("type", fields.get("type").equals("DEPOSIT") ? "WITHDRAW" : "DEPOSIT");
                other.putIfAbsent("amount", "1");
            }
            case 2 -> other.put(open ? "name" : "amount", open ? "Someone else" : "123456");
            default -> other.merge("currency", "USD", (known, usd) -> "EUR".equals(known) ? usd : "EUR");
        }
        if (open && "EUR".equals(other.get("currency")) && other.get("type").equals("OPEN")) {
            other.put("currency", "USD");
        }
        return other;
    }

    private Map<String, Object> remembered(Map<String, Object> fields) {
        sent[count++ % REMEMBERED] = fields;
        return fields;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> earlier() {
        return (Map<String, Object>) sent[random.nextInt(Math.min(count, REMEMBERED))];
    }

    private String newUid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private ProducerRecord<byte[], byte[]> record(
            @Nullable Integer partition, @Nullable String key, Map<String, Object> fields) {
        byte[] keyBytes = key == null ? null : utf8(key);
        int format = random.nextInt(20);
        byte[] command = bytes(fields);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, keyBytes, format == 0 ? Events.around(command) : command);
        if (format == 0) {
            Events.announce(record.headers(), random);
        } else if (format == 1) {
            record.headers().add("ce_specversion", utf8("1.0")).add("content-type", utf8("application/json"));
        }
        return record;
    }

    private byte[] bytes(Map<String, Object> fields) {
        try {
            return json.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected fields that can be written, but got " + fields, e);
        }
    }

    private static String user(Map<String, Object> fields) {
        return String.valueOf(fields.get("user_id"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
