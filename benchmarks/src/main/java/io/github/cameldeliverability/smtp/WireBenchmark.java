package io.github.cameldeliverability.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the SMTP client does to octets, on one thread and without a network: content of 11 KB, replies of usual shapes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@Threads(1)
public class WireBenchmark {

    private static final int SIZE = 11 * 1024;

    private final byte[] plain = lines("The quick brown fox jumps over the lazy dog, again and again\r\n");
    private final byte[] dotted = lines(".The quick brown fox jumps over the lazy dog, again and again\r\n");
    private final ByteBuf accepted = octets("250 2.0.0 Ok: queued as 4F7B91\r\n");
    private final ByteBuf ehlo = octets("250-mx.example.net at your service\r\n250-SIZE 157286400\r\n250-8BITMIME\r\n"
            + "250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n");
    private final ByteBuf refused = octets("550-5.1.1 The email account that you tried to reach does not exist.\r\n"
            + "550-5.1.1 Please check the address for typing errors and unnecessary spaces.\r\n"
            + "550 5.1.1 For more information, go to https://example.net/help - gsmtp\r\n");

    /** The check for lone line ends that precedes each transaction. */
    @Benchmark
    public int lineEndCheck() {
        return DotStuffing.bareLineEnd(plain);
    }

    /** Content after DATA into a direct buffer, as the event loop hands it to the socket; no line begins with a dot. */
    @Benchmark
    public int content() {
        return write(plain);
    }

    /** The same where every line begins with a dot. */
    @Benchmark
    public int contentOfDots() {
        return write(dotted);
    }

    @Benchmark
    public ReplyDecoder.Decoded replyOfOneLine() {
        return decode(accepted);
    }

    @Benchmark
    public ReplyDecoder.Decoded replyToEhlo() {
        return decode(ehlo);
    }

    @Benchmark
    public ReplyDecoder.Decoded refusalOfThreeLines() {
        return decode(refused);
    }

    private final ReplyDecoder decoder = new ReplyDecoder();

    private ReplyDecoder.Decoded decode(ByteBuf octets) {
        return decoder.next(octets.readerIndex(0)).orElseThrow();
    }

    private static int write(byte[] content) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(content.length + 512);
        try {
            DotStuffing.append(content, 0, content.length, out);
            return out.readableBytes();
        } finally {
            out.release();
        }
    }

    private static byte[] lines(String line) {
        return line.repeat(SIZE / line.length()).getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf octets(String reply) {
        return Unpooled.wrappedBuffer(reply.getBytes(StandardCharsets.US_ASCII));
    }
}
