package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A service with tokens, whose console only looks. */
@Tag("browser")
class ConsoleTokenIT {
    private static final String READER = "reader-token-4711";

    @TempDir
    private static Path directory;

    private static ConsoleRig rig;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Path tokens = Files.writeString(
                directory.resolve("tokens"),
                HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256")
                                        .digest(READER.getBytes(StandardCharsets.UTF_8)))
                        + " read\n");
        rig = ConsoleRig.start(
                directory, Map.of("TALLY_API_TOKENS_FILE", tokens.toString(), "TALLY_CONSOLE", "read-only"));
        browser = rig.browser();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void shouldAskForATokenAndKeepItForTheTabOnly() {
        // Given
        browser.open("");
        assertThat(browser.text("#token-button")).isEqualTo("Token: none");

        // When
        browser.type("User or uid", "nobody" + Keys.ENTER);

        // Then
        browser.awaitText("#token-dialog", "wants a token");
        browser.type("A token of this service", "a guess" + Keys.ENTER);
        browser.awaitText("#token-dialog", "wants a token");
        browser.type("A token of this service", "another-guess" + Keys.ENTER);
        browser.awaitText("#token-dialog", "wants a token");
        browser.type("A token of this service", READER + Keys.ENTER);
        browser.awaitText(".problem", "There is no such user");
        assertThat(browser.text("#token-button")).isEqualTo("Token: in use");
        assertThat(browser.address()).doesNotContain(READER);
        assertThat(browser.run("return JSON.stringify({...localStorage}) + document.documentElement.outerHTML"))
                .asString()
                .doesNotContain(READER);

        browser.go("#/cluster");
        browser.awaitText(".problem", "The token lacks the scope admin");
        browser.go("#/live");
        browser.awaitText(".state", "Connected");
        assertThat(browser.run("return document.querySelector('.curl code').textContent"))
                .asString()
                .contains("Authorization: Bearer $TOKEN")
                .doesNotContain(READER);

        browser.newTab();
        browser.open("");
        assertThat(browser.text("#token-button")).as("in another tab").isEqualTo("Token: none");
        browser.press("Token: none");
        browser.type("A token of this service", READER + Keys.ENTER);
        assertThat(browser.text("#token-button")).isEqualTo("Token: in use");
        browser.press("Token: in use");
        browser.press("Forget it");
        assertThat(browser.text("#token-button")).isEqualTo("Token: none");
        assertThat(browser.problemsBut("401", "403", "404")).isEmpty();
    }

    @Test
    void shouldSendNothingWhenItIsToLookOnly() {
        browser.open("#/send");

        browser.awaitText("This console only looks");
        assertThat(browser.run("return document.querySelectorAll('form.command').length"))
                .isEqualTo(0L);
        assertThat(browser.run("return document.querySelector('nav [data-view=send]').hidden"))
                .isEqualTo(true);
        assertThat(browser.problems()).isEmpty();
    }
}
