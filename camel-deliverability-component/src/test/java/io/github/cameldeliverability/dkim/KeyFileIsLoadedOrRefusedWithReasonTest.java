package io.github.cameldeliverability.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileIsLoadedOrRefusedWithReasonTest {

    @TempDir
    Path folder;

    @Test
    void pkcs8OfBothTypesComesBack() throws Exception {
        for (DkimKeyPair key : new DkimKeyPair[] {DkimFixture.RSA, DkimFixture.ED25519}) {
            DkimKeyPair loaded = DkimKeyPair.load(write(key.privatePem()));
            assertThat(loaded.record()).isEqualTo(key.record());
            assertThat(loaded.algorithm()).isEqualTo(key.algorithm());
            assertThat(loaded.privatePem()).isEqualTo(key.privatePem());
        }
    }

    @Test
    void pkcs1IsReadToo() throws Exception {
        KeyPair pair = keys("RSA", 1024);
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        DkimKeyPair key = DkimKeyPair.load(write(pem("RSA PRIVATE KEY", pkcs1)));
        assertThat(key.publicKey()).isEqualTo(pair.getPublic());
        assertThat(key.bits()).isEqualTo(1024);
    }

    @Test
    void theKeyOfRfc8410IsRead() {
        // RFC 8410 10.3, the second example too: version 1, with attributes and the public key after the seed.
        DkimKeyPair plain = DkimKeyPair.parse(
                """
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
                -----END PRIVATE KEY-----
                """,
                "RFC 8410");
        assertThat(plain.record()).isEqualTo("v=DKIM1; k=ed25519; p=Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
        DkimKeyPair withPublicKey = DkimKeyPair.parse(
                """
                -----BEGIN PRIVATE KEY-----
                MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
                oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
                Z9w7lshQhqowtrbLDFw4rXAxZuE=
                -----END PRIVATE KEY-----
                """,
                "RFC 8410");
        assertThat(withPublicKey.record()).isEqualTo(plain.record());
    }

    @Test
    void textAroundTheKeyDoesNoHarm() throws Exception {
        String pem = "Bag Attributes\r\n  friendlyName: x\r\n"
                + DkimFixture.ED25519.privatePem().replace("\n", "\r\n") + "\r\n";
        assertThat(DkimKeyPair.load(write(pem)).record()).isEqualTo(DkimFixture.ED25519.record());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ENCRYPTED PRIVATE KEY, encrypted",
        "PUBLIC KEY,            holds a public key",
        "CERTIFICATE,           holds a certificate",
        "OPENSSH PRIVATE KEY,   OpenSSH",
        "EC PRIVATE KEY,        EC PRIVATE KEY",
        "PRIVATE KEY,           damaged",
        "RSA PRIVATE KEY,       damaged",
    })
    void otherBlocksAreNamed(String type, String reason) throws Exception {
        Path file = write(pem(type, new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> DkimKeyPair.load(file))
                .isInstanceOf(DkimKeyException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void anEncryptedOldStyleKeyIsNamed() throws Exception {
        Path file = write(
                """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);
        assertThatThrownBy(() -> DkimKeyPair.load(file)).hasMessageContaining("encrypted");
    }

    @Test
    void otherAlgorithmsAndShortKeysAreRefused() throws Exception {
        Path ec = write(pem("PRIVATE KEY", keys("EC", 256).getPrivate().getEncoded()));
        assertThatThrownBy(() -> DkimKeyPair.load(ec)).hasMessageContaining("not one of DKIM");
        Path weak = write(pem("PRIVATE KEY", keys("RSA", 768).getPrivate().getEncoded()));
        assertThatThrownBy(() -> DkimKeyPair.load(weak))
                .hasMessageContaining("768 bits")
                .hasMessageContaining("RFC 8301");
    }

    @Test
    void anEmptyOrMissingFileIsNamed() throws Exception {
        Path empty = write("");
        assertThatThrownBy(() -> DkimKeyPair.load(empty)).hasMessageContaining("no PEM block");
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> DkimKeyPair.load(missing)).hasMessageContaining(missing.toString());
    }

    @Test
    void aDamagedKeyNeverShowsItselfNorEscapesOtherwise() {
        Random random = new Random(5);
        for (DkimKeyPair key : new DkimKeyPair[] {DkimFixture.RSA, DkimFixture.ED25519}) {
            String pem = key.privatePem();
            for (int i = 0; i < 400; i++) {
                char[] damaged = pem.toCharArray();
                damaged[30 + random.nextInt(pem.length() - 60)] = "A/z+=\n-!".charAt(random.nextInt(8));
                try {
                    DkimKeyPair.parse(new String(damaged), "the file");
                } catch (DkimKeyException e) {
                    assertThat(e.getMessage()).contains("the file").doesNotContain(pem.substring(40, 60));
                }
            }
        }
    }

    @Test
    void onlyUsualLengthsAreMade() {
        assertThatThrownBy(() -> DkimKeyPair.generateRsa(1024, new java.security.SecureRandom()))
                .hasMessageContaining("2048");
        assertThat(DkimFixture.RSA.toString() + DkimFixture.ED25519).isEqualTo("rsa-2048ed25519");
    }

    private Path write(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "key", ".pem"), text);
    }

    private static KeyPair keys(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
