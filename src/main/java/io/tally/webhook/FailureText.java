package io.tally.webhook;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;

/** Says for people why there was no answer, in the same words each time, and without what the other side has chosen. */
final class FailureText {
    /** Characters. */
    static final int MAX_LENGTH = 200;

    private static final int MAX_CAUSES = 10;

    private final Duration connectTimeout;
    private final Duration timeout;

    FailureText(Duration connectTimeout, Duration timeout) {
        this.connectTimeout = connectTimeout;
        this.timeout = timeout;
    }

    String of(Throwable failure) {
        List<Throwable> causes = causes(failure);
        if (causes.stream().anyMatch(cause -> cause instanceof SSLException || cause instanceof CertificateException)) {
            return tls(causes);
        }
        return causes.stream()
                .map(this::known)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(() -> "The request failed: " + failure.getClass().getSimpleName());
    }

    /** The outermost first. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private String known(Throwable cause) {
        if (cause instanceof UnsentException) {
            return cut(String.valueOf(cause.getMessage()));
        }
        if (cause instanceof UnknownHostException) {
            return "The name of the host is not known";
        }
        if (cause instanceof SocketTimeoutException) {
            return "Not connected within " + seconds(connectTimeout);
        }
        if (cause instanceof TimeoutException) {
            return "No answer within " + seconds(timeout);
        }
        if (cause instanceof RejectedExecutionException) {
            return "Too many requests wait for this endpoint, or Tally is stopping";
        }
        return connection(cause);
    }

    private static String connection(Throwable cause) {
        if (cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused")) {
            return "The connection was refused";
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return "The host cannot be reached";
        }
        if (cause instanceof EOFException
                || cause instanceof ClosedChannelException
                || cause instanceof SocketException) {
            return "The connection was closed before there was an answer";
        }
        boolean bad = cause instanceof HttpException || cause instanceof HttpResponseException;
        return bad ? "The answer is not HTTP, or its head is too long" : "";
    }

    private static String tls(List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (cause instanceof CertificateExpiredException) {
                return "The certificate has expired";
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return "The certificate is not trusted";
            }
            // What the Java machine says of a certificate for another name has no type of its own.
            boolean name =
                    String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("name");
            if (cause instanceof CertificateException && name) {
                return "The certificate is for another name";
            }
        }
        return "TLS could not be agreed on";
    }

    private static String cut(String text) {
        return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
