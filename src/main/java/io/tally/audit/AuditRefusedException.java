package io.tally.audit;

/** The ledger cannot be audited; the message says why and what to do. It says nothing about whether the ledger is right. */
public final class AuditRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AuditRefusedException(String message) {
        super(message);
    }

    public AuditRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
