/**
 * A real Kafka broker in this JVM, for one machine: the only place that knows Kafka's server classes.
 *
 * <p>It keeps its data across restarts and survives the death of its process. It has one replica of everything and,
 * like any Kafka broker, leaves writing to disk to the operating system: a power failure can take the latest records
 * with it. Money that matters belongs on a cluster.
 */
@NullMarked
package io.tally.dev;

import org.jspecify.annotations.NullMarked;
