package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
    @ParameterizedTest
    @CsvSource({
        "a=b, b",
        "a=, ''",
        "a, ''",
        "a=b=c, b=c",
        "a=b&a=c, b",
        "x=y&&a=b&, b",
        "%61=b, b",
        "a=%62%2B%26%3d, b+&=",
        "a=b+c%20d, b c d",
        "a=%C3%a9%E2%82%AC%F0%9F%98%80, é€😀",
        "a=é, é",
        "a=%00, '\u0000'",
        "b=c,",
        "A=b,",
        "&,",
        "'',"
    })
    void shouldTellTheFirstValueOfAParameter(String query, String value) {
        // When
        Query parsed = Query.parse(query);

        // Then
        assertThat(parsed.value("a")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "a=%, a",
        "a=%4, a",
        "a=b%4, a",
        "a=%zz, a",
        "a=%4z, a",
        "a=%+1, a",
        "a=%-1, a",
        "a=%u0041, a",
        "a=%é, a",
        // No UTF-8: a byte that never is in it, half a character, an overlong one, a surrogate, beyond Unicode.
        "a=%ff, a",
        "a=%C3, a",
        "a=%C3b, a",
        "a=%C0%AF, a",
        "a=%ED%A0%80, a",
        "a=%F4%90%80%80, a",
        "a=b&a=%, a",
        "b=c&%61=%, a",
        "a=b&%zz=c, %zz",
        "a=b&c%, c%"
    })
    void shouldRefuseWhatCannotBeDecoded(String query, String parameter) {
        assertThatThrownBy(() -> Query.parse(query))
                .asInstanceOf(InstanceOfAssertFactories.type(RequestRefusedException.class))
                .extracting(RequestRefusedException::problem)
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_PARAMETER.code());
                    assertThat(problem.errors())
                            .extracting(Problem.FieldError::pointer)
                            .containsExactly(parameter);
                });
    }

    @Test
    void shouldEncodeWhatItHasReadForAnyClient() {
        // Given
        Query query = Query.parse("date=2026-01-31T10:00:00%2b02:00&x={|}&x=a+b&y&%26=é");

        // When
        String encoded = query.encoded();

        // Then
        assertThat(encoded).isEqualTo("date=2026-01-31T10%3A00%3A00%2B02%3A00&x=%7B%7C%7D&x=a+b&y=&%26=%C3%A9");
        assertThat(Query.parse(encoded).encoded()).isEqualTo(encoded);
        assertThat(Query.parse("&").encoded()).isEmpty();
    }
}
