package io.github.cameldeliverability.dkim;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Bodies of 11 KB a second, on one thread: the canonical form alone, and hashed as the signer does it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
public class CanonicalizationBenchmark {

    @Param({"RELAXED", "SIMPLE"})
    public Canonicalization form;

    private final byte[] body = Bodies.text();

    @Benchmark
    public byte[] body() {
        return form.body(body);
    }

    @Benchmark
    public byte[] bodyHash() {
        DigestSink sink = new DigestSink(DkimSigner.sha256(), Long.MAX_VALUE);
        form.body(body, 0, body.length, sink);
        return sink.digest();
    }
}
