package io.tally.planted;

import io.tally.app.Main;
import java.lang.instrument.Instrumentation;
import java.util.stream.Stream;
import net.bytebuddy.agent.ByteBuddyAgent;

/** The program, broken in the one way that the property {@code tally.planted.fault} names, or in none. */
public final class PlantedMain {
    static final String FAULT = "tally.planted.fault";

    private PlantedMain() {}

    public static void main(String[] arguments) {
        String name = System.getProperty(FAULT);
        Instrumentation instrumentation = ByteBuddyAgent.install();
        Stream<Point> circumstances = name == null
                ? Circumstances.USUAL.stream()
                : Fault.valueOf(name).circumstances();
        Stream<Point> fault = name == null ? Stream.of() : Fault.valueOf(name).points();
        Stream.concat(circumstances, fault).toList().forEach(point -> point.plant(instrumentation));
        Main.main(arguments);
    }
}
