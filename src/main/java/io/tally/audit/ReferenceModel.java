package io.tally.audit;

import io.tally.audit.Parsed.Refused;
import io.tally.audit.Parsed.Request;
import io.tally.audit.Result.DeadLetter;
import io.tally.audit.Result.Outcome;
import io.tally.audit.Result.Repeat;
import io.tally.audit.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What must come of an input, written from the contract alone. Records are given in offset order per partition; how the
 * partitions interleave does not matter. Not thread-safe.
 */
public final class ReferenceModel {
    private static final class User {
        private final int number;
        private @Nullable Account accounts;
        private boolean opened;
        private boolean funded;
        private boolean decided;

        private User(int number) {
            this.number = number;
        }
    }

    private static final long MAX_BALANCE = 999_999_999_999_999_999L;

    private final AuditSettings settings;
    private final CommandParser parser;
    private final Map<String, User> users = new HashMap<>();
    private final UidTable uids = new UidTable();

    public ReferenceModel(AuditSettings settings) {
        this.settings = settings;
        this.parser = new CommandParser(settings);
    }

    /** What must come of the input's next record. */
    public Result apply(LogRecord input) {
        Parsed parsed = parser.parse(input.key(), input.value(), input.isEvent());
        if (parsed instanceof Refused refused) {
            return new DeadLetter(refused.code(), refused.certain(), null, input.origin());
        }
        Request request = (Request) parsed;
        int partition = partition(request.userId(), settings.partitions());
        if (partition != input.position().partition()) {
            return input.isCopy()
                    ? new DeadLetter("key_mismatch", true, null, input.origin())
                    : new Rerouted(partition, request.userId());
        }
        User user = user(request.userId());
        if (!uids.contains(user.number, request)) {
            return decide(request, user, input);
        }
        String field = uids.firstDifference(user.number, request);
        return field == null ? new Repeat() : new DeadLetter("uid_conflict", true, field, input.origin());
    }

    /** The partition that a user's commands are decided in. */
    public static int partition(String userId, int partitions) {
        return Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private Outcome decide(Request request, User user, LogRecord input) {
        String currency = request.currency() == null ? settings.defaultCurrency() : request.currency();
        Account account = account(user, currency);
        long delta = minorUnits(request, account.digits);
        String reason = reason(request, user, account.balance, delta);
        if (reason == null) {
            account.balance += delta;
            user.opened |= request.type().equals("OPEN");
            user.funded |= request.type().equals("DEPOSIT");
        } else {
            delta = 0;
        }
        account.sequence++;
        user.decided = true;
        uids.put(user.number, request);
        long recordedAt = EffectiveTime.ofRecord(input.timestamp());
        return new Outcome(
                request,
                input.position(),
                recordedAt,
                request.timestamp() == EffectiveTime.NONE ? recordedAt : request.timestamp(),
                currency,
                account.digits,
                reason,
                delta,
                account.balance,
                account.sequence);
    }

    private static long minorUnits(Request request, int digits) {
        long units = request.amount();
        for (int i = digits; i < AuditSettings.MOST_DIGITS; i++) {
            units = Long.divideUnsigned(units, 10);
        }
        return request.type().equals("WITHDRAW") ? -units : units;
    }

    private @Nullable String reason(Request request, User user, long balance, long delta) {
        boolean open = request.type().equals("OPEN");
        if (!open && settings.registrationRequired() && !user.opened) {
            return "UNKNOWN_USER";
        }
        if (open && user.opened) {
            return "USER_EXISTS";
        }
        if (balance + delta < 0) {
            return "INSUFFICIENT_FUNDS";
        }
        return balance + delta > MAX_BALANCE ? "BALANCE_OVERFLOW" : null;
    }

    private User user(String id) {
        User user = users.get(id);
        if (user == null) {
            user = new User(users.size() + 1);
            users.put(id, user);
        }
        return user;
    }

    private Account account(User user, String currency) {
        Account account = user.accounts;
        while (account != null && !account.currency.equals(currency)) {
            account = account.next;
        }
        if (account == null) {
            int digits = settings.currencies().getOrDefault(currency, 0);
            account = new Account(currency, digits, user.accounts);
            user.accounts = account;
        }
        return account;
    }

    /** The account that an outcome names, made if it is not there; null when there is no such currency. */
    @Nullable
    Account account(String userId, String currency) {
        return settings.currencies().containsKey(currency) ? account(user(userId), currency) : null;
    }

    /** Whether something was decided under the user's uid. */
    boolean isDecided(String userId, String uid) {
        User user = users.get(userId);
        try {
            UUID parsed = UUID.fromString(uid);
            return user != null
                    && uids.contains(user.number, parsed.getMostSignificantBits(), parsed.getLeastSignificantBits());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How many users there are that something was decided for, known or not. */
    long userCount() {
        return users.values().stream().filter(user -> user.decided).count();
    }

    /** Visits every account, with the id of its user. */
    void accounts(BiConsumer<String, Account> visitor) {
        users.forEach((id, user) -> {
            for (Account account = user.accounts; account != null; account = account.next) {
                visitor.accept(id, account);
            }
        });
    }

    /** Whether an OPEN or a DEPOSIT was accepted for the user. */
    public boolean known(String userId) {
        User user = users.get(userId);
        return user != null && (user.opened || user.funded);
    }
}
