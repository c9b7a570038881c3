package io.github.cameldeliverability.dkim;

import static io.github.cameldeliverability.dkim.DkimFixture.CLOCK;
import static io.github.cameldeliverability.dkim.DkimFixture.ED25519;
import static io.github.cameldeliverability.dkim.DkimFixture.MESSAGE;
import static io.github.cameldeliverability.dkim.DkimFixture.RSA;
import static io.github.cameldeliverability.dkim.DkimFixture.octets;
import static io.github.cameldeliverability.dkim.DkimFixture.signed;
import static io.github.cameldeliverability.dkim.DkimFixture.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.dkim.DkimResult.Result;
import io.github.cameldeliverability.dkim.KeyLookup.Answer;
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifierTellsWhyASignatureDoesNotCountTest {

    private static final String SIGNED = signed(signer(ED25519).build(), MESSAGE);

    private final DkimFixture dkim = new DkimFixture();

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource({
        "'%s; t=y',                 pass,      ''",
        "'%s; t=y:s:other',         pass,      ''",
        "'%s; s=email',             pass,      ''",
        "'%s; s=other:*',           pass,      ''",
        "'%s; h=sha1:sha256',       pass,      ''",
        "'%s; n=a note; x=unknown', pass,      ''",
        "'%s; h=sha1',              permerror, does not allow sha256",
        "'%s; s=chat',              permerror, not for e-mail",
        "'v=DKIM1; p=',             permerror, revoked",
        "'v=DKIM1; k=ed25519',      permerror, p= is missing",
        "'v=DKIM2; p=AAAA',         permerror, not DKIM1",
        "'k=ed25519; v=DKIM1; p=',  permerror, not the first",
        "'v=DKIM1; k=dsa; p=AAAA',  permerror, unknown key type",
        "'v=DKIM1; k=rsa; p=AAAA',  permerror, no RSA public key",
        "'v=DKIM1; p=!',            permerror, not base64",
        "'v=DKIM1; k=ed25519; p=AAAA', permerror, 32 octets",
        "'v=DKIM1; t; p=AAAA',      permerror, '\"=\"'",
        "'v=DKIM1; p=; p=',         permerror, twice",
        "'hello world',             permerror, malformed",
    })
    void keyRecords(String record, String result, String reason) {
        dkim.publish("ed", record.replace("%s", ED25519.record()));
        assertThat(dkim.verdict(SIGNED)).startsWith(result + ": ").contains(reason);
    }

    @Test
    void testingIsReported() {
        dkim.publish("ed", ED25519.record() + "; t=y");
        assertThat(dkim.verify(SIGNED).get(0).testing()).isTrue();
    }

    @Test
    void aKeyOfAnotherTypeDoesNotCount() {
        dkim.publish("ed", RSA.record());
        assertThat(dkim.verdict(SIGNED)).startsWith("permerror: ").contains("type rsa");
    }

    @Test
    void anotherKeyDoesNotCount() {
        dkim.publish(
                "ed",
                DkimKeyPair.generateEd25519(new java.security.SecureRandom()).record());
        assertThat(dkim.verdict(SIGNED)).startsWith("fail: ");
    }

    @Test
    void anyOfSeveralRecordsMayFit() {
        dkim.publish("ed", "v=spf1 -all", ED25519.record());
        assertThat(dkim.verdict(SIGNED)).isEqualTo("pass: ");
    }

    @Test
    void aMissingKeyAndAFailedLookupAreToldApart() {
        dkim.zone.clear();
        assertThat(dkim.verdict(SIGNED)).startsWith("permerror: no key is published at ed._domainkey.example.test");
        dkim.zone.put("ed._domainkey.example.test", new Answer.TemporaryFailure("SERVFAIL"));
        assertThat(dkim.verdict(SIGNED)).startsWith("temperror: ").contains("SERVFAIL");
    }

    @Test
    void aLookupThatThrowsIsATemporaryError() {
        for (KeyLookup broken :
                List.<KeyLookup>of(name -> CompletableFuture.failedFuture(new IllegalStateException("no")), name -> {
                    throw new IllegalStateException("no");
                })) {
            var results = new DkimVerifier(broken, CLOCK, Runnable::run)
                    .verify(octets(SIGNED))
                    .toCompletableFuture()
                    .join();
            assertThat(results).extracting(DkimResult::result).containsExactly(Result.TEMPERROR);
        }
    }

    @ParameterizedTest(name = "{1} instead of {0}: {2}")
    @CsvSource({
        "v=1,                v=2,              neutral",
        "a=ed25519-sha256,   a=rsa-md5,        neutral",
        "c=relaxed/relaxed,  c=future,         neutral",
        "c=relaxed/relaxed,  c=relaxed/future, neutral",
        "'v=1;',             'v=1; q=http;',   neutral",
        "'v=1;',             'v=1; q=dns/txt:x;', fail",
        "d=example.test,     d=,               permerror",
        "d=example.test,     d=-_-!,           permerror",
        "d=example.test,     'x=y',            permerror",
        "s=ed,               s=a..b,           permerror",
        "h=From:From,        h=To:To,          permerror",
        "bh=,                bh=*,             permerror",
        "bh=,                'y=y; bh2=',      permerror",
        "t=1770091506,       t=soon,           permerror",
        "t=1770091506,       't=1770091506; x=1', permerror",
        "t=1770091506,       'x=1770091505',   fail",
        "'v=1;',             'v=1; l=-1;',     permerror",
        "'v=1;',             'v=1; l=999999999999999999999;', permerror",
        "'v=1;',             'v=1; i=ann;',    permerror",
        "'v=1;',             'v=1; i=a@test;', permerror",
        "'v=1;',             'v=1; i=a@sub.example.test;', fail",
        "'v=1;',             'v=1; v=1;',      permerror",
        "'v=1;',             'v=1; =;',        permerror",
    })
    void signatureTags(String tag, String other, String result) {
        String changed = SIGNED.replaceFirst(java.util.regex.Pattern.quote(tag), other);
        assertThat(changed).isNotEqualTo(SIGNED);
        assertThat(dkim.verdict(changed)).startsWith(result + ": ");
    }

    @Test
    void aKeyForTheVeryDomainRefusesAnIdentityBelow() throws Exception {
        dkim.publish("ed", ED25519.record() + "; t=s");
        assertThat(dkim.verdict(SIGNED)).isEqualTo("pass: ");
        String below = SIGNED.replaceFirst("v=1;", "v=1; i=a@sub.example.test;");
        assertThat(dkim.verdict(below)).contains("very domain");
    }

    @Test
    void aBodyLengthLeavesARestThatIsReported() throws Exception {
        String half = handSigned("l=4; ", "rsa-sha256", RSA_1024, "abc\r\n");
        dkim.publish("old", record(RSA_1024));
        String longer = half + "more\r\n";
        assertThat(dkim.verdict(longer)).isEqualTo("pass: ");
        assertThat(dkim.verify(longer).get(0).wholeBody()).isFalse();
    }

    @Test
    void retiredCryptographyCountsOnlyForArchives() throws Exception {
        dkim.publish("old", record(RSA_1024));
        String sha1 = handSigned("", "rsa-sha1", RSA_1024, "abc\r\n");
        assertThat(dkim.verdict(sha1)).startsWith("permerror: rsa-sha1");
        assertThat(dkim.verify(sha1, CLOCK, true).get(0).result()).isEqualTo(Result.PASS);
        dkim.publish("old", record(RSA_768));
        String weak = handSigned("", "rsa-sha256", RSA_768, "abc\r\n");
        assertThat(dkim.verdict(weak)).startsWith("policy: ");
        assertThat(dkim.verify(weak, CLOCK, true).get(0).result()).isEqualTo(Result.PASS);
    }

    @Test
    void signaturesBeyondTheLimitAreNotLookedAt() {
        List<DkimResult> results = dkim.verify("DKIM-Signature: v=1; d=x.test\r\n".repeat(30) + SIGNED);
        assertThat(results).hasSize(31);
        assertThat(results.get(9).result()).isEqualTo(Result.PERMERROR);
        assertThat(results.get(30).result()).isEqualTo(Result.NEUTRAL);
    }

    @Test
    void nothingInASignatureFieldOrKeyRecordHurts() {
        Random random = new Random(11);
        int fieldEnd = SIGNED.indexOf("\r\nReceived:");
        String record = ED25519.record();
        for (int i = 0; i < 1200; i++) {
            char[] changed = SIGNED.toCharArray();
            for (int n = random.nextInt(4) + 1; n > 0; n--) {
                changed[15 + random.nextInt(fieldEnd - 15)] =
                        "=;:\r\n\t .@/\0\u00e9\u4e2dax1".charAt(random.nextInt(16));
            }
            assertThat(dkim.verify(new String(changed))).isNotNull();
            StringBuilder other = new StringBuilder(record);
            for (int n = random.nextInt(4) + 1; n > 0; n--) {
                other.insert(random.nextInt(other.length()), "=;:\r\n\t ,*\0\u00e9vpk".charAt(random.nextInt(14)));
            }
            try {
                DkimKeyRecord.parse(other.toString());
            } catch (DkimSyntaxException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void noiseInsteadOfAMessageHasAResultToo() {
        Random random = new Random(12);
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            byte[] start = octets("DKIM-Signature:");
            System.arraycopy(start, 0, noise, 0, Math.min(start.length, noise.length));
            KeyLookup none = name -> CompletableFuture.completedFuture(new Answer.None());
            assertThat(new DkimVerifier(none, CLOCK, Runnable::run)
                            .verify(noise)
                            .toCompletableFuture()
                            .join())
                    .extracting(DkimResult::result)
                    .doesNotContain(Result.PASS);
        }
    }

    private static final KeyPair RSA_1024 = rsa(1024);
    private static final KeyPair RSA_768 = rsa(768);

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String record(KeyPair pair) {
        return "v=DKIM1; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    /** Signs as our signer would not: with old algorithms, weak keys and l=. */
    private static String handSigned(String tags, String algorithm, KeyPair key, String body) throws Exception {
        boolean sha1 = algorithm.endsWith("sha1");
        String signedBody = tags.isEmpty() ? body : body.substring(0, 4);
        byte[] hash = java.security.MessageDigest.getInstance(sha1 ? "SHA-1" : "SHA-256")
                .digest(octets(signedBody));
        String from = "From: a@example.test\r\n";
        String field = "DKIM-Signature: v=1; a=" + algorithm + "; d=example.test; s=old; " + tags + "h=from; bh="
                + Base64.getEncoder().encodeToString(hash) + "; b=";
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.write(octets(from));
        data.write(octets(field));
        Signature signature = Signature.getInstance(sha1 ? "SHA1withRSA" : "SHA256withRSA");
        signature.initSign(key.getPrivate());
        signature.update(data.toByteArray());
        return field + Base64.getEncoder().encodeToString(signature.sign()) + "\r\n" + from + "\r\n" + body;
    }
}
