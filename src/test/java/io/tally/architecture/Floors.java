package io.tally.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.tally.gateway.ConsumerSettings;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** The rules, for the floors below one root package. A floor that has no classes keeps every rule. */
record Floors(String root) {
    /** Methods of the JDK that answer differently each time, by owner and name. */
    private static final Set<String> IMPURE_METHODS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID");

    ArchRule importsPointDown() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("app")
                .definedBy(floor("app"))
                .layer("dev")
                .definedBy(floor("dev"))
                .layer("audit")
                .definedBy(floor("audit"))
                .layer("http")
                .definedBy(floor("http"))
                .layer("webhook")
                .definedBy(floor("webhook"))
                .layer("gateway")
                .definedBy(floor("gateway"))
                .layer("stream")
                .definedBy(floor("stream"))
                .layer("store")
                .definedBy(floor("store"))
                .layer("wire")
                .definedBy(floor("wire"))
                .layer("ledger")
                .definedBy(floor("ledger"))
                .whereLayer("dev")
                .mayOnlyAccessLayers("gateway", "stream", "store", "wire", "ledger")
                .whereLayer("audit")
                .mayNotAccessAnyLayer()
                .whereLayer("http")
                .mayOnlyAccessLayers("gateway", "stream", "store", "wire", "ledger")
                .whereLayer("webhook")
                .mayOnlyAccessLayers("gateway", "stream", "store", "wire", "ledger")
                .whereLayer("gateway")
                .mayOnlyAccessLayers("stream", "store", "wire", "ledger")
                .whereLayer("stream")
                .mayOnlyAccessLayers("store", "wire", "ledger")
                .whereLayer("store")
                .mayOnlyAccessLayers("wire", "ledger")
                .whereLayer("wire")
                .mayOnlyAccessLayers("ledger")
                .whereLayer("ledger")
                .mayNotAccessAnyLayer()
                .as("imports point down: app > http, webhook > gateway > stream > store > wire > ledger");
    }

    ArchRule everyClassHasAFloor() {
        return classes()
                .should()
                .resideInAnyPackage(floors(
                        "app", "dev", "audit", "http", "webhook", "gateway", "stream", "store", "wire", "ledger"))
                .as("every class stands on a floor");
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    /**
     * The store implements interfaces of Kafka Streams: a state store, its supplier, its queries. The program hands Kafka
     * Streams to what measures it.
     */
    ArchRule kafkaStreamsInStreamAndStore() {
        return library("org.apache.kafka.streams..").livesIn("stream", "store", "app");
    }

    ArchRule kafkaServerInDev() {
        return library(
                        "kafka..",
                        "org.apache.kafka.controller..",
                        "org.apache.kafka.coordinator..",
                        "org.apache.kafka.image..",
                        "org.apache.kafka.metadata..",
                        "org.apache.kafka.network..",
                        "org.apache.kafka.raft..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.storage..",
                        "scala..")
                .livesIn("dev");
    }

    ArchRule rocksDbInStore() {
        return library("org.rocksdb..").livesIn("store");
    }

    /** One misunderstanding must not hide on both sides: the auditor shares no code with what it audits. */
    ArchRule auditKnowsNothingOfTally() {
        return classes()
                .that()
                .resideInAPackage(floor("audit"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        floor("audit"),
                        "java..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "com.fasterxml.jackson..")
                .allowEmptyShould(true)
                .as("the auditor knows nothing of Tally");
    }

    ArchRule jacksonInWireHttpAuditAndApp() {
        return library("com.fasterxml.jackson..").livesIn("wire", "http", "audit", "app");
    }

    ArchRule webServerAboveGateway() {
        return library("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                .livesIn("http", "webhook", "app");
    }

    /** Javalin drops what it cannot decode, and the caller gets the answer to another question. */
    ArchRule queriesAreNotReadByJavalin() {
        return noClasses().should().accessTargetWhere(QUERY_OF_JAVALIN).as("no query is read by Javalin");
    }

    ArchRule metricsAboveGateway() {
        return library("io.micrometer..", "io.prometheus..").livesIn("http", "webhook", "app");
    }

    ArchRule commandLineInApp() {
        return library("picocli..", "me.tongfei.progressbar..").livesIn("app");
    }

    ArchRule histogramsInApp() {
        return library("org.HdrHistogram..").livesIn("app");
    }

    ArchRule ledgerHasNoIo() {
        return noClasses()
                .that()
                .resideInAPackage(floor("ledger"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "org.apache.kafka..",
                        "org.rocksdb..",
                        "org.slf4j..",
                        "com.fasterxml..")
                .allowEmptyShould(true)
                .as("the ledger knows no I/O");
    }

    /** A decision, and the bytes of its outcome, follow from the input alone: a replay gives the same. */
    ArchRule ledgerAndWireHaveNoClock() {
        return noClasses()
                .that()
                .resideInAnyPackage(floors("ledger", "wire"))
                .should()
                .accessTargetWhere(IMPURE)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .allowEmptyShould(true)
                .as("ledger and wire read no clock and no environment");
    }

    ArchRule ledgerAndWireHaveNoRandomness() {
        return noClasses()
                .that()
                .resideInAnyPackage(floors("ledger", "wire"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(util|security)\\.(.*\\.)?\\w*Random\\w*")
                .allowEmptyShould(true)
                .as("ledger and wire know no randomness");
    }

    ArchRule namesSayWhatThingsAre() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .orShould()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..")
                .as("no class is named util, helper, manager or impl");
    }

    /** A consumer that is set up by hand forgets one of its settings: by Kafka's defaults a look at a topic makes it. */
    ArchRule consumersHaveTheSharedSettings() {
        return classes()
                .that()
                .resideInAnyPackage(floors("app", "gateway"))
                .and(CONNECT_A_CONSUMER)
                .should()
                .callMethod(ConsumerSettings.class, "committed", Map.class, ConsumerSettings.LostPlace.class)
                .allowEmptyShould(true)
                .as("consumers of what is committed have the shared settings");
    }

    private static final DescribedPredicate<JavaClass> CONNECT_A_CONSUMER = DescribedPredicate.describe(
            "connect a consumer",
            each -> each.getConstructorCallsFromSelf().stream()
                    .anyMatch(call -> call.getTargetOwner().isEquivalentTo(KafkaConsumer.class)));

    private static final DescribedPredicate<JavaAccess<?>> IMPURE =
            DescribedPredicate.describe("reads a clock, the environment or chance", call -> {
                String owner = call.getTargetOwner().getFullName();
                String name = call.getTarget().getName();
                return IMPURE_METHODS.contains(owner + "." + name)
                        || owner.startsWith("java.time.") && name.equals("now");
            });

    private static final DescribedPredicate<JavaAccess<?>> QUERY_OF_JAVALIN = DescribedPredicate.describe(
            "reads parameters by Javalin",
            call -> call.getTargetOwner().getFullName().equals("io.javalin.http.Context")
                    && call.getTarget().getName().startsWith("queryParam"));

    private Library library(String... packages) {
        return new Library(packages);
    }

    /** The packages of a library, looked at from the floors. */
    private final class Library {
        private final String[] packages;

        private Library(String[] packages) {
            this.packages = packages;
        }

        ArchRule livesIn(String... names) {
            return noClasses()
                    .that()
                    .resideOutsideOfPackages(floors(names))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages)
                    .allowEmptyShould(true)
                    .as(packages[0] + " only in " + String.join(", ", names));
        }
    }

    private String floor(String name) {
        return root + "." + name + "..";
    }

    private String[] floors(String... names) {
        return Stream.of(names).map(this::floor).toArray(String[]::new);
    }
}
