package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Rejection;
import io.tally.wire.DeadLetterCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of all codes has a heading for each, in the order of the code. */
class OutcomesDocTest {
    private final List<String> page = Files.readAllLines(Path.of("docs/OUTCOMES.md"));

    OutcomesDocTest() throws IOException {}

    @Test
    void shouldExplainEveryRejection() {
        assertThat(codesUnder("## Rejections"))
                .isEqualTo(Stream.of(Rejection.values()).map(Rejection::name).toList());
    }

    @Test
    void shouldExplainEveryDeadLetterCode() {
        assertThat(codesUnder("## Dead letters"))
                .isEqualTo(Stream.of(DeadLetterCode.values())
                        .map(DeadLetterCode::wireName)
                        .toList());
    }

    @Test
    void shouldExplainEveryProblem() {
        assertThat(codesUnder("## HTTP problems"))
                .isEqualTo(
                        Stream.of(ProblemCode.values()).map(ProblemCode::code).toList());
    }

    @Test
    void shouldGiveEveryProblemItsStatus() {
        assertThat(ProblemCode.values())
                .allSatisfy(code ->
                        assertThat(textUnder("### `" + code.code() + "`")).startsWith(code.status() + ""));
    }

    private List<String> codesUnder(String heading) {
        return page.stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("### `"))
                .map(line -> line.substring("### `".length(), line.length() - 1))
                .toList();
    }

    /** Some codes are dead letters as well: the HTTP problems come later. */
    private String textUnder(String heading) {
        return page.stream()
                .dropWhile(line -> !line.equals("## HTTP problems"))
                .dropWhile(line -> !line.equals(heading))
                .skip(2)
                .findFirst()
                .orElse("");
    }
}
