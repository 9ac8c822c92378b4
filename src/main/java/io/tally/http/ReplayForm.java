package io.tally.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.tally.gateway.webhook.ReplayRequest;
import io.tally.wire.TimestampText;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is to be told again, as services send it: a delivery, a stretch of time, or a partition from an offset on. */
final class ReplayForm {
    private static final String ONE_OF =
            "Expected either delivery, or from with or without to, or partition and offset";
    private static final String DELIVERY = "Expected the id of a delivery, such as 1-815";
    private static final String NUMBER = "Expected a number from 0";
    private static final Pattern DELIVERY_ID = Pattern.compile("(" + Parameters.PARTITION + ")-([0-9]{1,18})");
    private static final long MAX_OFFSET = 999_999_999_999_999_999L;

    private final JsonForm form;

    private ReplayForm(Context ctx) {
        this.form = JsonForm.of(ctx);
    }

    /** @throws RequestRefusedException if it is not one of these */
    static ReplayRequest parse(Context ctx) {
        ReplayForm form = new ReplayForm(ctx);
        ReplayRequest request = form.request();
        form.form.refuseWrong(Set.of());
        return Objects.requireNonNull(request);
    }

    private @Nullable ReplayRequest request() {
        String delivery = form.text("delivery", DELIVERY);
        Long from = time("from");
        Long to = time("to");
        Long partition = number("partition", Parameters.MAX_PARTITION);
        Long offset = number("offset", MAX_OFFSET);
        if (!form.isRight()) {
            return null;
        }
        if (delivery != null && from == null && to == null && partition == null && offset == null) {
            return ofDelivery(delivery);
        }
        if (from != null && delivery == null && partition == null && offset == null) {
            if (to != null && to <= from) {
                form.wrong("to", "Expected a time after from");
            }
            return new ReplayRequest.OfTimes(from, to);
        }
        if (partition != null && offset != null && delivery == null && from == null && to == null) {
            return new ReplayRequest.OfPartition(partition.intValue(), offset);
        }
        form.wrong(ONE_OF);
        return null;
    }

    private @Nullable ReplayRequest ofDelivery(String id) {
        Matcher parts = DELIVERY_ID.matcher(id);
        if (!parts.matches()) {
            form.wrong("delivery", DELIVERY);
            return null;
        }
        return new ReplayRequest.OfDelivery(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    private @Nullable Long time(String name) {
        String text = form.text(name, Parameters.TIME);
        if (text == null) {
            return null;
        }
        long millis = TimestampText.parse(text);
        if (millis == TimestampText.INVALID) {
            form.wrong(name, Parameters.TIME);
        }
        return millis;
    }

    private @Nullable Long number(String name, long most) {
        JsonNode value = form.value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > most) {
            form.wrong(name, NUMBER);
        }
        return value.longValue();
    }
}
