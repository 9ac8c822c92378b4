package io.tally.faults;

import io.tally.faults.WriteLoad.Told;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Clients that ask instances for balances all the time, every other time for no older state than a writer was told of. */
public final class ReadLoad implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final long PAUSE_AFTER_FAILURE_NANOS = 20_000_000;

    private final Caller caller;
    private final List<String> instances;
    private final List<String> users;
    private final WriteLoad writes;
    private final Duration pause;
    private final Queue<Sighting> sightings = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;

    private volatile boolean finishing;

    private ReadLoad(
            Caller caller,
            List<String> instances,
            List<String> users,
            WriteLoad writes,
            Duration pause,
            int readers,
            long seed) {
        this.pause = pause;
        this.caller = caller;
        this.instances = instances;
        this.users = users;
        this.writes = writes;
        this.threads = IntStream.range(0, readers)
                .mapToObj(reader -> new Thread(() -> run(new SplittableRandom(seed + reader)), "reader-" + reader))
                .toList();
    }

    static ReadLoad start(
            Caller caller, List<String> instances, List<String> users, WriteLoad writes, int readers, long seed) {
        return start(caller, instances, users, writes, PAUSE, readers, seed);
    }

    /** @param pause of each reader after an answer */
    public static ReadLoad start(
            Caller caller,
            List<String> instances,
            List<String> users,
            WriteLoad writes,
            Duration pause,
            int readers,
            long seed) {
        ReadLoad load = new ReadLoad(caller, instances, users, writes, pause, readers, seed);
        load.threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return load;
    }

    private void run(SplittableRandom random) {
        while (!finishing) {
            String user = users.get(random.nextInt(users.size()));
            String instance = instances.get(random.nextInt(instances.size()));
            Sighting sighting = look(user, instance, random.nextBoolean());
            sightings.add(sighting);
            LockSupport.parkNanos(sighting.answer().status() == 200 ? pause.toNanos() : PAUSE_AFTER_FAILURE_NANOS);
        }
    }

    private Sighting look(String user, String instance, boolean withPosition) {
        Told told = writes.told(user);
        String[] headers =
                withPosition && told != null ? new String[] {"Tally-Position", told.position()} : new String[0];
        long sentAt = System.nanoTime();
        HttpAnswer answer = caller.send(instance, "GET", "/v1/user/" + user + "/balance", null, headers)
                .handle((response, failure) -> failure == null ? HttpAnswer.of(response) : HttpAnswer.failed(failure))
                .join();
        long sequence = told == null ? 0 : told.sequence();
        return new Sighting(user, instance, sequence, headers.length > 0, sentAt, System.nanoTime(), answer);
    }

    /** Asks no more, and waits for the last answers. */
    public List<Sighting> finish() throws InterruptedException {
        finishing = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(sightings);
    }

    @Override
    public void close() {
        finishing = true;
    }
}
