package io.tally.planted;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.Command;
import io.tally.ledger.CommandField;
import io.tally.ledger.CommandType;
import io.tally.ledger.Decision;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.LedgerView;
import io.tally.ledger.Rejection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned.AsScalar;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments.ToArgument;
import net.bytebuddy.asm.Advice.AssignReturned.ToReturned;
import org.jspecify.annotations.Nullable;

/** Wrong decisions. */
public final class DecisionFaults {
    private DecisionFaults() {}

    private record Identity(String userId, UUID uid) {
        static Identity of(JournalEntry entry) {
            return new Identity(entry.command().userId(), entry.command().uid());
        }
    }

    /** What was decided, without the entries that are forgotten. */
    private record Forgetful(LedgerView view, Predicate<JournalEntry> forgets) implements LedgerView {
        @Override
        public @Nullable JournalEntry entry(String userId, UUID uid) {
            JournalEntry entry = view.entry(userId, uid);
            if (entry == null || !forgets.test(entry)) {
                return entry;
            }
            Fired.now();
            return null;
        }

        @Override
        public AccountHead head(Account account) {
            return view.head(account);
        }

        @Override
        public boolean opened(String userId) {
            return view.opened(userId);
        }
    }

    public static final class NoDedup {
        private NoDedup() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(3))
        public static LedgerView enter(@Advice.Argument(3) LedgerView view) {
            return new Forgetful(view, entry -> true);
        }
    }

    public static final class DedupForgetsOnRestart {
        private static final Set<Identity> DECIDED_HERE = new HashSet<>();

        private DedupForgetsOnRestart() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(3))
        public static LedgerView enter(@Advice.Argument(3) LedgerView view) {
            return new Forgetful(view, entry -> !DECIDED_HERE.contains(Identity.of(entry)));
        }

        @Advice.OnMethodExit(inline = false)
        public static void exit(@Advice.Return Decision decision) {
            if (decision instanceof Decision.Decided decided) {
                DECIDED_HERE.add(Identity.of(decided.entry()));
            }
        }
    }

    public static final class RejectedForgotten {
        private RejectedForgotten() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(3))
        public static LedgerView enter(@Advice.Argument(3) LedgerView view) {
            return new Forgetful(view, entry -> !entry.accepted());
        }
    }

    /** Shows accounts that were not touched since the start one sequence too low. */
    public static final class SequenceReused {
        private static final Set<Account> TOUCHED = new HashSet<>();

        private SequenceReused() {}

        @Advice.OnMethodExit(inline = false)
        @ToReturned
        public static Decision exit(@Advice.Return Decision decision) {
            if (!(decision instanceof Decision.Decided decided)) {
                return decision;
            }
            JournalEntry entry = decided.entry();
            if (!TOUCHED.add(entry.command().account()) || entry.sequence() == 1) {
                return decision;
            }
            Fired.now();
            return new Decision.Decided(new JournalEntry(
                    entry.command(),
                    entry.sequence() - 1,
                    entry.balance(),
                    entry.rejection(),
                    entry.recordedAt(),
                    entry.source()));
        }
    }

    /** {@code >=} where {@code >} belongs. */
    public static final class ExactWithdrawalRejected {
        private ExactWithdrawalRejected() {}

        @Advice.OnMethodExit(inline = false)
        @ToReturned
        @AsScalar(skipOnDefaultValue = false)
        public static @Nullable Rejection exit(
                @Advice.Return @Nullable Rejection rejection,
                @Advice.Argument(0) Command command,
                @Advice.Argument(1) AccountHead head) {
            if (command.type() == CommandType.WITHDRAW && command.amount() == head.balance()) {
                Fired.now();
                return Rejection.INSUFFICIENT_FUNDS;
            }
            return rejection;
        }
    }

    public static final class OneUnitBeyondAccepted {
        private OneUnitBeyondAccepted() {}

        @Advice.OnMethodExit(inline = false)
        @ToReturned
        @AsScalar(skipOnDefaultValue = false)
        public static @Nullable Rejection exit(
                @Advice.Return @Nullable Rejection rejection,
                @Advice.Argument(0) Command command,
                @Advice.Argument(1) AccountHead head) {
            if (command.type() == CommandType.WITHDRAW && command.amount() == head.balance() + 1) {
                Fired.now();
                return null;
            }
            return rejection;
        }
    }

    public static final class TimestampsNotCompared {
        private TimestampsNotCompared() {}

        @Advice.OnMethodExit(inline = false)
        @ToReturned
        @AsScalar(skipOnDefaultValue = false)
        public static @Nullable CommandField exit(@Advice.Return @Nullable CommandField difference) {
            if (difference == CommandField.TIMESTAMP) {
                Fired.now();
                return null;
            }
            return difference;
        }
    }

    /** Takes the machine's clock for the record's time. */
    public static final class ClockRead {
        private ClockRead() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(1))
        public static long enter() {
            Fired.now();
            return System.currentTimeMillis() + 1;
        }
    }
}
