package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "application/cloudevents+json; charset=UTF-8",
                "Application/CloudEvents+JSON \t;x",
                "application/cloudevents+json  "
            })
    void shouldKnowAnEvent(String contentType) {
        assertThat(CommandFormat.of(utf8(contentType))).isEqualTo(CommandFormat.EVENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/json",
                "application/cloudevents",
                "application/cloudevents+jso",
                "application/cloudevents+jsonx",
                "application/cloudevents+json,x",
                "application/cloudevents-batch+json",
                "application/cloudevents+avro",
                " application/cloudevents+json",
                "applıcatıon/cloudevents+json"
            })
    void shouldTakeEverythingElseAsPlain(String contentType) {
        assertThat(CommandFormat.of(utf8(contentType))).isEqualTo(CommandFormat.PLAIN);
    }

    @Test
    void shouldTakeNoneAsPlain() {
        assertThat(CommandFormat.of(null)).isEqualTo(CommandFormat.PLAIN);
    }
}
