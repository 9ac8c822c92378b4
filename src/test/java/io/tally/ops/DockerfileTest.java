package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ops.Dockerfile.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image runs Tally as the launcher does, as nobody in particular, and holds no more than it needs. */
class DockerfileTest {
    private static final String JAR = "target/tally.jar";
    private static final String RUNS_AS = "10001:10001";
    private static final String ARCHIVE = "/opt/tally/tally.jsa";
    private static final Pattern LAUNCHER_FLAGS = Pattern.compile("(?m)^flags='(-.*)'");

    private final Dockerfile file = Dockerfile.read();

    DockerfileTest() throws IOException {}

    @Test
    void shouldRunJavaAsProcessOneWithTheLaunchersFlags() throws IOException {
        // Given
        Matcher launcher = LAUNCHER_FLAGS.matcher(Files.readString(Path.of("tally")));
        assertThat(launcher.find()).isTrue();
        List<String> flags = List.of(launcher.group(1).split(" "));

        // When
        List<String> entrypoint = file.only("ENTRYPOINT").words();

        // Then
        assertThat(flags).isNotEmpty();
        assertThat(entrypoint)
                .startsWith("java")
                .containsAll(flags)
                .contains("-XX:SharedArchiveFile=" + ARCHIVE)
                .containsSubsequence("-jar", "/opt/tally/tally.jar");
        assertThat(entrypoint).anyMatch(flag -> flag.matches("-XX:MaxRAMPercentage=[0-9]+"));
        assertThat(file.only("CMD").words()).containsExactly("serve");
        assertThat(file.environment())
                .containsEntry("MALLOC_ARENA_MAX", "2")
                .containsEntry("MALLOC_MMAP_THRESHOLD_", "131072");
    }

    @Test
    void shouldStopByTheSignalThatTallyWaitsFor() {
        assertThat(file.only("STOPSIGNAL").arguments()).isEqualTo("SIGTERM");
    }

    @Test
    void shouldRunAsSomebodyWhoOwnsTheDataOnly() {
        // Given
        List<String> users = file.all("USER").stream()
                .filter(instruction -> instruction.stage().equals("base"))
                .map(Instruction::arguments)
                .toList();

        // Then
        assertThat(users).containsExactly(RUNS_AS);
        String id = RUNS_AS.split(":")[0];
        String setUp = file.all("RUN").get(0).arguments();
        assertThat(setUp)
                .contains("useradd --uid " + id)
                .contains("install -d -o " + id)
                .endsWith(" " + file.environment().get("TALLY_DATA_DIR"));
        assertThat(file.all("COPY")).noneMatch(copy -> copy.arguments().contains("--chown"));
        assertThat(file.instructions())
                .as("nothing is installed as root after it")
                .filteredOn(instruction -> instruction.stage().equals("base"))
                .extracting(Instruction::keyword)
                .containsSubsequence("RUN", "COPY", "USER", "ENTRYPOINT")
                .endsWith("LABEL");
    }

    @Test
    void shouldAskTheServiceForItsHealth() throws IOException {
        // Given
        List<String> check = file.only("HEALTHCHECK").words();

        // Then
        assertThat(check).hasSize(2).startsWith(Dockerfile.HEALTHCHECK);
        assertThat(Monitoring.yaml("schemas/openapi.yaml").path("paths").has(check.get(1)))
                .as(check.get(1))
                .isTrue();
        assertThat(file.all("COPY"))
                .anyMatch(copy -> copy.arguments().endsWith("ops/image/healthcheck.sh " + Dockerfile.HEALTHCHECK)
                        && copy.arguments().contains("--chmod=0755"));
    }

    @Test
    void shouldCopyWhatExistsAndTheIgnoreFileLetsThrough() throws IOException {
        // Given
        List<String> ignore = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();

        // When
        List<String> sources = new ArrayList<>();
        for (Instruction copy : file.all("COPY")) {
            List<String> words = new ArrayList<>(List.of(copy.arguments().split(" ")));
            words.remove(words.size() - 1);
            if (words.removeIf(word -> word.startsWith("--from="))) {
                continue;
            }
            words.removeIf(word -> word.startsWith("--"));
            sources.addAll(words);
        }

        // Then
        assertThat(sources).contains(JAR).allSatisfy(source -> {
            if (!source.equals(JAR)) {
                assertThat(Path.of(source)).exists();
            }
        });
        assertThat(ignore).startsWith("*");
        assertThat(ignore.stream().skip(1))
                .containsExactlyInAnyOrderElementsOf(
                        sources.stream().map(source -> "!" + source).distinct().toList());
    }

