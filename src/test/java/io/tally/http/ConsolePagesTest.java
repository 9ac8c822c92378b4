package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be said about the console's files without a browser. */
class ConsolePagesTest {
    private static final Path FOLDER = Path.of("src/main/resources/console");
    private static final int MAX_WEIGHT = 300_000;

    /** Ways to make markup, code or styles of strings; the browser's policy forbids them as well. */
    private static final Pattern HAZARD = Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write"
            + "|\\beval\\b|new Function|createContextualFragment|parseFromString|srcdoc|\\.style\\b|javascript:"
            + "|\\sstyle=|<style|\\son[a-z]+=\"|https?://(?!www\\.w3\\.org/)");

    private static final Pattern IMPORT = Pattern.compile("from '\\./([a-z-]+\\.js)'");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldMakeNothingOfStringsButText(Path file) throws IOException {
        assertThat(HAZARD.matcher(Files.readString(file)).results().map(match -> match.group()))
                .as(file.toString())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldImportWhatIsThere(Path file) throws IOException {
        assertThat(IMPORT.matcher(Files.readString(file)).results().map(match -> FOLDER.resolve(match.group(1))))
                .allSatisfy(imported -> assertThat(imported).exists());
    }

    @Test
    void shouldNameEveryFileInThePage() throws IOException {
        // Given
        TreeSet<String> expected = new TreeSet<>();
        files().forEach(file -> expected.add(file.getFileName().toString()));
        expected.remove("index.html");

        // Then
        assertThat(new ConsolePages(Console.ON).fileNames()).isEqualTo(expected);
    }

    @Test
    void shouldBeLight() throws IOException {
        long weight = 0;
        for (Path file : files()) {
            weight += Files.size(file);
        }
        assertThat(weight).isLessThan(MAX_WEIGHT);
    }
}
