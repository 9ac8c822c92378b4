package io.tally.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a certificate chain and its key as text (RFC 7468). */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----");

    /** Of the one entry. */
    static final String ALIAS = "tally";

    private PemFiles() {}

    /**
     * A key store with one entry.
     *
     * @throws IllegalArgumentException if one of them has another form, or they do not belong together
     */
    static KeyStore keyStore(String certificates, String key, String password) {
        Certificate[] chain = chain(certificates);
        PrivateKey privateKey = privateKey(key);
        try {
            requirePair(privateKey, chain[0]);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, privateKey, password.toCharArray(), chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("Expected to use the certificate and its key, but " + e, e);
        }
    }

    private static Certificate[] chain(String pem) {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .toArray(Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("Expected certificates in PEM form, but " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("Expected certificates in PEM form, but found none");
    }

    private static PrivateKey privateKey(String pem) {
        Matcher key = KEY.matcher(pem);
        if (!key.find()) {
            Matcher other = OTHER_KEY.matcher(pem);
            throw new IllegalArgumentException("Expected an unencrypted PKCS#8 key in PEM form, but found "
                    + (other.find() ? other.group(1) : "no key")
                    + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        for (String algorithm : new String[] {"RSA", "EC"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // Of the other kind, perhaps.
                continue;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java has RSA and EC", e);
            }
        }
        throw new IllegalArgumentException("Expected an RSA or EC key, but found another kind");
    }

    private static void requirePair(PrivateKey key, Certificate certificate) throws GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] text = {1, 2, 3};
        boolean same = key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm());
        if (same) {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            same = signature.verify(signed);
        }
        if (!same) {
            throw new IllegalArgumentException(
                    "Expected the key of the first certificate in the file, but it is another one's");
        }
    }
}
