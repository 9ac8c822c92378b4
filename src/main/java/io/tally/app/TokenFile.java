package io.tally.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file with the token that a command sends to a service. */
final class TokenFile {
    private TokenFile() {}

    /**
     * The token, without the space around it.
     *
     * @throws ParameterException if there is none, or what stands there cannot be sent; the message does not hold it
     */
    static String read(CommandSpec spec, Path file) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "The file " + file + " cannot be read");
        }
        if (!token.matches("[!-~]+")) {
            throw new ParameterException(
                    spec.commandLine(), "The file " + file + " must hold one token, in a line of printable ASCII");
        }
        return token;
    }
}
