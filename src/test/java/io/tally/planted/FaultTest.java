package io.tally.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTest {
    @ParameterizedTest
    @EnumSource
    void shouldFitTheProgramAsItIs(Fault fault) throws ClassNotFoundException {
        for (Point point : Stream.concat(fault.circumstances(), fault.points()).toList()) {
            // Given
            Class<?> type = Class.forName(point.type(), false, getClass().getClassLoader());
            byte[] sound = new ByteBuddy().redefine(type).make().getBytes();

            // When
            byte[] broken =
                    new ByteBuddy().redefine(type).visit(point.change()).make().getBytes();

            // Then: a method that is no longer there would leave the class as it was.
            assertThat(broken).as(point.toString()).isNotEqualTo(sound);
        }
    }
}
