package io.tally.architecture.wrong.audit;

import io.tally.architecture.wrong.common.Stray;
import io.tally.architecture.wrong.ledger.UpwardLedger;

/** Shares code with what it audits. */
public final class SharingAudit {
    UpwardLedger rules;
    Stray stray;
}
