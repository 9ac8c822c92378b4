package io.tally.stream;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** A processing context that counts how often a commit is asked for, and does nothing else. */
final class FakeContext {
    private final AtomicInteger commits = new AtomicInteger();

    int commits() {
        return commits.get();
    }

    ProcessingContext context() {
        return (ProcessingContext) Proxy.newProxyInstance(
                FakeContext.class.getClassLoader(),
                new Class<?>[] {ProcessingContext.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("commit")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    commits.incrementAndGet();
                    return null;
                });
    }
}
