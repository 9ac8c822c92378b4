package io.tally.http;

import static io.tally.http.StaticPage.HTML;
import static io.tally.http.StaticPage.SCRIPT;
import static io.tally.http.StaticPage.STYLES;
import static io.tally.http.StaticPage.gzipped;
import static io.tally.http.StaticPage.plain;

import io.javalin.config.JavalinConfig;
import java.util.Map;

/** The description of the API, and a page that shows it. Open to everybody: it says nothing that the product does not. */
final class ApiDocs {
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.34.1/";

    /** Everything from this instance; Swagger UI writes styles into its elements, and shows images that it brings along. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** By path. */
    private static final Map<String, StaticPage> PAGES = Map.of(
            "/openapi.yaml", plain("application/yaml", "api/openapi.yaml"),
            "/command.schema.json", plain("application/schema+json", "api/command.schema.json"),
            "/outcome.schema.json", plain("application/schema+json", "api/outcome.schema.json"),
            "/webhook.schema.json", plain("application/schema+json", "api/webhook.schema.json"),
            "/docs", plain(HTML, "docs/index.html"),
            "/docs/start.js", plain(SCRIPT, "docs/start.js"),
            "/docs/swagger-ui.css", gzipped(STYLES, SWAGGER_UI + "swagger-ui.css"),
            "/docs/swagger-ui-bundle.js", gzipped(SCRIPT, SWAGGER_UI + "swagger-ui-bundle.js"),
            "/docs/favicon-32x32.png", plain("image/png", SWAGGER_UI + "favicon-32x32.png"));

    private ApiDocs() {}

    static void addTo(JavalinConfig config) {
        PAGES.forEach((path, page) -> config.routes.get(path, ctx -> page.answer(ctx, CONTENT_SECURITY_POLICY)));
    }
}
