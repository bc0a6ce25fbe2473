// PKCS12 stores for brokers too old to read PEM. Done in Java because only Java marks a certificate
// in such a store as trusted in the way that Java looks for.
// usage: Keystores CA.pem CERTIFICATE.pem KEY.pem PASSWORD KEYSTORE.p12 TRUSTSTORE.p12

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

public class Keystores {
    public static void main(String[] args) throws Exception {
        char[] password = args[3].toCharArray();

        KeyStore keystore = empty();
        keystore.setKeyEntry("server", key(args[2]), password, new Certificate[] {certificate(args[1])});
        store(keystore, args[4], password);

        KeyStore truststore = empty();
        truststore.setCertificateEntry("ca", certificate(args[0]));
        store(truststore, args[5], password);
    }

    static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    static Certificate certificate(String file) throws Exception {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    static PrivateKey key(String file) throws Exception {
        String base64 = Files.readString(Path.of(file)).replaceAll("-----[^-]*-----|\\s", "");
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    static void store(KeyStore store, String file, char[] password) throws Exception {
        try (OutputStream out = Files.newOutputStream(Path.of(file))) {
            store.store(out, password);
        }
    }
}
