package io.tally.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the jar that is served to browsers.
 *
 * @param gzipped whether the bytes are; large files are kept so, as every browser takes them, and small for slow readers
 */
record StaticPage(String contentType, byte[] bytes, boolean gzipped) {
    static final String HTML = "text/html; charset=utf-8";
    static final String SCRIPT = "text/javascript; charset=utf-8";
    static final String STYLES = "text/css; charset=utf-8";

    static StaticPage plain(String contentType, String resource) {
        return new StaticPage(contentType, read(resource), false);
    }

    static StaticPage gzipped(String contentType, String resource) {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(read(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new StaticPage(contentType, gzipped.toByteArray(), true);
    }

    /** The text of a file. */
    static String text(String resource) {
        return new String(read(resource), StandardCharsets.UTF_8);
    }

    private static byte[] read(String resource) {
        try (InputStream in = StaticPage.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Expected " + resource + " in the jar, but it was not there");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with it; the policy says what a browser lets it do. */
    void answer(Context ctx, String contentSecurityPolicy) {
        // The browser asks again each time: the next version of the service has other pages.
        ctx.header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", contentSecurityPolicy)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .contentType(contentType);
        if (gzipped) {
            ctx.header("Content-Encoding", "gzip");
        }
        ctx.result(bytes);
    }
}
