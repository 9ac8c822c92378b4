package io.tally.webhook;

/**
 * What every worker of the process works with.
 *
 * @param settings the operator's
 * @param sender sends what is told
 * @param metrics count what becomes of it
 * @param surroundings know the endpoints
 */
record WorkerParts(
        WebhookSettings settings,
        WebhookSender sender,
        WebhookMetrics metrics,
        EndpointWorker.Surroundings surroundings) {}
