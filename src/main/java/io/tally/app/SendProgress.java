package io.tally.app;

import io.tally.app.send.OutgoingCommand;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar, for a person who has to wait: on a terminal, and only after {@link #FEW} commands. */
final class SendProgress implements AutoCloseable {
    private static final int FEW = 1_000;
    private static final long MIB = 1L << 20;

    private final PrintStream err;
    private final long bytes;
    private long done;
    private long doneBytes;
    private @Nullable ProgressBar bar;

    /** @param bytes what there is to send, or -1 when unknown */
    SendProgress(PrintStream err, long bytes) {
        this.err = err;
        this.bytes = bytes;
    }

    void step(OutgoingCommand command) {
        done++;
        doneBytes += command.json().length + 1L;
        if (done == FEW + 1 && System.console() != null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("send")
                    .setUnit(" MiB", MIB)
                    .setInitialMax(bytes)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .build();
        }
        if (bar != null) {
            bar.stepTo(doneBytes);
            if (done % FEW == 0) {
                bar.setExtraMessage(" " + done + " commands");
            }
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
