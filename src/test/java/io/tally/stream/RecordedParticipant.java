package io.tally.stream;

import io.tally.store.Acknowledged;
import io.tally.store.OnceTask;
import io.tally.store.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/** Notes what a transaction tells a store. */
record RecordedParticipant(TopicPartition changelog, List<String> told, AtomicInteger open) implements Participant {
    RecordedParticipant(TopicPartition changelog) {
        this(changelog, new ArrayList<>());
    }

    RecordedParticipant(TopicPartition changelog, List<String> told) {
        this(changelog, told, new AtomicInteger());
    }

    void put() {
        open.incrementAndGet();
    }

    @Override
    public int openEntries() {
        return open.get();
    }

    @Override
    public OnceTask committed(Acknowledged acknowledged) {
        told.add("committed " + acknowledged.entries() + " up to " + acknowledged.last());
        return new OnceTask(() -> told.add("written"));
    }

    @Override
    public void aborted() {
        told.add("aborted");
    }

    @Override
    public void inputCommitted(long offset) {
        told.add("input " + offset);
    }
}
