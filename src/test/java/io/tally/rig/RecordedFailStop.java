package io.tally.rig;

import io.tally.stream.FailStop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes why the process would have ended and goes on, to show what the rules behind it hold back. */
public final class RecordedFailStop implements FailStop {
    private final List<String> reasons = new CopyOnWriteArrayList<>();

    @Override
    public void stop(String reason, @Nullable Throwable cause) {
        reasons.add(reason);
    }

    public List<String> reasons() {
        return List.copyOf(reasons);
    }
}
