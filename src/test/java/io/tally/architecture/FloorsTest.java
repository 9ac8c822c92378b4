package io.tally.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FloorsTest {
    private static final String WRONG = "io.tally.architecture.wrong";

    /** ArchUnit's own option knows only Maven's usual folder, and builds can be put elsewhere. */
    private static final ImportOption NOT_OF_TESTS = location -> !location.contains("/test-classes/");

    private static final JavaClasses TALLY =
            new ClassFileImporter().withImportOption(NOT_OF_TESTS).importPackages("io.tally");
    private static final JavaClasses WRONG_CLASSES = new ClassFileImporter().importPackages(WRONG);

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void shouldKeepTheRule(Rule rule) {
        rule.of(new Floors("io.tally")).check(TALLY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void shouldBiteWhereTheRuleIsBroken(Rule rule) {
        // When
        List<String> violations = rule.of(new Floors(WRONG))
                .evaluate(WRONG_CLASSES)
                .getFailureReport()
                .getDetails();

        // Then
        assertThat(rule.expectedDetails())
                .isNotEmpty()
                .allSatisfy(expected -> assertThat(violations).anyMatch(detail -> detail.contains(expected)));
    }

    @Test
    void shouldSeeTheLedger() {
        assertThat(TALLY.contain("io.tally.ledger.Ledger")).isTrue();
    }

    @Test
    void shouldMarkEveryPackageForNullChecks() {
        // When
        Stream<JavaPackage> unmarked = TALLY.getPackage("io.tally").getSubpackagesInTree().stream()
                .filter(candidate -> !candidate.getClasses().isEmpty())
                .filter(candidate -> !candidate.isAnnotatedWith(NullMarked.class));

        // Then
        assertThat(unmarked.map(JavaPackage::getName)).isEmpty();
    }

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule(
                        "imports point down",
                        Floors::importsPointDown,
                        "UpwardLedger.above",
                        "UpwardWire.above",
                        "UpwardStore.above",
                        "UpwardStream.above",
                        "UpwardGateway.above",
                        "SidewaysHttp.beside",
                        "SidewaysWebhook.beside",
                        "SidewaysWebhook.broker",
                        "UpwardDev.above",
                        "SharingAudit.rules"),
                new Rule(
                        "the auditor by itself",
                        Floors::auditKnowsNothingOfTally,
                        "SharingAudit.rules",
                        "SharingAudit.stray"),
                new Rule("every class has a floor", Floors::everyClassHasAFloor, "common.Stray"),
                new Rule("no cycles", Floors::noCycles, "SidewaysWebhook.beside"),
                new Rule("Kafka Streams", Floors::kafkaStreamsInStreamAndStore, "UpwardGateway.streams"),
                new Rule("Kafka's server", Floors::kafkaServerInDev, "UpwardStream.broker"),
                new Rule("RocksDB", Floors::rocksDbInStore, "UpwardWire.database"),
                new Rule("Jackson", Floors::jacksonInWireHttpAuditAndApp, "UpwardStore.json"),
                new Rule("web server", Floors::webServerAboveGateway, "UpwardStream.web"),
                new Rule(
                        "queries", Floors::queriesAreNotReadByJavalin, "Context.queryParam(", "Context.queryParamMap("),
                new Rule("metrics", Floors::metricsAboveGateway, "UpwardStream.metrics"),
                new Rule("command line", Floors::commandLineInApp, "SidewaysHttp.commandLine"),
                new Rule("histograms", Floors::histogramsInApp, "SidewaysHttp.histogram"),
                new Rule("consumers", Floors::consumersHaveTheSharedSettings, "HandmadeConsumer"),
                new Rule("no I/O in the ledger", Floors::ledgerHasNoIo, "ImpureLedger.buffer"),
                new Rule(
                        "no clock in the ledger",
                        Floors::ledgerAndWireHaveNoClock,
                        "ImpureLedger.clock",
                        "System.nanoTime()",
                        "System.currentTimeMillis()",
                        "Instant.now()",
                        "UUID.randomUUID()"),
                new Rule("no randomness in the ledger", Floors::ledgerAndWireHaveNoRandomness, "ImpureLedger.random"),
                new Rule("names", Floors::namesSayWhatThingsAre, "ThingHelper", "common.Stray"));
    }

    /** A rule, and the violations that it must find among the wrong classes. */
    record Rule(String name, Function<Floors, ArchRule> rule, List<String> expectedDetails) {
        Rule(String name, Function<Floors, ArchRule> rule, String... expectedDetails) {
            this(name, rule, List.of(expectedDetails));
        }

        ArchRule of(Floors floors) {
            return rule.apply(floors);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