    @Test
    void shouldFetchNothingFromAnywhere() {
        assertThat(file.all("ADD")).isEmpty();
        assertThat(file.all("RUN")).noneMatch(run -> run.arguments().matches(".*\\b(curl|wget|apt-get|apk)\\b.*"));
    }

    @Test
    void shouldLeaveMavenBehind() {
        assertThat(file.bases())
                .containsEntry("base", "${RUNTIME_IMAGE}")
                .containsEntry("prebuilt", "base")
                .containsEntry("build", "${BUILD_IMAGE}")
                .containsEntry("runtime", "base");
        assertThat(file.bases().keySet())
                .as("the last one is built by default; the one that needs no Maven stands before Maven's")
                .containsExactly("base", "prebuilt", "build", "runtime");
        for (String stage : List.of("prebuilt", "runtime")) {
            assertThat(file.instructions())
                    .filteredOn(instruction -> instruction.stage().equals(stage))
                    .extracting(Instruction::keyword)
                    .as("the jar and its archive are all that a stage adds")
                    .containsExactly("FROM", "COPY", "USER", "RUN", "USER");
            assertThat(file.instructions())
                    .filteredOn(instruction -> instruction.stage().equals(stage))
                    .last()
                    .as("who archives may write to the program, who runs may not")
                    .extracting(Instruction::arguments)
                    .isEqualTo(RUNS_AS);
        }
        assertThat(file.all("COPY"))
                .filteredOn(copy -> copy.arguments().endsWith(" /opt/tally/tally.jar"))
                .hasSize(2)
                .allMatch(copy -> copy.arguments().contains("--chmod=0644"));
    }

    @Test
    void shouldArchiveClassesWithTheLaunchersFlagsWhereTheyAreLookedFor() throws IOException {
        // Given
        String launcher = Files.readString(Path.of("tally"));

        // When
        List<String> runs = file.all("RUN").stream()
                .map(Instruction::arguments)
                .filter(run -> run.startsWith("java "))
                .toList();

        // Then
        assertThat(runs)
                .hasSize(2)
                .allSatisfy(run -> assertThat(run)
                        .contains("-XX:ArchiveClassesAtExit=" + ARCHIVE, "--enable-native-access=ALL-UNNAMED")
                        .contains("-jar /opt/tally/tally.jar train"));
        assertThat(Set.copyOf(runs))
                .as("the image is the same, whoever builds the jar")
                .hasSize(1);
        assertThat(launcher).contains("-XX:TieredStopAtLevel=1 $flags -jar \"$jar\" train");
    }

    @Test
    void shouldLoadLibrariesBeforeTheSourcesCome() {
        assertThat(file.instructions())
                .filteredOn(instruction -> instruction.stage().equals("build"))
                .extracting(instruction ->
                        instruction.keyword() + " " + instruction.arguments().split(" ")[0])
                .containsSubsequence("COPY pom.xml", "RUN mvn", "COPY src/main", "RUN mvn");
    }

    @Test
    void shouldNameItsVersionAndItsParents() throws IOException {
        String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<]+)<.*", "$1");
        List<String> defaults =
                file.all("ARG").stream().map(Instruction::arguments).toList();

        assertThat(defaults).contains("VERSION=" + version);
        assertThat(defaults.stream().filter(argument -> argument.contains("_IMAGE=")))
                .hasSize(2)
                .allMatch(argument -> argument.matches("[A-Z_]+=[a-z-]+:[0-9][0-9a-z.-]*"));
        assertThat(file.only("LABEL").arguments())
                .contains("org.opencontainers.image.version=\"${VERSION}\"")
                .contains("org.opencontainers.image.revision=\"${REVISION}\"");
    }
}
