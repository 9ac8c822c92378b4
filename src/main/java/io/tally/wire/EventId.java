package io.tally.wire;

import io.tally.ledger.Command;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The id of an outcome's event: the UUID version 5 (RFC 9562) of the user id, a zero byte and the uid's text, in a
 * namespace of ours. Consumers drop duplicates by it, so it depends on nothing else and never changes.
 */
final class EventId {
    private static final UUID NAMESPACE = UUID.fromString("6f2a3b0e-9c41-4d7c-8e55-1d0b7a94c2f3");

    /** Has taken in the namespace; cloned for each id, since a look-up by name for each record is slow. */
    private static final MessageDigest NAMESPACE_DIGEST = namespaceDigest();

    private EventId() {}

    static UUID of(Command command) {
        String userId = command.userId();
        AsciiBuffer name = new AsciiBuffer(userId.length() + 1 + UidText.LENGTH);
        name.put(userId);
        name.put('\0');
        UidText.append(name, command.uid());
        ByteBuffer hash = ByteBuffer.wrap(copyOfDigest().digest(name.toBytes()));
        long high = hash.getLong() & ~0xF000L | 0x5000L;
        long low = hash.getLong() & ~0xC000_0000_0000_0000L | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest copyOfDigest() {
        try {
            return (MessageDigest) NAMESPACE_DIGEST.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Expected a SHA-1 that can be cloned, but it cannot", e);
        }
    }

    private static MessageDigest namespaceDigest() {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits())
                    .flip());
            return sha1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-1 in every Java, but it is not there", e);
        }
    }
}
