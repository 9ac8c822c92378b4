package io.tally.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.app.bench.LocalLedger;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {
    private static final String MAVEN = """
            echo "$PWD: $*" >>"$OUT/builds"
            for argument in "$@"; do
                case $argument in -Dtally.jar=*) echo built >"${argument#-Dtally.jar=}" ;; esac
            done
            """;

    private static final String REPORT_OF_GLIBC =
            "echo \"arenas=${MALLOC_ARENA_MAX-none} threshold=${MALLOC_MMAP_THRESHOLD_-none}\"";

    @TempDir
    Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void prepare() throws IOException {
        sandbox = new Sandbox(folder.toRealPath());
    }

    @Test
    void shouldPassArgumentsThrough() throws Exception {
        // Given
        sandbox.withJar().withJava("17.0.1", "exit 3").with("TALLY_JAVA_OPTS", "-Xmx1g  -Da=*");

        // When
        int code = sandbox.run("send", "two words", "", "*", "--name=a b");

        // Then
        assertThat(code).isEqualTo(3);
        assertThat(sandbox.read("arguments").lines())
                .endsWith(
                        "<-Xmx1g>",
                        "<-Da=*>",
                        "<-jar>",
                        "<" + sandbox.jar() + ">",
                        "<send>",
                        "<two words>",
                        "<>",
                        "<*>",
                        "<--name=a b>");
    }

    @ParameterizedTest
    @CsvSource({"verify, -Xmx2g", "serve, -Xmx" + LocalLedger.HEAP, "broker, -Xmx" + LocalLedger.HEAP, "send, none"})
    void shouldBoundTheHeap(String command, String bound) throws Exception {
        // Given
        sandbox.withJar().withJava("17.0.1", "");

        // When
        sandbox.run(command, "--follow");

        // Then
        String heap = sandbox.read("arguments")
                .lines()
                .filter(argument -> argument.startsWith("<-Xmx"))
                .findFirst()
                .orElse("<none>");
        assertThat(heap).isEqualTo("<" + bound + ">");
    }

    @ParameterizedTest
    @CsvSource({
        "TALLY_JAVA_OPTS, -Xmx5g",
        "TALLY_JAVA_OPTS, -Xms2g",
        "TALLY_JAVA_OPTS, -XX:MaxRAMPercentage=50",
        "TALLY_JAVA_OPTS, -XX:MaxHeapSize=5g",
        "JDK_JAVA_OPTIONS, -Xmx4g"
    })
    void shouldLeaveTheHeapToWhoSaysSomethingAboutIt(String variable, String option) throws Exception {
        // Given
        sandbox.withJar().withJava("17.0.1", "").with(variable, option);

        // When
        sandbox.run("serve");

        // Then
        assertThat(sandbox.read("arguments").lines()).doesNotContain("<-Xmx" + LocalLedger.HEAP + ">");
    }

    @Test
    void shouldBoundWhatGlibcKeepsOfNativeMemory() throws Exception {
        // Given
        sandbox.withJar().withJava("17", REPORT_OF_GLIBC);

        // When
        sandbox.run("serve");

        // Then
        assertThat(sandbox.read("stdout")).isEqualTo("arenas=2 threshold=131072\n");
    }

    @Test
    void shouldLeaveGlibcToWhoSaysSomethingAboutIt() throws Exception {
        // Given
        sandbox.withJar()
                .withJava("17", REPORT_OF_GLIBC)
                .with("MALLOC_ARENA_MAX", "1")
                .with("MALLOC_MMAP_THRESHOLD_", "65536");

        // When
        sandbox.run("serve");

        // Then
        assertThat(sandbox.read("stdout")).isEqualTo("arenas=1 threshold=65536\n");
    }

    @Test
    void shouldKeepItsOwnSettingFromTally() throws Exception {
        // Given
        sandbox.withJar()
                .withJava("17", "echo \"opts=${TALLY_JAVA_OPTS-none}\"")
                .with("TALLY_JAVA_OPTS", "-Xmx1g");

        // When
        sandbox.run("serve");

        // Then
        assertThat(sandbox.read("stdout")).isEqualTo("opts=none\n");
    }

    @Test
    void shouldRunChaosWithMaven() throws Exception {
        // Given
        sandbox.withJava("17", "").install("mvn", MAVEN);

        // When
        int code = sandbox.run("chaos", "--minutes", "60", "--seed", "42");

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.read("builds"))
                .startsWith(sandbox.home() + ": ")
                .endsWith("verify -Pchaos -Dchaos.minutes=60 -Dchaos.seed=42\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --peers --warm-up 5 --seed 42",
                "bench --warm-up 5 --peers --seed 42",
                "bench --warm-up 5 --seed 42 --peers"
            })
    void shouldRunPeersWithMaven(String arguments) throws Exception {
        // Given
        sandbox.withJava("17", "").install("mvn", MAVEN);

        // When
        int code = sandbox.run(arguments.split(" "));

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.read("builds"))
                .startsWith(sandbox.home() + ": ")
                .endsWith("verify -Ppeers -Dpeers.warm-up=5 -Dpeers.seed=42\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--hours 1", "--seed", "60", "--chaos --seed 1"})
    void shouldRefuseUnknownOptionsOfChaos(String arguments) throws Exception {
        // Given
        sandbox.withJava("17", "").install("mvn", MAVEN);

        // When
        int code = sandbox.run(("chaos " + arguments).split(" "));

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(sandbox.read("builds")).isEmpty();
    }

    @Test
    void shouldRunThroughLinks() throws Exception {
        // Given
        sandbox.withJar().withJava("25", "");
        Path near = Files.createSymbolicLink(sandbox.home().resolve("near"), Path.of("tally"));
        Path far = Files.createSymbolicLink(sandbox.bin().resolve("far"), near);

        // When
        int code = sandbox.start(far, "help").exitCode();

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.read("arguments")).contains("<" + sandbox.jar() + ">");
    }

    @ParameterizedTest
    @CsvSource({"16.0.2, 69", "11.0.20.1, 69", "1.8.0_392, 69", "17, 0", "17.0.1+12-LTS, 0", "25-ea, 0"})
    void shouldRefuseJavaBefore17(String version, int expectedCode) throws Exception {
        // Given
        sandbox.withJar().withJava(version, "");

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isEqualTo(expectedCode);
        assertThat(sandbox.read("stderr"))
                .isEqualTo(
                        expectedCode == 0
                                ? ""
                                : "tally: Tally needs Java 17 or newer, but "
                                        + sandbox.bin().resolve("java") + " is " + version + "; set JAVA_HOME\n");
    }

    @Test
    void shouldSayThatThereIsNoJava() throws Exception {
        // Given
        sandbox.withJar();

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isEqualTo(69);
        assertThat(sandbox.read("stderr")).contains("no java on the PATH", "set JAVA_HOME");
    }

    @Test
    void shouldPreferJavaHome() throws Exception {
        // Given
        Path javaHome = sandbox.home().resolve("jdk");
        sandbox.withJar()
                .withJava("11", "exit 1")
                .install(javaHome.resolve("bin/java"), Sandbox.javaScript("21", "exit 4"))
                .with("JAVA_HOME", javaHome.toString());

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isEqualTo(4);
    }

    @Test
    void shouldBuildWhenThereIsNoJar() throws Exception {
        // Given
        sandbox.withJava("17", "").install("mvn", MAVEN);

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.read("stderr")).contains("building…");
        assertThat(sandbox.read("stdout")).isEmpty();
        assertThat(sandbox.jar()).hasContent("built");
        assertThat(sandbox.read("builds")).startsWith(sandbox.home() + ": ").contains("-Dquick");
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java/A.java", "src/main/resources/logback.xml", "schemas/a.json", "pom.xml"})
    void shouldBuildAgainOnceAfterAChange(String changed) throws Exception {
        // Given
        sandbox.withJar().withJava("17", "").install("mvn", MAVEN);
        Path file = sandbox.home().resolve(changed);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "changed");
        Files.setLastModifiedTime(sandbox.jar(), FileTime.from(Instant.EPOCH));

        // When
        sandbox.run("help");
        sandbox.run("help");

        // Then
        assertThat(sandbox.read("builds").lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"17.0.1, ''", "25, --sun-misc-unsafe-memory-access=allow"})
    void shouldArchiveClassesBeforeABenchAndStartFromThem(String version, String more) throws Exception {
        // Given
        sandbox.withJava(version, "").install("mvn", MAVEN).with("TALLY_JAVA_OPTS", "-Xmx1g");

        // When
        int code = sandbox.run("bench");

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.archive(version)).hasContent("archived");
        assertThat(sandbox.read("training").lines())
                .containsSubsequence(
                        "<--enable-native-access=ALL-UNNAMED>", "<-jar>", "<" + sandbox.jar() + ">", "<train>")
                .doesNotContain("<-Xmx1g>");
        assertThat(sandbox.read("training")).contains(more);
        assertThat(sandbox.read("arguments").lines())
                .containsSubsequence(
                        "<-XX:SharedArchiveFile=" + sandbox.archive(version) + ">",
                        "<-Xlog:cds*=off>",
                        "<-Xmx1g>",
                        "<-jar>");
    }

    @ParameterizedTest
    @CsvSource({
        "serve, 1, 17, old, true",
        "serve, 1, 17.0.1, old, false",
        "serve, -1, 17, old, false",
        "bench, 1, 17, old, true",
        "bench, -1, 17, archived, true"
    })
    void shouldStartFromAnArchiveOfThisJarAndJavaOnly(
            String command, int secondsAfterJar, String madeBy, String content, boolean used) throws Exception {
        // Given
        sandbox.withJar()
                .withArchive(madeBy, Duration.ofSeconds(secondsAfterJar))
                .withJava("17", "");

        // When
        sandbox.run(command);

        // Then
        assertThat(sandbox.archive(madeBy)).hasContent(content);
        assertThat(sandbox.read("arguments").contains("-XX:SharedArchiveFile=")).isEqualTo(used);
        assertThat(sandbox.read("starts").lines()).hasSize(1);
    }

    @Test
    void shouldStartWithoutAnArchiveWhenNoneCanBeMade() throws Exception {
        // Given
        sandbox.withJava("17", "exit 3").install("mvn", MAVEN).with("NO_ARCHIVE", "yes");

        // When
        int code = sandbox.run("bench");

        // Then
        assertThat(code).isEqualTo(3);
        assertThat(sandbox.read("training")).isNotEmpty();
        assertThat(sandbox.read("arguments")).doesNotContain("-XX:SharedArchiveFile=");
    }

    /** However good the old one looks: Java may have refused it. */
    @Test
    void shouldArchiveWheneverAsked() throws Exception {
        // Given
        sandbox.withJar().withArchive("17", Duration.ofSeconds(1)).withJava("17", "");

        // When
        int code = sandbox.run("train");

        // Then
        assertThat(code).isZero();
        assertThat(sandbox.archive("17")).hasContent("archived");
        assertThat(sandbox.read("starts")).isEmpty();
    }

    @Test
    void shouldSayThatNothingWasArchived() throws Exception {
        // Given
        sandbox.withJar()
                .withArchive("17", Duration.ofSeconds(1))
                .withJava("17", "")
                .with("NO_ARCHIVE", "yes");

        // When
        int code = sandbox.run("train");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(sandbox.archive("17")).doesNotExist();
    }

    @Test
    void shouldNotArchiveForWhoReadsTheHelp() throws Exception {
        // Given
        sandbox.withJar().withJava("17", "");

        // When
        sandbox.run("bench", "--help");

        // Then
        assertThat(sandbox.archive("17")).doesNotExist();
    }

    @Test
    void shouldSayThatMavenIsMissing() throws Exception {
        // Given
        sandbox.withJava("17", "");

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isEqualTo(69);
        assertThat(sandbox.read("stderr")).contains("no mvn on the PATH");
        assertThat(sandbox.read("starts")).isEmpty();
    }

    @Test
    void shouldNotRunTheOldJarWhenTheBuildFails() throws Exception {
        // Given
        sandbox.withJava("17", "").install("mvn", "echo broken; exit 1");

        // When
        int code = sandbox.run("help");

        // Then
        assertThat(code).isEqualTo(70);
        assertThat(sandbox.read("stderr")).contains("broken", "The build failed");
        assertThat(sandbox.read("starts")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "serve, 75, 2, 0",
        "dev, 75, 2, 0",
        "serve, 134, 2, 0",
        "serve, 1, 1, 1",
        "serve, 137, 1, 137",
        "send, 75, 1, 75"
    })
    void shouldStartAgainWhatEndedByItself(String command, int firstCode, int starts, int code) throws Exception {
        // Given
        sandbox.withJar().withJava("17", "[ \"$(grep -c start \"$OUT/starts\")\" -gt 1 ] || exit " + firstCode);

        // When
        int actual = sandbox.run("--verbose", command);

        // Then
        assertThat(actual).isEqualTo(code);
        assertThat(sandbox.read("starts").lines()).hasSize(starts);
    }

    @Test
    void shouldGiveUpAfterTenRestarts() throws Exception {
        // Given
        sandbox.withJar().withJava("17", "exit 75").install("sleep", "echo $1 >>\"$OUT/pauses\"");

        // When
        int code = sandbox.run("serve");

        // Then
        assertThat(code).isEqualTo(75);
        assertThat(sandbox.read("starts").lines()).hasSize(11);
        assertThat(sandbox.read("pauses").lines()).hasSize(10).containsOnly("1");
        assertThat(sandbox.read("stderr")).contains("giving up");
    }

    @Test
    void shouldForgetRestartsOfTenMinutesAgo() throws Exception {
        // Given
        sandbox.withJar()
                .withJava("17", "[ \"$(grep -c start \"$OUT/starts\")\" -gt 15 ] || exit 75")
                .install("sleep", "")
                .install("date", "echo tick >>\"$OUT/ticks\"; echo $(($(grep -c tick \"$OUT/ticks\") * 61))");

        // When
        int code = sandbox.run("serve");

        // Then
        assertThat(code).isZero();
    }

    @Test
    void shouldForwardTheSignalAndWaitForTheEnd() throws Exception {
        // Given
        sandbox.withJar().withJava("17", """
                trap 'sleep 0.3; echo ended >"$OUT/ended"; exit 143' TERM
                echo ready >"$OUT/ready"
                while :; do sleep 0.1; done
                """);
        Sandbox.Launch launch = sandbox.start("serve");
        await().until(() -> !sandbox.read("ready").isEmpty());

        // When
        launch.terminate();

        // Then
        assertThat(launch.exitCode()).isEqualTo(143);
        assertThat(sandbox.read("ended")).isEqualTo("ended\n");
    }

    @Test
    void shouldLeaveItToJavaToDumpItsThreadsAndGoOn() throws Exception {
        // Given
        sandbox.withJar().withJava("17", realJava());
        // What Java starts inherits that SIGQUIT is blocked; what a terminal starts does not.
        Sandbox.Launch launch = sandbox.start(
                Sandbox.onPath("env"),
                "--default-signal=QUIT",
                sandbox.home().resolve("tally").toString(),
                "serve");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sandbox.read("stdout").contains(Waiting.READY));

        // When
        launch.quit();

        // Then
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sandbox.read("stdout").contains("Full thread dump"));
        assertThat(launch.process().isAlive()).isTrue();
        launch.terminate();
        assertThat(launch.exitCode()).isEqualTo(143);
    }

    /** So that Java can end with it. */
    @Test
    void shouldTellAServiceWhichProcessItBelongsTo() throws Exception {
        // Given
        sandbox.withJar().withJava("17", "");

        // When
        Sandbox.Launch launch = sandbox.start("serve");

        // Then
        assertThat(launch.exitCode()).isZero();
        assertThat(sandbox.read("arguments").lines())
                .contains("<-Dtally.launcher=" + launch.process().pid() + ">");
    }

    /** A script cannot stand in: what a shell starts beside it cannot trap SIGQUIT, but Java does. */
    private static String realJava() throws URISyntaxException {
        Path classes = Path.of(Waiting.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '" + classes + "' "
                + Waiting.class.getName() + "\n";
    }

    @Test
    void shouldNotStartAgainOnceItWasToldToStop() throws Exception {
        // Given
        sandbox.withJar().withJava("17", """
                trap 'exit 75' TERM
                echo ready >"$OUT/ready"
                while :; do sleep 0.1; done
                """);
        Sandbox.Launch launch = sandbox.start("serve");
        await().until(() -> !sandbox.read("ready").isEmpty());

        // When
        launch.terminate();

        // Then
        assertThat(launch.exitCode()).isEqualTo(75);
        assertThat(sandbox.read("starts").lines()).hasSize(1);
    }
}
