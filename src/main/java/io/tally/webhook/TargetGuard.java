package io.tally.webhook;

import io.tally.gateway.webhook.EndpointSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which targets may be connected to: public ones, and those that the operator allows. A URL is looked at when it is registered
 * and before each request; the addresses of its host when a connection is made, which then goes to one of those that were looked
 * at. Immutable.
 */
public final class TargetGuard {
    private static final int MAX_PORT = 65_535;

    /** So many addresses are tried one after the other; a name can have hundreds. */
    private static final int MAX_TRIED = 3;

    private final boolean plainHttp;
    private final List<Network> allowed;

    /**
     * @param plainHttp whether {@code http} is as good as {@code https}
     * @param allowed may be connected to beside the public addresses
     */
    public TargetGuard(boolean plainHttp, List<Network> allowed) {
        this.plainHttp = plainHttp;
        this.allowed = List.copyOf(allowed);
    }

    /** Why this URL cannot be an endpoint, or null. Does not resolve names. */
    public @Nullable String refusal(URI url) {
        String text = url.toString();
        if (text.length() > EndpointSettings.MAX_URL) {
            return "Expected a URL of at most " + EndpointSettings.MAX_URL + " characters, but it has " + text.length();
        }
        if (!text.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            return "Expected a URL in ASCII, but it has other characters; percent-encode them";
        }
        String scheme = url.getScheme();
        if (!"https".equalsIgnoreCase(scheme) && !(plainHttp && "http".equalsIgnoreCase(scheme))) {
            return "Expected an absolute URL that begins with https://" + (plainHttp ? " or http://" : "")
                    + ", but it does not";
        }
        if (url.getRawUserInfo() != null) {
            return "Expected a URL without user information, but there is an @ before the host";
        }
        if (url.getRawFragment() != null) {
            return "Expected a URL without a fragment, but there is a #";
        }
        String host = url.getHost();
        if (host == null || host.endsWith(".")) {
            return "Expected the name or the address of a host, but there is none, or one that is not valid";
        }
        if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
            return "Expected a port of 1 to " + MAX_PORT + ", but got " + url.getPort();
        }
        return looksLikeAddress(host) ? refusal(AddressText.parse(bare(host))) : null;
    }

    private @Nullable String refusal(@Nullable InetAddress address) {
        if (address == null) {
            return "Expected an address in its usual form, such as 192.0.2.1 or [2001:db8::1], but it has another one";
        }
        return isAllowed(address) ? null : "Expected a public address, but " + address.getHostAddress() + " is not";
    }

    /** A name's last part never begins with a digit, so that what does is an address to somebody (RFC 3696). */
    private static boolean looksLikeAddress(String host) {
        char last = host.charAt(host.lastIndexOf('.') + 1);
        return host.charAt(0) == '[' || last >= '0' && last <= '9';
    }

    private static String bare(String host) {
        return host.charAt(0) == '[' ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * The addresses to connect to, with the host's name in each, which TLS then checks the certificate against.
     *
     * @param found all addresses of the host
     * @throws UnsentException if one of them is neither public nor allowed: whoever mixes them is up to something
     */
    List<InetAddress> checked(String host, InetAddress[] found) throws UnknownHostException, UnsentException {
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : found) {
            if (!isAllowed(address)) {
                throw new UnsentException("The host has an address that is not public");
            }
            if (addresses.size() < MAX_TRIED) {
                addresses.add(InetAddress.getByAddress(host, address.getAddress()));
            }
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }

    private boolean isAllowed(InetAddress address) {
        return PublicAddresses.contain(address) || allowed.stream().anyMatch(network -> network.contains(address));
    }
}
