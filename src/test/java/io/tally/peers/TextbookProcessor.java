package io.tally.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Decides deposits and withdrawals: one outcome for each uid, and no balance below zero. It knows no currency, no history and
 * no conflict, and stops at input that it cannot read.
 */
final class TextbookProcessor extends ContextualProcessor<String, JsonNode, String, JsonNode> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final BigDecimal NOTHING = new BigDecimal("0.00");

    private KeyValueStore<String, JsonNode> accounts;
    private KeyValueStore<String, Long> decided;

    @Override
    public void init(ProcessorContext<String, JsonNode> context) {
        super.init(context);
        accounts = context.getStateStore(TextbookLedger.ACCOUNTS);
        decided = context.getStateStore(TextbookLedger.DECIDED);
    }

    @Override
    public void process(Record<String, JsonNode> record) {
        JsonNode command = record.value();
        String identity = record.key() + "/" + command.get("uid").asText();
        if (decided.get(identity) != null) {
            return;
        }
        JsonNode account = accounts.get(record.key());
        BigDecimal before = account == null
                ? NOTHING
                : new BigDecimal(account.get("balance").asText());
        BigDecimal wanted = wanted(command);
        boolean accepted = before.add(wanted).signum() >= 0;
        BigDecimal delta = accepted ? wanted : NOTHING;
        ObjectNode next = JSON.createObjectNode()
                .put("balance", before.add(delta).toPlainString())
                .put("sequence", account == null ? 1 : account.get("sequence").asLong() + 1);
        accounts.put(record.key(), next);
        decided.put(identity, record.timestamp());
        ObjectNode outcome = command.deepCopy();
        outcome.put("status", accepted ? "ACCEPTED" : "REJECTED").put("delta", delta.toPlainString());
        outcome.setAll(next);
        context().forward(record.withValue(outcome));
    }

    /** What the command moves if it is accepted. */
    private static BigDecimal wanted(JsonNode command) {
        BigDecimal amount = new BigDecimal(command.get("amount").asText());
        return command.get("type").asText().equals("DEPOSIT") ? amount : amount.negate();
    }
}
