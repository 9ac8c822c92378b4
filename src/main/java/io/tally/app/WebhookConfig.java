package io.tally.app;

import io.tally.webhook.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How outcomes are delivered to webhook endpoints.
 *
 * @param plainHttp whether endpoints of {@code http} are taken
 * @param networks those that may be reached although they are not public
 * @param retries the waits between the attempts at a delivery, 1 to 20 of 100 ms to 24 h
 * @param timeout of an attempt, 1 to 60 s
 * @param concurrency deliveries under way to one endpoint at a time, 1 to 256
 */
public record WebhookConfig(
        boolean plainHttp, List<Network> networks, List<Duration> retries, Duration timeout, int concurrency) {
    /** What {@code dev} takes where nothing is set: a receiver on this machine, as {@code webhook listen} is. */
    static final Map<Setting, String> OF_DEV = Map.of(
            Setting.TALLY_WEBHOOK_HTTP, "true",
            Setting.TALLY_WEBHOOK_NETWORKS, "127.0.0.0/8,::1/128");

    public WebhookConfig {
        networks = List.copyOf(networks);
        retries = List.copyOf(retries);
    }

    /** @throws ConfigException if a network is none */
    static WebhookConfig of(SettingValues values) {
        String networks = values.textOrNull(Setting.TALLY_WEBHOOK_NETWORKS);
        return new WebhookConfig(
                values.flag(Setting.TALLY_WEBHOOK_HTTP),
                networks == null
                        ? List.of()
                        : Stream.of(networks.split(",", -1))
                                .map(WebhookConfig::network)
                                .toList(),
                SettingType.Waits.of(values.text(Setting.TALLY_WEBHOOK_RETRIES)),
                Duration.ofSeconds(values.number(Setting.TALLY_WEBHOOK_TIMEOUT_S)),
                values.number(Setting.TALLY_WEBHOOK_CONCURRENCY));
    }

    private static Network network(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    Setting.TALLY_WEBHOOK_NETWORKS.key(),
                    "names '" + text + "', which is not a network: " + e.getMessage(),
                    "Set it to the first address and the length of each, as in 10.0.0.0/8,fd00::/8.");
        }
    }
}
