package io.tally.app.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Commands from NDJSON, one at a time. A line must be a JSON object with {@code user_id} and {@code uid}; whether it is a
 * good command, the ledger decides. Blank lines count but are skipped, and so is the byte order mark that some programs put
 * before the first line: to the ledger it is no JSON.
 */
public final class CommandLines {
    /** Longer lines are refused: no command is, and memory stays bounded when there are no line ends. */
    private static final int MAX_LINE_BYTES = 512 * 1024;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final InputStream input;
    private long line;

    public CommandLines(InputStream input) {
        this.input = new BufferedInputStream(input, 1 << 16);
    }

    /**
     * The next command, or null at the end.
     *
     * @throws BadLineException if the line cannot be sent
     * @throws IOException if the source cannot be read
     */
    public @Nullable OutgoingCommand next() throws IOException {
        while (true) {
            byte[] json = nextLine();
            if (json == null) {
                return null;
            }
            if (!new String(json, StandardCharsets.UTF_8).isBlank()) {
                return command(json);
            }
        }
    }

    private byte @Nullable [] nextLine() throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
        int next = input.read();
        if (next < 0) {
            return null;
        }
        line++;
        for (; next >= 0 && next != '\n'; next = input.read()) {
            buffer.write(next);
            if (buffer.size() > MAX_LINE_BYTES) {
                throw new BadLineException(line, "is longer than " + MAX_LINE_BYTES + " bytes");
            }
        }
        byte[] bytes = buffer.toByteArray();
        return line == 1 && startsWithMark(bytes)
                ? Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length)
                : bytes;
    }

    private static boolean startsWithMark(byte[] line) {
        return line.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    private OutgoingCommand command(byte[] json) throws IOException {
        JsonNode command;
        try {
            // From text: of bytes Jackson would take UTF-16 too, and skip a mark, which the ledger does not.
            command = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new BadLineException(line, "is not UTF-8");
        } catch (JsonProcessingException e) {
            throw new BadLineException(line, "is not JSON: " + e.getOriginalMessage());
        }
        if (!command.isObject()) {
            throw new BadLineException(line, "is not a JSON object");
        }
        JsonNode user = command.path("user_id");
        if (!(user.isTextual() || user.isIntegralNumber()) || user.asText().isEmpty()) {
            throw new BadLineException(line, "has no user_id, by which the command finds its partition");
        }
        JsonNode uid = command.path("uid");
        if (!uid.isTextual() || uid.asText().isEmpty()) {
            throw new BadLineException(line, "has no uid, without which sending it again would move the money twice");
        }
        return new OutgoingCommand(line, user.asText(), uid.asText().toLowerCase(Locale.ROOT), json);
    }
}
