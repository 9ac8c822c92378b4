package io.tally.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The smallest thing that can stand in for the store: everything decided so far, changed by {@link #apply} only. */
final class InMemoryLedger implements LedgerView {
    private record Key(String userId, UUID uid) {}

    private final List<JournalEntry> journal = new ArrayList<>();
    private final Map<Key, JournalEntry> entries = new HashMap<>();
    private final Map<Account, AccountHead> heads = new HashMap<>();
    private final Set<String> opened = new HashSet<>();

    static InMemoryLedger replay(List<JournalEntry> journal) {
        InMemoryLedger ledger = new InMemoryLedger();
        journal.forEach(ledger::apply);
        return ledger;
    }

    void apply(JournalEntry entry) {
        Command command = entry.command();
        journal.add(entry);
        entries.put(new Key(command.userId(), command.uid()), entry);
        heads.put(command.account(), head(command.account()).after(entry));
        if (command.type() == CommandType.OPEN && entry.accepted()) {
            opened.add(command.userId());
        }
    }

    @Override
    public @Nullable JournalEntry entry(String userId, UUID uid) {
        return entries.get(new Key(userId, uid));
    }

    @Override
    public AccountHead head(Account account) {
        return heads.getOrDefault(account, AccountHead.EMPTY);
    }

    @Override
    public boolean opened(String userId) {
        return opened.contains(userId);
    }

    /** Everything applied, in order. */
    List<JournalEntry> journal() {
        return journal;
    }

    Map<Account, AccountHead> heads() {
        return Map.copyOf(heads);
    }

    Set<String> openedUsers() {
        return Set.copyOf(opened);
    }
}
