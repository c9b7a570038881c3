package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Writes one message's content, no faster than the network takes it and no slower than {@code dataBlock} allows. Runs on
 * the event loop.
 */
final class ContentWriter {

    /** Content up to this size goes out in one write with its end. */
    private static final int PIECE = 64 * 1024;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] DOT = {'.', '\r', '\n'};

    private final Conversation conversation;
    private final Channel channel;
    private final byte[] content;
    private final boolean chunk;
    private final Duration blockTimeout;
    private int position;
    private boolean begun;
    private boolean allWritten;
    private boolean sent;
    private boolean stopped;
    private ScheduledFuture<?> timer;

    /** @param chunk whether to send it as one BDAT chunk rather than after DATA */
    ContentWriter(Conversation conversation, byte[] content, boolean chunk, Duration blockTimeout) {
        this.conversation = conversation;
        this.channel = conversation.channel();
        this.content = content;
        this.chunk = chunk;
        this.blockTimeout = blockTimeout;
    }

    /** Whether the network has taken the end of the content: from here on the server may have the message. */
    boolean isSent() {
        return sent;
    }

    void start() {
        conversation.onWritable(this::write);
        write();
    }

    void stop() {
        stopped = true;
        // The session lives on, idle perhaps for long: it must not hold the content.
        conversation.onWritable(() -> {});
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void write() {
        while (!stopped && !allWritten && channel.isWritable()) {
            ByteBuf piece = nextPiece();
            boolean last = allWritten;
            var written = channel.writeAndFlush(piece);
            conversation.watch(written);
            written.addListener(done -> {
                if (done.isSuccess()) {
                    progress(last);
                }
            });
        }
        // Most messages are taken by the socket at once and never need the timer.
        if (!sent && !stopped && timer == null) {
            startTimer();
        }
    }

    private ByteBuf nextPiece() {
        int end = Math.min(content.length, position + PIECE);
        ByteBuf out = channel.alloc().ioBuffer(end - position + 64);
        if (!begun) {
            begun = true;
            if (chunk) {
                // RFC 3030 2: the whole message as one last chunk; its octets need no stuffing and no dot.
                int size = content.length + (DotStuffing.endsInLineEnd(content) ? 0 : CRLF.length);
                ByteBufUtil.writeAscii(out, "BDAT " + size + " LAST\r\n");
            }
        }
        if (chunk) {
            out.writeBytes(content, position, end - position);
        } else {
            DotStuffing.append(content, position, end, out);
        }
        position = end;
        if (position == content.length) {
            allWritten = true;
            if (!DotStuffing.endsInLineEnd(content)) {
                out.writeBytes(CRLF);
            }
            if (!chunk) {
                out.writeBytes(DOT);
            }
        }
        return out;
    }

    private void progress(boolean last) {
        if (stopped) {
            sent |= last;
            return;
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (last) {
            sent = true;
            conversation.contentSent();
        } else if (allWritten || !channel.isWritable()) {
            startTimer();
        }
    }

    private void startTimer() {
        timer = channel.eventLoop()
                .schedule(
                        () -> {
                            timer = null;
                            conversation.breakDown(conversation.timeout(
                                    SmtpPhase.DOT,
                                    "no content was taken for " + Conversation.shown(blockTimeout) + ", after "
                                            + position + " of " + content.length + " octets"));
                        },
                        blockTimeout.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** For transcripts. */
    String description() {
        return "(content, " + content.length + " octets" + (chunk ? ", BDAT)" : ")");
    }

    /** The whole end of DATA for nobody. */
    static String loneDot() {
        return new String(DOT, 0, 1, StandardCharsets.US_ASCII);
    }
}
