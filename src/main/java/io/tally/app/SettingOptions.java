package io.tally.app;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The settings as options of a command, made from the one list. */
final class SettingOptions {
    private SettingOptions() {}

    /** Gives the command and its subcommands an option for each of the settings. */
    static CommandLine add(CommandLine command, Collection<Setting> settings) {
        for (Setting setting : settings) {
            if (!setting.environmentOnly()) {
                command.getCommandSpec()
                        .addOption(OptionSpec.builder(setting.option())
                                .type(String.class)
                                .paramLabel("VALUE")
                                .scopeType(ScopeType.INHERIT)
                                .description(description(setting))
                                .build());
            }
        }
        return command;
    }

    private static String description(Setting setting) {
        String value = setting.defaultValue();
        String standard = value == null || value.isEmpty() ? "" : " (" + value + ")";
        // A percent sign would start a format specifier.
        return (setting.description() + standard + ".").replace("%", "%%");
    }

    /** The settings from the command's options and the environment. */
    static SettingValues read(CommandSpec command, Map<String, String> environment) {
        Map<Setting, String> options = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            OptionSpec option = command.findOption(setting.option());
            if (option != null && option.getValue() instanceof String value) {
                options.put(setting, value);
            }
        }
        return SettingValues.read(environment, options);
    }
}
