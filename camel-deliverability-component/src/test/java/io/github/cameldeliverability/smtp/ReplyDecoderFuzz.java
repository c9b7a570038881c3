package io.github.cameldeliverability.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fuzz target: what a server sends, and that it means the same however the network cuts it up. */
public final class ReplyDecoderFuzz {

    private ReplyDecoderFuzz() {}

    /** Called once by the fuzzer: Netty's first buffer loads its logging, which must not count as the first input's time. */
    public static void fuzzerInitialize() {
        Unpooled.buffer(1).release();
    }

    public static void fuzzerTestOneInput(byte[] octets) {
        List<ReplyDecoder.Decoded> whole = decode(octets, Math.max(1, octets.length));
        if (octets.length < 4_096 && !whole.equals(decode(octets, 1))) {
            throw new AssertionError("decoded otherwise when it came in pieces: " + whole);
        }
    }

    private static List<ReplyDecoder.Decoded> decode(byte[] octets, int piece) {
        ReplyDecoder decoder = new ReplyDecoder();
        List<ReplyDecoder.Decoded> out = new ArrayList<>();
        for (int at = 0; at < octets.length; at += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, at, Math.min(piece, octets.length - at));
            while (in.isReadable()) {
                Optional<ReplyDecoder.Decoded> d = decoder.next(in);
                d.ifPresent(out::add);
                if (d.filter(ReplyDecoder.Malformed.class::isInstance).isPresent()) {
                    return out;
                }
            }
        }
        return out;
    }
}
