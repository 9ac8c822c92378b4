package io.tally.store;

import static io.tally.rig.GoldenFiles.golden;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After an upgrade a store of the same {@link LedgerDb#FORMAT_VERSION} is read where it stands. So what was once written under
 * a version is written the same under it for ever; another layout takes the next version, and a file of its own.
 */
class StoreFormatTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final long DAY = 86_400_000L;

    @TempDir
    Path directory;

    @Test
    void shouldWriteTheBytesOfItsFormatVersion() throws IOException {
        // Given
        Path store = directory.resolve("ledger");

        // When
        try (LedgerDb db = new StoreDirectory(store).open(StoreRig.ORIGIN, StoreRig.RESOURCES)) {
            Decider decider = new Decider();
            Overlay overlay = new Overlay(db);
            history().forEach(command -> decider.apply(command, overlay));
            overlay.writeTo(77);
        }

        // Then
        String rows = DatabaseFiles.contents(store).entrySet().stream()
                .map(row -> row.getKey() + " " + row.getValue())
                .collect(Collectors.joining("\n"));
        assertThat(rows).isEqualTo(golden("store/v" + LedgerDb.FORMAT_VERSION + ".txt", rows));
    }

    /** Leads to rows of every kind: of funded accounts and others, with a late sum and without. */
    private static List<Command> history() {
        long latest = Commands.NOON + 100 * DAY;
        return List.of(
                new Command(uid(1), ADA, CommandType.OPEN, 0, Commands.NOON, "Ada", false, true),
                deposit(2, ADA, 1_000, latest),
                // A late one.
                deposit(3, ADA, 250, latest - 30 * DAY),
                // Rejected, in order, with the late sum beside it.
                Commands.command(uid(4), ADA, CommandType.WITHDRAW, 5_000, latest),
                deposit(5, new Account("ada", "EUR"), 7, Commands.NOON),
                // Another user's uid, and an account without a deposit.
                Commands.command(uid(5), new Account("bob", "JPY"), CommandType.WITHDRAW, 10, Commands.NOON));
    }

    private static Command deposit(long uid, Account account, long amount, long effectiveAt) {
        return Commands.command(uid(uid), account, CommandType.DEPOSIT, amount, effectiveAt);
    }

    private static UUID uid(long number) {
        return new UUID(0x0123_4567_89ab_cdefL, number);
    }
}
