package io.tally.webhook;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of hosts and has them checked, once for each connection. To ask for a name blocks a thread until the system
 * gives up, so that there are threads for it, and for each name one at a time: whoever needs the same name meanwhile gets the
 * same answer. A name that hangs keeps its one thread and nothing else. Thread-safe.
 */
final class NameLookups extends AbstractLifeCycle implements SocketAddressResolver {
    /** Names at once, and as many again that wait. Threads end when there is nothing to look up. */
    private static final int MOST = 32;

    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Finds all addresses of a host, as {@link InetAddress#getAllByName} does. */
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final TargetGuard guard;
    private final Names names;
    private final Duration timeout;
    private final Executor answers;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST, MOST, IDLE.toSeconds(), TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST), NameLookups::thread);

    /**
     * @param timeout how long whoever asks is kept waiting
     * @param answers runs what is done with the addresses
     */
    NameLookups(TargetGuard guard, Names names, Duration timeout, Executor answers) {
        this.guard = guard;
        this.names = names;
        this.timeout = timeout;
        this.answers = answers;
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "webhook-names");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void resolve(
            String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> connection) {
        var unused = lookup(host)
                .whenCompleteAsync(
                        (addresses, failure) -> {
                            if (failure == null) {
                                connection.succeeded(addresses.stream()
                                        .map(address -> new InetSocketAddress(address, port))
                                        .toList());
                            } else {
                                connection.failed(failure instanceof TimeoutException ? tooSlow() : failure);
                            }
                        },
                        answers);
    }

    private UnsentException tooSlow() {
        return new UnsentException("The name of the host was not found within " + timeout.toSeconds() + " s");
    }

    /** One that has run for too long has failed already, and stays until its thread is back. */
    private CompletableFuture<List<InetAddress>> lookup(String host) {
        CompletableFuture<List<InetAddress>> fresh = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> running = underWay.putIfAbsent(host, fresh);
        if (running != null) {
            return running;
        }
        try {
            threads.execute(() -> find(host, fresh));
            return fresh.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            finish(host, fresh, null, new UnsentException("Too many names of hosts are being looked up"));
            return fresh;
        }
    }

    private void find(String host, CompletableFuture<List<InetAddress>> result) {
        try {
            finish(host, result, guard.checked(host, names.resolve(host)), null);
        } catch (Throwable e) {
            // Whatever it is: else those who wait for this name hear of a time-out, and not of what went wrong.
            finish(host, result, null, e);
        }
    }

    /** Whoever comes after the answer asks anew. */
    private void finish(
            String host,
            CompletableFuture<List<InetAddress>> result,
            @Nullable List<InetAddress> addresses,
            @Nullable Throwable failure) {
        underWay.remove(host, result);
        if (addresses != null) {
            result.complete(addresses);
        } else if (failure != null) {
            result.completeExceptionally(failure);
        }
    }

    /** The client stops it with itself. */
    @Override
    protected void doStop() {
        threads.shutdownNow();
    }
}
