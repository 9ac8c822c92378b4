package io.tally.planted;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;

/**
 * A method of the program and what runs before or after it in a broken build.
 *
 * @param type the class's name
 * @param method all methods of this name
 * @param advice has the methods that run
 */
record Point(String type, String method, Class<?> advice) {
    private static final Advice.WithCustomMapping ADVICE =
            Advice.withCustomMapping().with(new Advice.AssignReturned.Factory());

    /** Changes the method. What is planted later runs before at its begin, and after at its end. */
    void plant(Instrumentation instrumentation) {
        // Made here: it loads the types that the advice names, which must not begin while one of them is loading.
        AsmVisitorWrapper change = change();
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                .type(named(type))
                .transform((builder, found, loader, module, domain) -> builder.visit(change))
                .installOn(instrumentation);
    }

    AsmVisitorWrapper change() {
        return ADVICE.to(advice).on(named(method));
    }
}
