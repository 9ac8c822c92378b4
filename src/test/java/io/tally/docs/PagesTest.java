package io.tally.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page points at exists: files, headings and classes; and the classes that comments of manifests name. */
class PagesTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    /** A code span of two capitalised words or more, with members perhaps. */
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][A-Za-z]*)+)(?:\\.[a-z][A-Za-z]*)?`");

    private static final Pattern CLASS_IN_COMMENT = Pattern.compile("\\b([A-Z][a-z]+(?:[A-Z][a-z]+)+)\\b");

    /** Not ours. */
    private static final Set<String> FOREIGN = Set.of(
            "LogAppendTime",
            "CreateTime",
            "DescribeConfigs",
            "BigDecimal",
            "TaskCorruptedException",
            "KafkaClientSupplier",
            "KeyValueBytesStoreSupplier",
            "OutOfMemoryError");

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void shouldLinkToWhatExists(Path page) throws IOException {
        for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
            if (link.group(1).contains("://")) {
                continue;
            }
            Path target = link.group(1).isEmpty() ? page : directory(page).resolve(link.group(1));
            assertThat(target).as("%s in %s", link.group(), page).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as("%s in %s", link.group(), page).contains(link.group(2));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void shouldNameClassesThatExist(Path page) throws IOException {
        // When
        List<String> named = CLASS.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(name -> !FOREIGN.contains(name))
                .toList();

        // Then
        assertThat(classes()).containsAll(named);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void shouldNameClassesThatExistInComments(Path manifest) throws IOException {
        // When
        List<String> named = Files.readAllLines(manifest).stream()
                .filter(line -> line.strip().startsWith("#"))
                .flatMap(line -> CLASS_IN_COMMENT.matcher(line).results())
                .map(match -> match.group(1))
                .filter(name -> !FOREIGN.contains(name))
                .toList();

        // Then
        assertThat(classes()).containsAll(named);
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src"))) {
            return sources.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    private static Path directory(Path page) {
        return page.toAbsolutePath().getParent();
    }

    /** The headings as links name them. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
            return files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            List<Path> found = docs.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")), found.stream());
        }
    }
}
