package io.tally.app;

import java.net.URI;
import java.util.Arrays;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The address of a service, as an option names it. */
final class ServiceUrl {
    private static final int MAX_PORT = 65_535;

    private ServiceUrl() {}

    /**
     * The address without slashes at its end, so that a path can follow.
     *
     * @throws ParameterException if it has none of these schemes, no host, a port that cannot be, a query or a fragment
     */
    static URI require(CommandSpec spec, String option, URI given, String... schemes) {
        if (!Arrays.asList(schemes).contains(given.getScheme())
                || given.getHost() == null
                || given.getPort() > MAX_PORT
                || given.getRawQuery() != null
                || given.getRawFragment() != null) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + given + ", but must be of the form http://host:port");
        }
        return URI.create(given.toString().replaceAll("/+$", ""));
    }
}
