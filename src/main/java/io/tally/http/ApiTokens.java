package io.tally.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that may call, from a file. A line is a token's SHA-256 in hexadecimal, its scopes, separated by commas, and,
 * if it is limited, its requests per second; blanks stand between them. Empty lines and lines that begin with {@code #} are
 * skipped. The file holds no token, so who reads it gains nothing.
 *
 * <p>It is read again when it has changed. One that cannot be read leaves the tokens as they are, and so does one without any
 * token, which is how a file looks that is just being written: to end all tokens, stop the service, or leave one line of a token
 * that nobody has. Thread-safe.
 */
public final class ApiTokens {
    private static final Logger log = LoggerFactory.getLogger(ApiTokens.class);
    private static final Duration RELOAD = Duration.ofSeconds(2);
    private static final int SHA_256_BYTES = 32;

    /** Requests per second that a line may allow. */
    private static final int MAX_RATE = 1_000_000;

    /**
     * A service that may call.
     *
     * @param line where its token stands in the file, from 1: its name in logs
     * @param scopes what it may do
     * @param bucket how often; null for no limit
     */
    record Caller(int line, Set<Scope> scopes, @Nullable TokenBucket bucket) {
        /** Whether one more request may be made now; it counts if so. */
        boolean takeRequest() {
            return bucket == null || bucket.take();
        }
    }

    private record Token(String line, byte[] sha256, Caller caller) {}

    /**
     * What holds.
     *
     * @param modified when the file was written that it is from
     * @param checkedAt when the file was last looked at, in {@link System#nanoTime()}
     * @param failure why it could not be used then; null when it could
     */
    private record Loaded(
            List<Token> tokens,
            FileTime modified,
            long checkedAt,
            @Nullable String failure) {
        boolean isFresh() {
            return System.nanoTime() - checkedAt < RELOAD.toNanos();
        }

        Loaded checked(@Nullable String now) {
            return new Loaded(tokens, modified, System.nanoTime(), now);
        }
    }

    private final Path file;
    private volatile Loaded loaded;

    private ApiTokens(Path file, Loaded loaded) {
        this.file = file;
        this.loaded = loaded;
    }

    /**
     * Reads the file. Without any token in it nobody may call.
     *
     * @throws IllegalArgumentException if it cannot be read or a line has another form
     */
    public static ApiTokens load(Path file) {
        try {
            return new ApiTokens(file, read(file, List.of()));
        } catch (IOException e) {
            throw new IllegalArgumentException("Expected to read the tokens from " + file + ", but " + e, e);
        }
    }

    /** Whose token it is, or null for one that nobody has. */
    @Nullable
    Caller callerOf(String token) {
        byte[] hash = sha256(token);
        Caller caller = null;
        // All of them, each in constant time: the time tells neither whether nor which one matched.
        for (Token known : current().tokens()) {
            if (MessageDigest.isEqual(known.sha256(), hash)) {
                caller = known.caller();
            }
        }
        return caller;
    }

    private Loaded current() {
        Loaded known = loaded;
        return known.isFresh() ? known : lookAgain();
    }

    private synchronized Loaded lookAgain() {
        if (!loaded.isFresh()) {
            look();
        }
        return loaded;
    }

    /**
     * Reads a file that has changed. By one thread at a time: each line has one bucket, and each failure is logged once, as it may
     * last.
     */
    synchronized void look() {
        Loaded known = loaded;
        try {
            boolean changed = !Files.getLastModifiedTime(file).equals(known.modified());
            loaded = changed ? read(file, known.tokens()) : known.checked(null);
        } catch (IOException | IllegalArgumentException e) {
            String now = e.toString();
            if (!now.equals(known.failure())) {
                log.error("The tokens stay as they were until their file can be used; it is tried again: {}", now);
            }
            loaded = known.checked(now);
        }
    }

    private static Loaded read(Path file, List<Token> before) throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        List<Token> tokens = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                tokens.add(token(line.strip(), number, before));
            }
        }
        if (tokens.isEmpty() && !before.isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected a token in " + file + ", but there is none; to end all, stop the"
                            + " service, or leave one line with " + "0".repeat(2 * SHA_256_BYTES) + " read");
        }
        return new Loaded(List.copyOf(tokens), modified, System.nanoTime(), null);
    }

    private static Token token(String line, int number, List<Token> before) {
        for (Token known : before) {
            if (known.line().equals(line)) {
                // With the bucket as it is, for to touch the file must not fill it; but it may stand elsewhere now.
                Caller caller = known.caller();
                return new Token(line, known.sha256(), new Caller(number, caller.scopes(), caller.bucket()));
            }
        }
        String[] parts = line.split("\\s+");
        if (parts.length < 2 || parts.length > 3 || !parts[0].matches("[0-9a-fA-F]{" + 2 * SHA_256_BYTES + "}")) {
            throw malformed(number);
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : parts[1].split(",", -1)) {
            Scope scope = Scope.parse(name);
            if (scope == null) {
                throw malformed(number);
            }
            scopes.add(scope);
        }
        TokenBucket bucket = parts.length == 3 ? new TokenBucket(rate(parts[2], number), System::nanoTime) : null;
        return new Token(line, HexFormat.of().parseHex(parts[0]), new Caller(number, scopes, bucket));
    }

    private static int rate(String text, int number) {
        int rate = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
        if (rate < 1 || rate > MAX_RATE) {
            throw malformed(number);
        }
        return rate;
    }

    private static IllegalArgumentException malformed(int number) {
        return new IllegalArgumentException(
                "Expected a SHA-256 in hexadecimal, scopes of read, write, admin, and perhaps requests per second from 1 to "
                        + MAX_RATE + " in line " + number + " of the tokens file, but got something else");
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
