package io.tally.app;

/** A setting that Tally does not start with. The message names the setting, what is wrong with it, and the fix. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param key the setting's name as the user wrote it
     * @param problem what is wrong, as a predicate: "is not a port"
     * @param fix what to do, as a sentence
     */
    public ConfigException(String key, String problem, String fix) {
        super(key + " " + problem + ". " + fix);
    }
}
