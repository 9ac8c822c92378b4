package io.tally.stream;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition a user's records belong to: what Java's default partitioner computes from the key.
 *
 * @param count the ledger's partition count, fixed when it was created
 */
public record UserPartitions(int count) {
    int of(String userId) {
        return of(userId.getBytes(StandardCharsets.UTF_8));
    }

    /** The partition, from 0. */
    public int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }
}
