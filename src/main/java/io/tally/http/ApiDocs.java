package io.tally.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The description of the API, and a page that shows it. Open to everybody: it says nothing that the product does not. */
final class ApiDocs {
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.34.1/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** Everything from this instance; Swagger UI writes styles into its elements, and shows images that it brings along. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** @param gzipped whether the bytes are; large files are kept so, as every browser takes them, and small for slow readers */
    private record Page(String contentType, byte[] bytes, boolean gzipped) {}

    /** By path. */
    private static final Map<String, Page> PAGES = Map.of(
            "/openapi.yaml", page("application/yaml", "api/openapi.yaml"),
            "/command.schema.json", page("application/schema+json", "api/command.schema.json"),
            "/outcome.schema.json", page("application/schema+json", "api/outcome.schema.json"),
            "/webhook.schema.json", page("application/schema+json", "api/webhook.schema.json"),
            "/docs", page(HTML, "docs/index.html"),
            "/docs/start.js", page(SCRIPT, "docs/start.js"),
            "/docs/swagger-ui.css", gzipped("text/css; charset=utf-8", SWAGGER_UI + "swagger-ui.css"),
            "/docs/swagger-ui-bundle.js", gzipped(SCRIPT, SWAGGER_UI + "swagger-ui-bundle.js"),
            "/docs/favicon-32x32.png", page("image/png", SWAGGER_UI + "favicon-32x32.png"));

    private ApiDocs() {}

    static void addTo(JavalinConfig config) {
        PAGES.forEach((path, page) -> config.routes.get(path, ctx -> answer(ctx, page)));
    }

    private static void answer(Context ctx, Page page) {
        // The browser asks again each time: the next version of the service has other pages.
        ctx.header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .contentType(page.contentType());
        if (page.gzipped()) {
            ctx.header("Content-Encoding", "gzip");
        }
        ctx.result(page.bytes());
    }

    private static Page gzipped(String contentType, String resource) {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(bytes(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(contentType, gzipped.toByteArray(), true);
    }

    private static Page page(String contentType, String resource) {
        return new Page(contentType, bytes(resource), false);
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = ApiDocs.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Expected " + resource + " in the jar, but it was not there");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
