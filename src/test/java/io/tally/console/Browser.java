package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window, as a user who reads labels. What the page's policy forbids and what goes to its console is kept,
 * so that a test can say that it was nothing. For one thread.
 */
final class Browser implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    /** Keeps what the policy has forbidden, from before the first line of the page. */
    private static final String KEEP_VIOLATIONS =
            "window.violations = []; addEventListener('securitypolicyviolation', event =>"
                    + " violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));";

    private final ChromeDriver driver;
    private final URI service;
    private final List<String> problems = new ArrayList<>();

    private Browser(ChromeDriver driver, URI service) {
        this.driver = driver;
        this.service = service;
    }

    /** Starts, in a wide window. */
    static Browser start(URI service) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("tally.chromium", "/usr/bin/chromium", "chromium"));
        // No sandbox, since root has none; no shared memory, since containers have little.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--force-color-profile=srgb");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logging);
        ChromeDriverService driving = new ChromeDriverService.Builder()
                .usingDriverExecutable(
                        Path.of(program("tally.chromedriver", "/usr/bin/chromedriver", "chromium-driver"))
                                .toFile())
                .build();
        Browser browser = new Browser(new ChromeDriver(driving, options), service);
        browser.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", KEEP_VIOLATIONS));
        browser.size(1280, 900);
        return browser;
    }

    private static String program(String property, String standard, String debianPackage) {
        String path = System.getProperty(property, standard);
        if (!Files.isExecutable(Path.of(path))) {
            throw new AssertionError("Expected a program at " + path + ", but there is none: install Debian's package "
                    + debianPackage + ", or name another with -D" + property);
        }
        return path;
    }

    /** Runs a command of the DevTools protocol, and returns its answer. */
    Map<String, Object> command(String name, Map<String, Object> parameters) {
        return driver.executeCdpCommand(name, parameters);
    }

    /** Gives the page this much room, in its own pixels. */
    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** Whether pages are asked for as by somebody who likes it dark. */
    void dark(boolean dark) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    // ---- doing

    /** Opens a view as if for the first time. */
    void open(String hash) {
        collect();
        driver.get("about:blank");
        driver.get(service.resolve("/" + hash).toString());
        await("h1");
    }

    /** Goes to a view within the page. */
    void go(String hash) {
        run("location.hash = arguments[0]", hash);
    }

    /** Puts a text into the field with this label, in place of what it has. */
    void type(String label, String text) {
        WebElement field = labelled(label);
        field.clear();
        field.sendKeys(text);
    }

    /** The field with this label. */
    WebElement labelled(String label) {
        WebElement found = awaitElement(By.xpath("//label[normalize-space()='" + label + "']"));
        return driver.findElement(By.id(found.getAttribute("for")));
    }

    /** Presses the button that begins with this text. */
    void press(String text) {
        awaitElement(By.xpath("//button[starts-with(normalize-space(), '" + text + "')]"))
                .click();
    }

    /** Follows the link with this text. */
    void follow(String text) {
        awaitElement(By.linkText(text)).click();
    }

    /** Runs a script in the page; {@code return} gives a value back. */
    Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** Runs a script that calls its last argument back, and returns what that is given. */
    Object runAsync(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(LedgerRig.PATIENCE);
        return ((JavascriptExecutor) driver).executeAsyncScript(script, arguments);
    }

    /** Presses keys where the focus is. */
    void keys(CharSequence... keys) {
        focused().sendKeys(keys);
    }

    /** What has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** A tab of its own, in front of all others. */
    void newTab() {
        driver.switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", KEEP_VIOLATIONS));
    }

    // ---- seeing

    /** The address of the page. */
    String address() {
        return driver.getCurrentUrl();
    }

    /** What the view says. */
    String text() {
        return String.valueOf(run("return document.querySelector('main').innerText"));
    }

    /** What an element says, waited for. */
    String text(String css) {
        return await(css).getText();
    }

    /** Waits until an element is shown. */
    WebElement await(String css) {
        return awaitElement(By.cssSelector(css));
    }

    private WebElement awaitElement(By by) {
        return Awaitility.await()
                .alias("an element " + by)
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> driver.findElement(by), WebElement::isDisplayed);
    }

    /** Waits until the view says something. */
    void awaitText(String text) {
        awaitText("main", text);
    }

    /** Waits until an element says something. */
    void awaitText(String css, String text) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(run("return document.querySelector(arguments[0]).innerText", css))
                        .asString()
                        .contains(text));
    }

    // ---- judging

    private void collect() {
        Object violations = run("return window.violations ?? []");
        ((List<?>) violations).forEach(violation -> problems.add("policy: " + violation));
        run("if (window.violations) violations.length = 0");
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            problems.add(entry.getLevel() + " " + entry.getMessage());
        }
    }

    /** What the policy has forbidden, and what went to the console, since this was asked last. */
    List<String> problems() {
        collect();
        List<String> all = List.copyOf(problems);
        problems.clear();
        return all;
    }

    /**
     * The same, without what Chromium itself notes about answers that are none, or that did not come.
     *
     * @param expected statuses of such answers, or names of network errors
     */
    List<String> problemsBut(String... expected) {
        return problems().stream()
                .filter(problem -> List.of(expected).stream()
                        .noneMatch(one -> problem.contains("Failed to load resource") && problem.contains(one)))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
