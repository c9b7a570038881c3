package io.github.cameldeliverability.dkim;

import io.github.cameldeliverability.dkim.KeyLookup.Answer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Keys made once, a DNS that is a map, and a clock that stands. */
final class DkimFixture {

    static final DkimKeyPair RSA = DkimKeyPair.generateRsa(2048, new SecureRandom());
    static final DkimKeyPair ED25519 = DkimKeyPair.generateEd25519(new SecureRandom());
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);

    static final String MESSAGE =
            """
            Received: from a by b
            From: Ann <ann@example.test>
            To: bob@receiver.test,
             carol@receiver.test
            Subject: dinner  at \t eight
            Date: Tue, 3 Feb 2026 04:05:06 +0000
            Message-ID: <1@example.test>

            Hi  Bob,\t

             are you hungry?\s

            """
                    .replace("\n", "\r\n");

    final Map<String, Answer> zone = new HashMap<>();

    DkimFixture() {
        publish("rsa", RSA.record());
        publish("ed", ED25519.record());
    }

    void publish(String selector, String... records) {
        zone.put(selector + "._domainkey.example.test", new Answer.Records(List.of(records)));
    }

    static DkimSigner.Builder signer(DkimKeyPair key) {
        return DkimSigner.builder("example.test", key == RSA ? "rsa" : "ed", key)
                .clock(CLOCK);
    }

    /** The message with its signature in front. */
    static String signed(DkimSigner signer, String message) {
        return text(signer.sign(octets(message))) + message;
    }

    List<DkimResult> verify(String message) {
        return verify(message, CLOCK, false);
    }

    List<DkimResult> verify(String message, Clock clock, boolean legacy) {
        KeyLookup keys = name -> CompletableFuture.completedFuture(zone.getOrDefault(name, new Answer.None()));
        return new DkimVerifier(keys, clock, Runnable::run, legacy)
                .verify(octets(message))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    /** The only result, as {@code result: reason}. */
    String verdict(String message) {
        List<DkimResult> results = verify(message);
        if (results.size() != 1) {
            throw new AssertionError("one result wanted: " + results);
        }
        return results.get(0).result().id() + ": " + results.get(0).reason();
    }

    static byte[] octets(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }
}
