package io.tally.webhook;

import java.net.InetAddress;

/**
 * Addresses that begin with the same bits (CIDR, RFC 4632 and RFC 4291).
 *
 * @param base the first address
 * @param prefixLength how many bits are the same: 0 to 32, or to 128 for IPv6
 */
public record Network(InetAddress base, int prefixLength) {
    /** @throws IllegalArgumentException if the length is out of range or the base has bits after the prefix */
    public Network {
        byte[] bytes = base.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException(
                    "Expected a prefix of 0 to " + bytes.length * Byte.SIZE + " bits, but got " + prefixLength);
        }
        for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
            if (bit(bytes, bit) != 0) {
                throw new IllegalArgumentException("Expected the first address of a network, but "
                        + base.getHostAddress() + " has bits after the first " + prefixLength);
            }
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or an address alone, which is a network of one.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (base == null || slash >= 0 && !length.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("Expected a network such as 10.0.0.0/8 or fd00::/8, but got " + text);
        }
        return new Network(base, slash < 0 ? base.getAddress().length * Byte.SIZE : Integer.parseInt(length));
    }

    /** Whether the address is in it. One of the other IP version never is. */
    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            if (bit(ours, bit) != bit(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixLength;
    }
}
