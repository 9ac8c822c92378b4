package io.tally.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as text, in the one spelling of each that everybody reads alike: no octal, hexadecimal or short IPv4, no zone, no
 * IPv4 inside IPv6.
 */
final class AddressText {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]{2,39}");

    private AddressText() {}

    /** The address, or null when the text is none. Never asks for a name. */
    static @Nullable InetAddress parse(String text) {
        try {
            if (V4.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
            // In brackets nothing but an address is read; an IPv4 address in IPv6 comes out as the former.
            boolean colons = text.indexOf(':') >= 0 && V6.matcher(text).matches();
            return colons && InetAddress.getByName("[" + text + "]") instanceof Inet6Address address ? address : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
