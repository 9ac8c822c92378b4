package io.tally.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.audit.AuditCheck.AccountState;
import io.tally.audit.AuditRefusedException;
import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.LedgerAudit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an instance for balances and compares them with the audited ones. The instance may be at work: an account whose
 * sequence is beyond the audited one has moved on and cannot be compared; one that is behind is asked for again.
 */
final class ServedBalances {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES = 10;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    private final String url;
    private final @Nullable String token;
    private final int sample;
    private final int maxFindings;
    private final List<Finding> findings = new ArrayList<>();
    private long compared;
    private long movedOn;

    /**
     * @param url http or https, with a host, no query, and no slash at its end
     * @param sample how many accounts are asked for at the most
     * @param maxFindings after how many wrong balances it stops: each takes {@link #TRIES} tries, and all may be wrong
     */
    ServedBalances(URI url, @Nullable String token, int sample, int maxFindings) {
        this.url = url.toString();
        this.token = token;
        this.sample = sample;
        this.maxFindings = maxFindings;
    }

    long compared() {
        return compared;
    }

    long movedOn() {
        return movedOn;
    }

    /** Balances that are wrong: of all that were compared, even if the instance does not answer any more. */
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** @throws AuditRefusedException if the instance does not answer */
    void compare(LedgerAudit audit) throws InterruptedException {
        for (AccountState account : chosen(audit)) {
            Finding finding = compare(account);
            if (finding != null) {
                findings.add(finding);
            }
            if (findings.size() >= maxFindings) {
                return;
            }
        }
    }

    /** Every account with the same chance, without keeping all of them. */
    private List<AccountState> chosen(LedgerAudit audit) {
        SplittableRandom random = new SplittableRandom();
        List<AccountState> chosen = new ArrayList<>();
        long[] seen = {0};
        audit.accounts(account -> {
            long place = random.nextLong(++seen[0]);
            if (chosen.size() < sample) {
                chosen.add(account);
            } else if (place < sample) {
                chosen.set((int) place, account);
            }
        });
        return chosen;
    }

    private @Nullable Finding compare(AccountState account) throws InterruptedException {
        String path = "/v1/user/" + account.userId() + "/balance?currency=" + account.currency();
        String problem = "nothing";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                HttpResponse<String> answer = client.send(request(path), HttpResponse.BodyHandlers.ofString());
                problem = answer.statusCode() + " " + answer.body();
                if (answer.statusCode() == 200) {
                    JsonNode body = JSON.readTree(answer.body());
                    long sequence = body.path("sequence").asLong();
                    if (sequence > account.sequence()) {
                        movedOn++;
                        return null;
                    }
                    if (sequence == account.sequence()) {
                        compared++;
                        return account.known()
                                        && body.path("balance")
                                                .asText()
                                                .equals(account.balance().toPlainString())
                                ? null
                                : finding(account, path, problem);
                    }
                } else if (answer.statusCode() == 404 && !account.known()) {
                    compared++;
                    return null;
                } else if (answer.statusCode() != 404 && answer.statusCode() != 429 && answer.statusCode() != 503) {
                    throw new AuditRefusedException("Expected a balance from " + url + path + ", but got " + problem
                            + ". A ledger with tokens needs --http-token-file.");
                }
            } catch (IOException e) {
                problem = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
        if (problem.startsWith("200") || problem.startsWith("404")) {
            compared++;
            return finding(account, path, problem);
        }
        throw new AuditRefusedException("Expected a balance from " + url + path + ", but got " + problem
                + ". The topics were read; see that the instance is ready, or leave out --http.");
    }

    private HttpRequest request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
        return token == null
                ? request.build()
                : request.header("Authorization", "Bearer " + token).build();
    }

    private static Finding finding(AccountState account, String path, String found) {
        String expected = account.known()
                ? "balance " + account.balance().toPlainString() + " at sequence " + account.sequence()
                : "404";
        return new Finding(Kind.SERVED_BALANCE, path, null, expected, found);
    }
}
