package io.tally.architecture.wrong.ledger;

import io.tally.architecture.wrong.wire.UpwardWire;

/** Imports the floor above. */
public final class UpwardLedger {
    UpwardWire above;
}
