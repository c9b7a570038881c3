package io.github.cameldeliverability.dkim;

import io.github.cameldeliverability.dkim.DkimResult.Result;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Verifies the DKIM signatures of a message (RFC 6376 6, RFC 8463, RFC 8301).
 *
 * <p>Thread-safe. Neither blocks nor throws on what strangers wrote: a broken signature is a result. CPU work runs on the
 * given executor. Octets count: give it the message as received; lone LF line ends (a mailbox file) are taken as CRLF.
 */
public final class DkimVerifier {

    /** RFC 6376 8.4: a limit keeps a message full of signatures from turning into a flood of queries. */
    private static final int MOST_SIGNATURES = 10;

    private static final int LEAST_RSA = 1024;

    private final KeyLookup keys;
    private final Clock clock;
    private final Executor executor;
    private final boolean legacy;

    public DkimVerifier(KeyLookup keys, Clock clock, Executor executor) {
        this(keys, clock, executor, false);
    }

    /** @param legacy accept rsa-sha1 and RSA keys under 1024 bits, which RFC 8301 retired; for old archives only */
    public DkimVerifier(KeyLookup keys, Clock clock, Executor executor, boolean legacy) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.legacy = legacy;
    }

    /**
     * @param message whole; must not be changed before the answer
     * @return a result for each DKIM-Signature field from top to bottom; empty for an unsigned message
     */
    public CompletionStage<List<DkimResult>> verify(byte[] message) {
        return CompletableFuture.supplyAsync(() -> start(message), executor).thenCompose(DkimVerifier::inOrder);
    }

    private List<CompletableFuture<DkimResult>> start(byte[] raw) {
        byte[] message = withCrlf(raw);
        HeaderSection header = HeaderSection.scan(message);
        Map<String, List<HeaderSection.Field>> present = header.byNameFromBottom();
        Map<String, CompletableFuture<KeyLookup.Answer>> asked = new HashMap<>();
        List<CompletableFuture<DkimResult>> results = new ArrayList<>();
        for (HeaderSection.Field field : header.fields()) {
            if (field.name().equals("dkim-signature")) {
                results.add(
                        results.size() < MOST_SIGNATURES
                                ? one(message, header, present, field, asked)
                                : done(new Draft(), Result.NEUTRAL, "more than " + MOST_SIGNATURES + " signatures"));
            }
        }
        return results;
    }

    private CompletableFuture<DkimResult> one(
            byte[] message,
            HeaderSection header,
            Map<String, List<HeaderSection.Field>> present,
            HeaderSection.Field field,
            Map<String, CompletableFuture<KeyLookup.Answer>> asked) {
        Draft draft = new Draft();
        SignatureField signature;
        try {
            TagList tags = TagList.parse(header.value(field));
            draft.read(tags);
            signature = SignatureField.of(tags);
        } catch (DkimSyntaxException e) {
            return done(draft, Result.PERMERROR, e.getMessage());
        } catch (SignatureField.UnknownMethodException e) {
            return done(draft, Result.NEUTRAL, e.getMessage());
        }
        // RFC 8301 3.1: rsa-sha1 has permanently failed.
        if (signature.algorithm().equals("rsa-sha1") && !legacy) {
            return done(draft, Result.PERMERROR, "rsa-sha1 is retired (RFC 8301)");
        }
        if (signature.expires().isPresent()
                && signature.expires().getAsLong() < clock.instant().getEpochSecond()) {
            return done(draft, Result.FAIL, "the signature has expired");
        }
        return asked.computeIfAbsent(signature.keyName(), this::ask)
                .thenApplyAsync(
                        answer -> {
                            if (answer instanceof KeyLookup.Answer.Records found) {
                                return best(found.records(), draft, signature, message, header, present, field);
                            } else if (answer instanceof KeyLookup.Answer.TemporaryFailure failure) {
                                return draft.result(Result.TEMPERROR, "the key cannot be fetched: " + failure.detail());
                            }
                            return draft.result(Result.PERMERROR, "no key is published at " + signature.keyName());
                        },
                        executor);
    }

    private CompletableFuture<KeyLookup.Answer> ask(String name) {
        try {
            return keys.txt(name)
                    .handle((answer, error) -> error == null
                            ? answer
                            : (KeyLookup.Answer) new KeyLookup.Answer.TemporaryFailure(error.toString()))
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(new KeyLookup.Answer.TemporaryFailure(e.toString()));
        }
    }

    /** RFC 6376 6.1.2: with several records any may be tried; the first that passes wins, else the first result counts. */
    private DkimResult best(
            List<String> records,
            Draft draft,
            SignatureField signature,
            byte[] message,
            HeaderSection header,
            Map<String, List<HeaderSection.Field>> present,
            HeaderSection.Field field) {
        DkimResult first = null;
        for (String txt : records.subList(0, Math.min(records.size(), 3))) {
            DkimResult result;
            try {
                result = check(DkimKeyRecord.parse(txt), draft, signature, message, header, present, field);
            } catch (DkimSyntaxException e) {
                result = draft.result(Result.PERMERROR, "the key record is malformed: " + e.getMessage());
            }
            if (result.result() == Result.PASS) {
                return result;
            }
            first = first == null ? result : first;
        }
        return first;
    }

    private DkimResult check(
            DkimKeyRecord record,
            Draft draft,
            SignatureField signature,
            byte[] message,
            HeaderSection header,
            Map<String, List<HeaderSection.Field>> present,
            HeaderSection.Field field) {
        draft.keyBits = record.bits();
        draft.testing = record.testing();
        String problem = keyProblem(record, signature);
        if (problem != null) {
            return draft.result(Result.PERMERROR, problem);
        }
        DigestSink body =
                new DigestSink(digest(signature.algorithm()), signature.length().orElse(Long.MAX_VALUE));
        signature.body().body(message, header.bodyStart(), message.length, body);
        long length = signature.length().orElse(body.seen());
        // RFC 6376 3.5: l= must not be larger than the body.
        if (length > body.seen()) {
            return draft.result(Result.PERMERROR, "l= is larger than the body");
        }
        draft.wholeBody = length == body.seen();
        if (!MessageDigest.isEqual(body.digest(), signature.bodyHash())) {
            return draft.result(Result.FAIL, "the body was changed (bh= differs)");
        }
        if (!verifies(record.publicKey().orElseThrow(), signature, signedData(signature, message, present, field))) {
            return draft.result(Result.FAIL, "the header was changed, or another key signed (b= differs)");
        }
        // RFC 8301 3.2: RSA keys of less than 1024 bits must not be considered valid.
        if (!legacy && record.keyType().equals("rsa") && record.bits() < LEAST_RSA) {
            return draft.result(Result.POLICY, "an RSA key of " + record.bits() + " bits proves nothing (RFC 8301)");
        }
        return draft.result(Result.PASS, "");
    }

    /** RFC 6376 6.1.2: whether the key may be used for this signature; null if it may. */
    private static String keyProblem(DkimKeyRecord record, SignatureField signature) {
        String[] algorithm = signature.algorithm().split("-", 2);
        if (record.publicKey().isEmpty()) {
            return "the key is revoked";
        }
        if (!record.keyType().equals(algorithm[0])) {
            return "the key is of type " + record.keyType() + ", not " + algorithm[0];
        }
        if (!record.allowsHash(algorithm[1])) {
            return "the key does not allow " + algorithm[1];
        }
        if (!record.isForMail()) {
            return "the key is not for e-mail";
        }
        if (record.sameDomain() && !signature.identityDomain().equals(signature.domain())) {
            return "the key is for the very domain of d= only";
        }
        return null;
    }

    private static byte[] signedData(
            SignatureField signature,
            byte[] message,
            Map<String, List<HeaderSection.Field>> present,
            HeaderSection.Field field) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(2048);
        DkimSigner.signedFields(message, present, signature.signedFields(), signature.header(), data::write);
        data.writeBytes(
                DkimSigner.withoutFinalCrlf(signature.header(), SignatureField.withoutSignature(message, field)));
        return data.toByteArray();
    }

    private static boolean verifies(PublicKey key, SignatureField signature, byte[] data) {
        try {
            boolean rsa = signature.algorithm().startsWith("rsa");
            Signature verifier = Signature.getInstance(
                    !rsa ? "Ed25519" : signature.algorithm().equals("rsa-sha1") ? "SHA1withRSA" : "SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(rsa ? data : DkimSigner.sha256().digest(data));
            return verifier.verify(signature.signature());
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length, a point that is not on the curve: it does not verify.
            return false;
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.endsWith("sha1") ? "SHA-1" : "SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
        }
    }

    private static byte[] withCrlf(byte[] raw) {
        int lone = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) {
                lone++;
            }
        }
        if (lone == 0) {
            return raw;
        }
        byte[] out = new byte[raw.length + lone];
        int n = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) {
                out[n++] = '\r';
            }
            out[n++] = raw[i];
        }
        return out;
    }

    private static CompletableFuture<DkimResult> done(Draft draft, Result result, String reason) {
        return CompletableFuture.completedFuture(draft.result(result, reason));
    }

    private static CompletionStage<List<DkimResult>> inOrder(List<CompletableFuture<DkimResult>> results) {
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(v -> results.stream().map(CompletableFuture::join).toList());
    }

    /** What is known of a signature so far. */
    private static final class Draft {
        private String domain = "";
        private String selector = "";
        private String algorithm = "";
        private int keyBits;
        private boolean testing;
        private boolean wholeBody = true;

        void read(TagList tags) {
            domain = tags.get("d").orElse("").toLowerCase(Locale.ROOT);
            selector = tags.get("s").orElse("");
            algorithm = tags.get("a").orElse("");
        }

        DkimResult result(Result result, String reason) {
            return new DkimResult(result, domain, selector, algorithm, keyBits, testing, wholeBody, reason);
        }
    }
}
