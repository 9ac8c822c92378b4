package io.tally.app.webhook;

import io.tally.app.webhook.Event.Place;
import io.tally.wire.webhook.SigningSecret;
import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges deliveries as they come, and prints a line about each. Thread-safe.
 *
 * <p>What was not signed with the secret, or long ago, is not believed: it changes nothing of what is remembered.
 */
public final class Receiver {
    /** How far a timestamp may be from now, either way. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Pattern ID = Pattern.compile("[!-~]{1,256}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final Secrets secrets;
    private final PrintStream out;
    private final Map<String, Boolean> ids = new Recent<>();
    private final Order order = new Order();
    private final Totals totals = new Totals();

    /** @param secrets those to check with; empty to check no signatures */
    public Receiver(List<SigningSecret> secrets, PrintStream out) {
        this.secrets = new Secrets(secrets);
        this.out = out;
    }

    /** How many events were taken, repeats not counted. */
    public synchronized long events() {
        return totals.events();
    }

    /** Whether nothing was wrong so far; repeats are not. */
    public synchronized boolean isRight() {
        return totals.isRight();
    }

    /** One line about all of it. */
    public synchronized String summary() {
        return totals.toString();
    }

    /** Judges a delivery. In the order in which this is called, deliveries have come. */
    synchronized CheckResult receive(Received delivery) {
        Judgement judgement = judge(delivery);
        totals.add(judgement.result());
        String id = delivery.id() == null ? "-" : Event.printable(delivery.id());
        out.println(delivery.at().truncatedTo(ChronoUnit.MILLIS) + " " + id + " " + judgement.text());
        return judgement.result();
    }

    private Judgement judge(Received delivery) {
        String id = delivery.id();
        String timestamp = delivery.timestamp();
        if (id == null || !ID.matcher(id).matches()) {
            return new Judgement(CheckResult.UNREADABLE, "no webhook-id");
        }
        if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
            return new Judgement(CheckResult.UNREADABLE, "no webhook-timestamp");
        }
        Event event = Event.parse(delivery.body());
        String about = event == null ? "unreadable" : event.text();
        if (!secrets.canCheck()) {
            about += " signature=unchecked";
        } else if (secrets.haveSigned(id, timestamp, delivery.signatures(), delivery.body())) {
            about += " signature=ok";
        } else {
            return new Judgement(CheckResult.WRONG_SIGNATURE, about + " signature=wrong");
        }
        long age = delivery.at().getEpochSecond() - Long.parseLong(timestamp);
        if (Math.abs(age) > TOLERANCE.toSeconds()) {
            return new Judgement(CheckResult.WRONG_TIMESTAMP, about + " timestamp=wrong (off by " + age + " s)");
        }
        if (event == null) {
            return new Judgement(CheckResult.UNREADABLE, about);
        }
        return judge(id, event.place(), about + " timestamp=ok");
    }

    private Judgement judge(String id, @Nullable Place place, String about) {
        if (ids.put(id, true) != null) {
            return new Judgement(CheckResult.REPEAT, about + " repeat");
        }
        if (place == null) {
            return new Judgement(CheckResult.RIGHT, about + " order=unchecked");
        }
        String flaw = order.flaw(place);
        return flaw == null
                ? new Judgement(CheckResult.RIGHT, about + " order=ok")
                : new Judgement(CheckResult.OUT_OF_ORDER, about + " order=wrong (" + flaw + ")");
    }

    /** A result, and what is printed of the delivery. */
    private record Judgement(CheckResult result, String text) {}
}
