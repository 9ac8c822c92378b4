package io.tally.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tally.gateway.webhook.WebhookGateway;
import io.tally.gateway.webhook.WebhookRegistry;
import io.tally.stream.StreamSettings;
import io.tally.stream.WebhookTopics;
import io.tally.webhook.RetrySchedule;
import io.tally.webhook.TargetGuard;
import io.tally.webhook.TestEvents;
import io.tally.webhook.WebhookEngine;
import io.tally.webhook.WebhookMetrics;
import io.tally.webhook.WebhookSender;
import io.tally.webhook.WebhookSettings;

/** What tells outside services of outcomes, in one instance. */
final class Webhooks implements AutoCloseable {
    private final WebhookRegistry registry;
    private final WebhookSender sender;
    private final WebhookGateway gateway;
    private final WebhookEngine engine;

    private Webhooks(WebhookRegistry registry, WebhookSender sender, WebhookGateway gateway, WebhookEngine engine) {
        this.registry = registry;
        this.sender = sender;
        this.gateway = gateway;
        this.engine = engine;
    }

    /**
     * Makes the topics that are missing.
     *
     * @throws io.tally.stream.StartRefusedException if a topic is not as it must be
     */
    static void requireTopics(StreamSettings settings) {
        WebhookTopics.of(settings.topicPrefix())
                .createMissing(settings.kafka(), settings.topics().output());
    }

    /**
     * Starts, on {@linkplain #requireTopics topics that are there}.
     *
     * @param partitions the ledger's
     */
    static Webhooks start(WebhookConfig config, StreamSettings settings, int partitions, MeterRegistry meters) {
        WebhookTopics topics = WebhookTopics.of(settings.topicPrefix());
        TargetGuard guard = new TargetGuard(config.plainHttp(), config.networks());
        WebhookRegistry registry = WebhookRegistry.start(settings.kafka(), topics, settings.applicationId());
        WebhookSender sender = new WebhookSender(guard, config.timeout());
        WebhookGateway gateway =
                new WebhookGateway(registry, settings, partitions, guard::refusal, new TestEvents(sender));
        WebhookSettings webhooks = new WebhookSettings(
                settings.kafka(),
                settings.applicationId(),
                settings.groupInstanceId(),
                settings.topics().output(),
                partitions,
                topics,
                new RetrySchedule(config.retries()),
                config.concurrency());
        WebhookEngine engine = WebhookEngine.start(webhooks, registry, sender, new WebhookMetrics(meters));
        return new Webhooks(registry, sender, gateway, engine);
    }

    /** What the HTTP API needs. */
    WebhookGateway gateway() {
        return gateway;
    }

    /** Ends deliveries first: what they find out of endpoints is still written. */
    @Override
    public void close() {
        engine.close();
        gateway.close();
        registry.close();
        sender.close();
    }
}
