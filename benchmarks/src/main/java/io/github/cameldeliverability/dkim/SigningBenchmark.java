package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Signatures a second on one thread: the bare one by each library, and a whole DKIM signature of a message of 11 KB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
public class SigningBenchmark {

    /** What is signed for RSA in the engine: the canonical header, about this long. Ed25519 signs a hash of it. */
    private static final int HEADER = 900;

    private static final int HASH = 32;

    @Param({"RSA_SHA256", "ED25519_SHA256"})
    public DkimAlgorithm algorithm;

    private RawSigner fastest;
    private RawSigner jdk;
    private DkimSigner whole;
    private byte[] data;
    private byte[] message;

    @Setup(Level.Trial)
    public void keys() {
        SecureRandom random = new SecureRandom();
        DkimKeyPair key = algorithm == DkimAlgorithm.RSA_SHA256
                ? DkimKeyPair.generateRsa(2048, random)
                : DkimKeyPair.generateEd25519(random);
        fastest = SignatureEngine.fastest(key);
        jdk = SignatureEngine.JDK.signer(key).orElseThrow();
        whole = DkimSigner.builder("example.com", "s1", key).build();
        data = new byte[algorithm == DkimAlgorithm.RSA_SHA256 ? HEADER : HASH];
        random.nextBytes(data);
        message = (Bodies.HEADER + new String(Bodies.text(), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        String engine = "none";
        for (SignatureEngine e : SignatureEngine.values()) {
            if (e.signer(key).isPresent()) {
                engine = e.name();
                break;
            }
        }
        System.out.printf("%n%s: the fastest here is %s%n", algorithm.id(), engine);
    }

    @Benchmark
    public byte[] fastestProvider() {
        return fastest.sign(data);
    }

    @Benchmark
    public byte[] jdkProvider() {
        return jdk.sign(data);
    }

    /** Header checks, canonicalisation (relaxed/relaxed), body hash, signature. */
    @Benchmark
    public byte[] wholeMessage() {
        return whole.sign(message);
    }
}
