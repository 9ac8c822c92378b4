package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.app.ServiceParts.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServicePartsTest {
    private final ServiceParts parts = new ServiceParts();
    private final List<Part> closed = new ArrayList<>();

    private void add(Part part) {
        parts.add(part, () -> closed.add(part));
    }

    @Test
    void shouldCloseInOneOrderWhateverTheOrderOfMaking() {
        // Given
        List<Part> shuffled = new ArrayList<>(List.of(Part.values()));
        Collections.shuffle(shuffled);
        shuffled.forEach(this::add);

        // When
        parts.close();

        // Then
        assertThat(closed)
                .containsExactly(
                        Part.INPUT_METRICS,
                        Part.WEBHOOKS,
                        Part.LEDGER,
                        Part.WAITING_CALLERS,
                        Part.HTTP,
                        Part.FEED,
                        Part.DEAD_LETTERS,
                        Part.CLUSTER,
                        Part.COMMANDS,
                        Part.PROCESS_METRICS);
    }

    @Test
    void shouldCloseWhatWasMadeAndOnlyOnce() {
        // Given
        add(Part.FEED);
        add(Part.LEDGER);

        // When
        parts.close();
        parts.close();

        // Then
        assertThat(closed).containsExactly(Part.LEDGER, Part.FEED);
    }

    @Test
    void shouldCloseTheOthersWhereOneFails() {
        // Given
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        parts.add(Part.WEBHOOKS, () -> {
            throw first;
        });
        add(Part.LEDGER);
        parts.add(Part.HTTP, () -> {
            throw second;
        });
        add(Part.COMMANDS);

        // When, then
        assertThatThrownBy(parts::close).isSameAs(first).hasSuppressedException(second);
        assertThat(closed).containsExactly(Part.LEDGER, Part.COMMANDS);
    }
}
