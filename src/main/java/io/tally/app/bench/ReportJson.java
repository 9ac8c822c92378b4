package io.tally.app.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes reports for programs, with the same names as {@link ReportText}. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static String of(Report report) {
        ObjectNode json = JSON.createObjectNode();
        Machine machine = report.machine();
        json.putObject("machine")
                .put("cores", machine.cores())
                .put("cpu", machine.cpu())
                .put("memory_mib", machine.memoryMib())
                .put("kernel", machine.kernel())
                .put("jdk", machine.jdk());
        json.putObject("versions")
                .put("tally", report.versions().tally())
                .put("kafka", report.versions().kafka());
        addSettings(json.putObject("settings"), report.settings());
        ArrayNode scenarios = json.putArray("scenarios");
        report.scenarios().forEach(scenario -> add(scenarios.addObject(), scenario));
        return json.toPrettyString();
    }

    private static void addSettings(ObjectNode json, BenchSettings settings) {
        json.put("repetitions", settings.repetitions())
                .put("seconds", settings.time().toSeconds())
                .put("warm_up", settings.warmUp().toSeconds())
                .put("rate", settings.writesPerSecond())
                .put("read_rate", settings.readsPerSecond())
                .put("users", settings.users())
                .put("connections", settings.connections())
                .put("outcomes", settings.outcomes())
                .put("seed", settings.seed());
        LogSettings log = settings.log();
        json.put("commands", log.commands())
                .put("log_users", log.users())
                .put("hot_user", log.hotUser())
                .put("entries", log.entries());
        json.set(
                "loads",
                JSON.valueToTree(log.loads().stream().map(OfferedLoad::toString).toList()));
        json.set("history", JSON.valueToTree(log.histories()));
    }

    private static void add(ObjectNode json, ScenarioReport scenario) {
        json.put("name", scenario.name()).put("conditions", scenario.conditions());
        ObjectNode figures = json.putObject("figures");
        scenario.spreads()
                .forEach((name, spread) -> figures.putObject(name)
                        .put("median", spread.median())
                        .put("min", spread.min())
                        .put("max", spread.max()));
        json.set(
                "repetitions",
                JSON.valueToTree(scenario.repetitions().stream()
                        .map(repetition -> repetition.figures().byName())
                        .toList()));
        json.set("failed", JSON.valueToTree(scenario.faults()));
        json.set("contradictions", JSON.valueToTree(scenario.contradictions()));
    }
}
