package io.tally.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tally.audit.AuditCheck.AccountState;
import io.tally.audit.AuditRefusedException;
import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.LedgerAudit;
import io.tally.ledger.Account;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an instance for balances and compares them with the audited ones. The instance may be at work: one that is behind is
 * asked for again. One that is further than what was audited is right only if the outcomes have got there meanwhile, which
 * {@link #compareAhead} finds out.
 */
final class ServedBalances {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES = 10;
    private static final int MAX_TEXT = 500;

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
    private final Map<Account, Ahead> ahead = new LinkedHashMap<>();
    private long compared;
    private long movedOn;

    /** What the instance says of an account. */
    private record Served(long sequence, String balance) {}

    /** An account of which the instance had more than was audited. */
    private record Ahead(AccountState account, Served served, String path, String answer) {}

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

    /** @throws AuditRefusedException if the instance does not answer, or what answers is none */
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

    /**
     * Reads on in the outcomes, up to what the instance had of accounts that were further than what was audited. What has
     * not come then is not committed.
     */
    void compareAhead(LedgerAudit audit) throws InterruptedException {
        for (int attempt = 0; attempt < TRIES && !ahead.isEmpty(); attempt++) {
            if (attempt > 0) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
            audit.read((read, of) -> {});
            audit.accounts(this::compareIfAhead);
        }
        ahead.values().stream()
                .limit(maxFindings)
                .forEach(one -> findings.add(finding(one.account(), one.path(), one.answer())));
    }

    private void compareIfAhead(AccountState now) {
        Ahead one = ahead.get(key(now));
        if (one == null || one.served().sequence() > now.sequence()) {
            return;
        }
        ahead.remove(key(now));
        if (one.served().sequence() < now.sequence()) {
            // Neither the outcomes nor the instance say any more what it was.
            movedOn++;
            return;
        }
        compared++;
        if (!isRight(one.served(), now)) {
            findings.add(finding(now, one.path(), one.answer()));
        }
    }

    private static Account key(AccountState account) {
        return new Account(account.userId(), account.currency());
    }

    private @Nullable Finding compare(AccountState account) throws InterruptedException {
        String path = "/v1/user/" + account.userId() + "/balance?currency=" + account.currency();
        boolean answered = false;
        String found = "nothing";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                HttpResponse<String> answer = client.send(request(path), HttpResponse.BodyHandlers.ofString());
                found = text(answer);
                answered = answer.statusCode() != 429 && answer.statusCode() != 503;
                Served served = answered ? served(answer, account, path) : null;
                if (served != null && served.sequence() > account.sequence()) {
                    ahead.put(key(account), new Ahead(account, served, path, found));
                    return null;
                }
                if (answered && served == null && !account.known()) {
                    compared++;
                    return null;
                }
                if (served != null && served.sequence() == account.sequence()) {
                    compared++;
                    return isRight(served, account) ? null : finding(account, path, found);
                }
            } catch (IOException e) {
                answered = false;
                found = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
        if (answered) {
            compared++;
            return finding(account, path, found);
        }
        throw new AuditRefusedException("Expected a balance from " + url + path + ", but got " + found
                + ". The topics were read; see that the instance is ready, or leave out --http.");
    }

    private static boolean isRight(Served served, AccountState account) {
        return account.known() && served.balance().equals(account.balance().toPlainString());
    }

    /**
     * What the answer says of the account, or null when it says that there is no such user.
     *
     * @throws AuditRefusedException if it is not an instance's answer about it: nothing can be said of a ledger that was not
     *     asked
     */
    private @Nullable Served served(HttpResponse<String> answer, AccountState account, String path) {
        JsonNode body;
        try {
            body = JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            body = MissingNode.getInstance();
        }
        if (answer.statusCode() == 404 && body.path("code").asText().equals("unknown_user")) {
            return null;
        }
        if (answer.statusCode() == 200
                && body.path("user_id").asText().equals(account.userId())
                && body.path("currency").asText().equals(account.currency())
                && body.path("sequence").isIntegralNumber()
                && body.path("balance").isTextual()) {
            return new Served(
                    body.path("sequence").asLong(), body.path("balance").asText());
        }
        throw new AuditRefusedException("Expected a balance from " + url + path + ", but got " + text(answer)
                + ". See that --http names an instance; a ledger with tokens needs --http-token-file.");
    }

    /** The answer in a message. An instance's own are shorter; another service may send a whole page. */
    private static String text(HttpResponse<String> answer) {
        String body = answer.body();
        return answer.statusCode() + " " + (body.length() <= MAX_TEXT ? body : body.substring(0, MAX_TEXT) + "…");
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
