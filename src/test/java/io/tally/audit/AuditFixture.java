package io.tally.audit;

import io.tally.audit.AuditReport.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Small histories of a right ledger, to plant faults in. */
final class AuditFixture {
    /** A uid but for its last digit. */
    static final String UID = "00000000-0000-0000-0000-00000000000";

    static final String ALICE = "alice";

    private AuditFixture() {}

    static RightLedger three() {
        RightLedger ledger = new RightLedger();
        for (int i = 1; i <= 3; i++) {
            ledger.produce(ALICE, deposit(i, String.valueOf(i)));
        }
        return ledger.process();
    }

    static RightLedger conflict() {
        RightLedger ledger = three();
        ledger.produce(ALICE, deposit(3, "4"));
        return ledger.process();
    }

    static String deposit(int uid, String amount) {
        return command("DEPOSIT", uid, amount);
    }

    static String command(String type, int uid, String amount) {
        return Json.text(Map.of("uid", UID + uid, "type", type, "amount", amount));
    }

    static LogRecord altered(LogRecord record, UnaryOperator<String> change) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        byte[] value = change.apply(text).getBytes(StandardCharsets.UTF_8);
        return new LogRecord(
                record.topic(), record.position(), record.timestamp(), record.key(), value, record.headers());
    }

    static List<Kind> kinds(AuditReport report) {
        return List.copyOf(report.violations().keySet());
    }

    static String first(AuditReport report) {
        return report.findings().get(0).toString();
    }
}
