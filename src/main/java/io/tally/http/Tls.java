package io.tally.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key, from two PEM files. They are read again when they have changed, for new connections; files that
 * cannot be used leave the certificate as it is. Thread-safe.
 */
public final class Tls {
    private static final Logger log = LoggerFactory.getLogger(Tls.class);
    private static final Duration RELOAD_EVERY = Duration.ofSeconds(2);

    /** Nobody else sees the key store, so its password protects nothing. */
    private static final String NO_PASSWORD = "";

    private final Path certificateFile;
    private final Path keyFile;
    private final SslContextFactory.Server contexts = new SslContextFactory.Server();
    /** When the files were written that are in use; others are read again until they can be used. */
    private List<FileTime> modified;
    /** Why the files could not be used when they were last looked at; null when they could. */
    private @Nullable String failure;

    private volatile X509ExtendedTrustManager peers;

    private Tls(Path certificateFile, Path keyFile) throws IOException {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        modified = modified();
        contexts.setKeyStorePassword(NO_PASSWORD);
        KeyStore store = keyStore();
        contexts.setKeyStore(store);
        peers = peers(store);
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.setRenegotiationAllowed(false);
    }

    /**
     * Reads the files.
     *
     * @param certificateFile the certificate and those between it and its root, in this order
     * @param keyFile an unencrypted PKCS#8 key, RSA or EC
     * @throws IllegalArgumentException if they cannot be read or do not belong together
     */
    public static Tls load(Path certificateFile, Path keyFile) {
        try {
            return new Tls(certificateFile, keyFile);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected to read " + certificateFile + " and " + keyFile + ", but " + e, e);
        }
    }

    SslContextFactory.Server contexts() {
        return contexts;
    }

    /** For asking other instances, which use the same certificate or one of the same issuer. */
    SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PeerTrust(() -> peers)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has TLS", e);
        }
    }

    private static X509ExtendedTrustManager peers(KeyStore store) throws IOException {
        try {
            return PeerTrust.of(store.getCertificateChain(PemFiles.ALIAS));
        } catch (KeyStoreException e) {
            throw new IOException(e);
        }
    }

    private KeyStore keyStore() throws IOException {
        return PemFiles.keyStore(Files.readString(certificateFile), Files.readString(keyFile), NO_PASSWORD);
    }

    private List<FileTime> modified() throws IOException {
        return List.of(Files.getLastModifiedTime(certificateFile), Files.getLastModifiedTime(keyFile));
    }

    /** Reads files that have changed. What keeps them from being used is logged once, as it may last and may end by itself. */
    synchronized void reloadChanged() {
        try {
            List<FileTime> now = modified();
            if (!now.equals(modified)) {
                KeyStore renewed = keyStore();
                X509ExtendedTrustManager renewedPeers = peers(renewed);
                contexts.reload(factory -> factory.setKeyStore(renewed));
                peers = renewedPeers;
                // Only now: permissions that are mended, for one, leave the time as it is.
                modified = now;
                log.info("New connections get the certificate that was put into {}", certificateFile);
            }
            failure = null;
        } catch (Exception e) {
            // Also what Jetty's reload throws: the old certificate is better than none.
            String now = e.toString();
            if (!now.equals(failure)) {
                log.error("The certificate stays as it was until its files can be used; they are tried again: {}", now);
            }
            failure = now;
        }
    }

    /** Looks at the files as long as the server runs. */
    RepeatingTask watch(Scheduler scheduler) {
        return new RepeatingTask(scheduler, RELOAD_EVERY, this::reloadChanged);
    }
}
