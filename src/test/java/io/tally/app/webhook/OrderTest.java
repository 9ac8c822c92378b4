package io.tally.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.app.webhook.Event.Place;
import org.junit.jupiter.api.Test;

class OrderTest {
    private final Order order = new Order();

    @Test
    void shouldTakeTheOutcomesOfAUserInTheirOrder() {
        assertThat(order.flaw(place("ada", "USD", 7, 3))).isNull();
        assertThat(order.flaw(place("ada", "EUR", 9, 1))).isNull();
        assertThat(order.flaw(place("ada", "USD", 10, 4))).isNull();
        assertThat(order.flaw(place("ada", "EUR", 12, 2))).isNull();
    }

    @Test
    void shouldLetUsersBeIndependent() {
        assertThat(order.flaw(place("ada", "USD", 70, 3))).isNull();
        assertThat(order.flaw(place("bob", "USD", 7, 1))).isNull();
        assertThat(order.flaw(place("ada", "USD", 71, 4))).isNull();
    }

    @Test
    void shouldNameAGapOnce() {
        // Given
        order.flaw(place("ada", "USD", 7, 3));

        // Then
        assertThat(order.flaw(place("ada", "USD", 9, 5))).isEqualTo("sequence 5 after 3");
        assertThat(order.flaw(place("ada", "USD", 10, 6))).isNull();
    }

    @Test
    void shouldNameOneThatComesTooLate() {
        // Given
        order.flaw(place("ada", "USD", 7, 3));
        order.flaw(place("ada", "USD", 8, 4));

        // Then
        assertThat(order.flaw(place("ada", "USD", 7, 3))).isEqualTo("source 1-7 after 1-8");
        assertThat(order.flaw(place("ada", "USD", 9, 5))).isNull();
    }

    /** Two currencies of a user have sequences of their own; the order of the input is the user's. */
    @Test
    void shouldNameWhatIsLateAcrossCurrencies() {
        // Given
        order.flaw(place("ada", "USD", 7, 3));

        // Then
        assertThat(order.flaw(place("ada", "EUR", 6, 1))).isEqualTo("source 1-6 after 1-7");
    }

    @Test
    void shouldNameAnotherPartition() {
        // Given
        order.flaw(place("ada", "USD", 7, 3));

        // Then
        assertThat(order.flaw(new Place("ada", "USD", 0, 99, 4))).isEqualTo("source 0-99 after 1-7");
        assertThat(order.flaw(new Place("ada", "USD", 0, 100, 5))).isNull();
    }

    @Test
    void shouldForgetUsersWhomItHasNotHeardOfForLongest() {
        // Given
        order.flaw(place("ada", "USD", 7, 3));

        // When
        for (int user = 0; user < Recent.CAPACITY; user++) {
            order.flaw(place("user-" + user, "USD", user, 1));
        }

        // Then
        assertThat(order.flaw(place("ada", "USD", 1, 9))).isNull();
        assertThat(order.flaw(place("user-99999", "USD", 1, 1))).isNotNull();
    }

    private static Place place(String user, String currency, long offset, long sequence) {
        return new Place(user, currency, 1, offset, sequence);
    }
}
