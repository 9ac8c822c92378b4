package io.tally.architecture.wrong.ledger;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Does everything that a pure rule must not. */
final class ImpureLedger {
    static final LongSupplier TICKS = System::nanoTime;

    final Random random = new Random(1);
    final Clock clock = Clock.systemUTC();
    final ByteBuffer buffer = ByteBuffer.allocate(1);

    long millis() {
        return System.currentTimeMillis();
    }

    Instant now() {
        return Instant.now();
    }

    UUID id() {
        return UUID.randomUUID();
    }
}
