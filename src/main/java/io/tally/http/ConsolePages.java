package io.tally.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page for people who would rather look than read. Open to everybody, as its files hold no data; what it shows it asks of
 * the API, with the token of whoever looks.
 */
final class ConsolePages {
    static final String PATH = "/console/";

    /**
     * Everything from this instance, no code or style within the page, and no string that becomes markup or code: users,
     * names and dead letters are what strangers have chosen.
     */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String FOLDER = "console/";
    private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"" + PATH + "([a-z-]+\\.(?:css|js|svg))\"");

    private final StaticPage index;
    private final Map<String, StaticPage> files = new TreeMap<>();

    /** Reads the page and the files that it names: no others are served. */
    ConsolePages(Console console) {
        String html = StaticPage.text(FOLDER + "index.html");
        for (MatchResult named : NAMED.matcher(html).results().toList()) {
            files.computeIfAbsent(named.group(1), name -> StaticPage.gzipped(contentType(name), FOLDER + name));
        }
        index = new StaticPage(
                StaticPage.HTML,
                html.replace("{{console}}", console.wireName()).getBytes(StandardCharsets.UTF_8),
                false);
    }

    private static String contentType(String name) {
        if (name.endsWith(".svg")) {
            return "image/svg+xml";
        }
        return name.endsWith(".css") ? StaticPage.STYLES : StaticPage.SCRIPT;
    }

    /** Adds the page, unless there is to be none. */
    static void addTo(JavalinConfig config, Console console) {
        if (console != Console.OFF) {
            ConsolePages pages = new ConsolePages(console);
            config.routes.get("/", ctx -> pages.index.answer(ctx, CONTENT_SECURITY_POLICY));
            config.routes.get(PATH + "{file}", pages::file);
        }
    }

    Set<String> fileNames() {
        return files.keySet();
    }

    private void file(Context ctx) {
        StaticPage file = files.get(ctx.pathParam("file"));
        if (file == null) {
            throw new RequestRefusedException(Problem.of(ProblemCode.NOT_FOUND, "The console has no such file"));
        }
        file.answer(ctx, CONTENT_SECURITY_POLICY);
    }
}
