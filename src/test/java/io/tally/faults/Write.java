package io.tally.faults;

import io.tally.audit.Parsed.Request;
import io.tally.audit.ReferenceModel;
import java.math.BigDecimal;
import java.util.UUID;

/** A deposit or withdrawal in dollars. */
public record Write(UUID uid, String user, String type, BigDecimal amount) {
    public String json() {
        return "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"user_id\":\"" + user + "\",\"amount\":\""
                + amount.toPlainString() + "\"}";
    }

    /** The same uid with another content. */
    public Write changed() {
        return new Write(uid, user, type, amount.add(BigDecimal.ONE));
    }

    boolean isSameAs(Request request) {
        return request.type().equals(type)
                && BigDecimal.valueOf(request.amount(), 4).compareTo(amount) == 0;
    }

    public int partition() {
        return ReferenceModel.partition(user, LedgerCluster.PARTITIONS);
    }
}
