package io.tally.http;

import static io.tally.http.Api.deposit;
import static io.tally.http.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the web server's library would take for others. One ledger serves all tests, with one user. */
class MisreadRequestsIT extends ApiCases {
    private static final String USER = "/v1/user/alice";

    private static UUID uid;

    @BeforeAll
    static void openAnAccount() {
        uid = UUID.randomUUID();
        assertThat(api.post(deposit(uid, "alice", "10")).statusCode()).isEqualTo(200);
    }

    // ---- methods

    /** A proxy that lets GET through only would let money through by it. */
    @ParameterizedTest
    @CsvSource({"GET, POST", "OPTIONS, PUT", "BREW, POST", "POST, POST", "POST, BEFORE"})
    void shouldNotTakeAnotherMethodFromAHeader(String method, String header) {
        // Given
        int written = written();

        // When
        HttpResponse<String> answer = api.send(
                method, "/v1/transaction", deposit(UUID.randomUUID(), "alice", "1"), "X-HTTP-Method-Override", header);

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("code").asText()).isEqualTo(ProblemCode.INVALID_REQUEST.code());
        assertThat(json(answer).path("detail").asText()).contains("X-HTTP-Method-Override");
        assertNothingIsDecidedSince(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEFORE", "BEFORE_MATCHED", "AFTER", "post", "BREW"})
    void shouldHaveNoCallForAMethodThatIsNone(String method) {
        // Given
        int written = written();

        // When
        HttpResponse<String> answer = api.send(method, "/v1/transaction", deposit(UUID.randomUUID(), "alice", "1"));

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("OPTIONS, POST, PUT");
        assertNothingIsDecidedSince(written);
    }

    private static int written() {
        return rig.readAll(rig.topics().input()).size();
    }

    private static void assertNothingIsDecidedSince(int written) {
        assertThat(written()).isEqualTo(written);
        assertThat(balance("alice")).isEqualTo("10.00");
    }

    // ---- bodies

    @ParameterizedTest
    @ValueSource(
            strings = {"gzip", "GZIP", "x", "identity, gzip", "gzip, identity", "identity\r\nContent-Encoding: br"})
    void shouldSayThatABodyIsCompressed(String coding) {
        // When
        String answer = api.raw(post("/v1/transaction", coding, "\u001f\u008b"));
        String many = api.raw(post("/v1/transactions", coding, "\u001f\u008b"));
        String user = api.raw(post("/v1/user", coding, "\u001f\u008b"));

        // Then
        assertThat(List.of(answer, many, user)).allSatisfy(refused -> {
            EdgeRig.assertProblem(refused, ProblemCode.UNSUPPORTED_MEDIA_TYPE);
            assertThat(refused).contains("\r\nAccept-Encoding: identity\r\n").contains("uncompressed");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "Identity", ""})
    void shouldTakeABodyThatIsAsItIs(String coding) {
        // When
        String answer = api.raw(post("/v1/transaction", coding, deposit(UUID.randomUUID(), "plain", "1")));

        // Then
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    private static String post(String path, String coding, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: "
                + coding + "\r\nContent-Length: " + body.length() + "\r\n" + EdgeRig.closing() + body;
    }

    // ---- parameters

    /** Each would else be answered as if it had not been sent. */
    @ParameterizedTest
    @CsvSource({
        "/v1/user/alice/balance?date=%zz, date",
        "/v1/user/alice/balance?date=%ff, date",
        "/v1/user/alice/balance?date=2026-01-31T10%3, date",
        "/v1/user/alice/balance?currency=%, currency",
        "/v1/user/alice/balance?d%zzte=2026-01-31, d%zzte",
        "/v1/user/alice/transactions?cursor=%, cursor",
        "/v1/user/alice/transactions?status=%, status",
        "/v1/user/alice/transactions?limit=%, limit",
        "/v1/transaction/{uid}?user_id=%, user_id",
        "/v1/events?after=%, after",
        "/v1/user/alice?x=%, x"
    })
    void shouldRefuseAParameterThatCannotBeDecoded(String path, String parameter) {
        // When
        String answer = api.raw(EdgeRig.get(path.replace("{uid}", uid.toString())));

        // Then
        EdgeRig.assertProblem(answer, ProblemCode.INVALID_PARAMETER);
        assertThat(json(answer.substring(answer.indexOf("\r\n\r\n")))
                        .at("/errors/0/pointer")
                        .asText())
                .isEqualTo(parameter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=x",
                "application/json; charset",
                "charset",
                "text/plain; charset=UTF-16"
            })
    void shouldReadParametersInUtf8WhateverABodyWouldBe(String contentType) {
        // When
        HttpResponse<String> past = api.get(USER + "/balance?date=2001%2D01-31", "Content-Type", contentType);
        HttpResponse<String> wrong = api.get(USER + "/balance?currency=%C3%A9", "Content-Type", contentType);

        // Then
        assertThat(past.statusCode()).as(past.body()).isEqualTo(200);
        assertThat(json(past).path("as_of").asText()).isEqualTo("2001-01-31T00:00:00.000Z");
        assertThat(json(past).path("balance").asText()).isEqualTo("0.00");
        assertThat(json(wrong).path("code").asText()).isEqualTo(ProblemCode.INVALID_PARAMETER.code());
    }
}
