package io.github.cameldeliverability.dkim;

import static io.github.cameldeliverability.dkim.DkimFixture.ED25519;
import static io.github.cameldeliverability.dkim.DkimFixture.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;

class PublishedKeyIsComparedWithOursTest {

    @Test
    void theRecordThatWeMakeMatches() {
        for (DkimKeyPair key : List.of(RSA, ED25519)) {
            assertThat(key.mismatch(List.of(key.record()))).isEmpty();
            assertThat(key.mismatch(List.of(String.join("", key.recordStrings()))))
                    .isEmpty();
            assertThat(key.mismatch(List.of(key.record().replace("; ", " ;\t") + ";")))
                    .isEmpty();
            assertThat(key.recordStrings()).allSatisfy(s -> assertThat(s).hasSizeLessThanOrEqualTo(255));
        }
        assertThat(RSA.recordStrings()).hasSize(2);
    }

    @Test
    void aBareRsaPublicKeyMatchesToo() throws Exception {
        byte[] bare = SubjectPublicKeyInfo.getInstance(RSA.publicKey().getEncoded())
                .parsePublicKey()
                .getEncoded();
        String p = java.util.Base64.getEncoder().encodeToString(bare);
        assertThat(RSA.mismatch(List.of("p=" + p))).isEmpty();
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(RSA.mismatch(List.of()).orElseThrow())
                .contains("no TXT record")
                .contains(RSA.record());
        assertThat(RSA.mismatch(List.of(RSA.record(), "v=spf1")).orElseThrow()).contains("2 TXT records");
        assertThat(RSA.mismatch(List.of("v=spf1 -all")).orElseThrow()).contains("malformed");
        assertThat(RSA.mismatch(List.of("v=DKIM1; p=")).orElseThrow()).contains("revoked");
        assertThat(RSA.mismatch(List.of(ED25519.record())).orElseThrow()).contains("type ed25519");
        DkimKeyPair other = DkimKeyPair.generateEd25519(new SecureRandom());
        assertThat(ED25519.mismatch(List.of(other.record())).orElseThrow()).contains("another private key");
        assertThat(RSA.mismatch(List.of(RSA.record() + "; h=sha1")).orElseThrow())
                .contains("sha256");
        assertThat(RSA.mismatch(List.of(RSA.record() + "; s=chat")).orElseThrow())
                .contains("not for e-mail");
    }

    @Test
    void aZoneLineHoldsTheWholeRecord() {
        String line = RSA.zoneLine("example.test", "2026");
        assertThat(line).startsWith("2026._domainkey.example.test. IN TXT ( \"v=DKIM1; k=rsa; p=");
        assertThat(line.substring(line.indexOf('('))
                        .replaceAll("\" \"|[()] ?", "")
                        .replace("\"", "")
                        .strip())
                .isEqualTo(RSA.record());
    }
}
