package io.tally.app;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar for a person who waits for an audit: on a terminal only. */
final class VerifyProgress implements AutoCloseable {
    private final PrintStream err;
    private @Nullable ProgressBar bar;

    VerifyProgress(PrintStream err) {
        this.err = err;
    }

    void show(long records, long of) {
        if (bar == null && System.console() != null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("verify")
                    .setUnit(" records", 1)
                    .setInitialMax(of)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .build();
        }
        if (bar != null) {
            bar.stepTo(records);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
