package io.tally.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.app.send.OutgoingCommand;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One command from the command line. Its values go to the ledger as they are: the ledger judges them. */
final class SingleCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UUID_FORM = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private final ObjectNode json = JSON.createObjectNode();
    private final String user;
    private final String uid;

    /**
     * @param uid null makes a random one
     * @throws ConfigException if the uid is no UUID
     */
    SingleCommand(String type, String user, @Nullable String uid) {
        this.user = user;
        this.uid = uid == null ? UUID.randomUUID().toString() : uid.toLowerCase(Locale.ROOT);
        if (!this.uid.matches(UUID_FORM)) {
            throw new ConfigException(
                    "--uid", "is '" + uid + "', which is not a UUID", "Leave it out to get a new one.");
        }
        json.put("uid", this.uid).put("type", type).put("user_id", user);
    }

    /** Adds a field, unless its value is null. */
    SingleCommand with(String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
        return this;
    }

    OutgoingCommand outgoing() {
        return new OutgoingCommand(1, user, uid, json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
