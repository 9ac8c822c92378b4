package io.tally.app;

/** Variables that Kubernetes puts into every container for a Service of our name; they are no settings. */
final class KubernetesVariables {
    private KubernetesVariables() {}

    /** @param prefix the Service's name in capitals with an underscore at its end */
    static boolean isOne(String prefix, String variable) {
        return variable.startsWith(prefix + "SERVICE_")
                || variable.equals(prefix + "PORT")
                || variable.startsWith(prefix + "PORT_");
    }
}
