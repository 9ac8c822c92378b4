package io.tally.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.app.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final String HEAD = "| setting | default | meaning |";
    private static final int MAX_LINES = 150;

    private final List<String> readme = Files.readAllLines(Path.of("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void shouldListEverySettingWithItsDefault() {
        // Given
        List<String> expected = Stream.of(Setting.values()).map(ReadmeTest::row).toList();

        // When
        List<String> rows = readme.stream()
                .dropWhile(line -> !line.equals(HEAD))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        // Then
        assertThat(rows)
                .withFailMessage(() -> "The table of settings in README.md should be:\n" + HEAD + "\n|---|---|---|\n"
                        + expected.stream().collect(Collectors.joining("\n")))
                .isEqualTo(expected);
    }

    @Test
    void shouldStayShort() {
        assertThat(readme).hasSizeLessThanOrEqualTo(MAX_LINES);
    }

    private static String row(Setting setting) {
        String value = Objects.requireNonNullElse(setting.defaultValue(), "");
        String standard = value.isEmpty() ? " " : " `" + value + "` ";
        return "| `" + setting.name() + "` |" + standard + "| " + setting.description() + " |";
    }
}
