package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.smtp.SmtpTranscript.Speaker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Pairs replies with commands. Commands go out with the {@link Step}s that await their replies; a step ends by its reply,
 * by its timeout or by the connection's {@link Breakdown}, whichever is first. The first breakdown closes the connection
 * and ends all steps, present and future, so nothing ever hangs and nothing is told twice.
 *
 * <p>All methods are to be called on the channel's event loop, except {@link #down()} and {@link #peer()}.
 */
// Netty's futures of closing, of farewells and of timers tell nothing that the handlers are not told as well.
@SuppressWarnings("FutureReturnValueIgnored")
final class Conversation extends ChannelInboundHandlerAdapter {

    /** How long a server's last words may take to arrive after a write to it has failed. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final String peer;
    private final Transcript transcript;
    private final ReplyDecoder decoder = new ReplyDecoder();
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final Channel channel;
    private ScheduledFuture<?> timer;
    private boolean timerHeld;
    private Runnable onWritable = () -> {};
    private volatile Breakdown down;

    Conversation(Channel channel, String peer, Transcript transcript) {
        this.channel = channel;
        this.peer = peer;
        this.transcript = transcript;
    }

    /** Why the connection cannot be used any more; empty while it can. Safe from any thread. */
    Optional<Breakdown> down() {
        return Optional.ofNullable(down);
    }

    String peer() {
        return peer;
    }

    Channel channel() {
        return channel;
    }

    /** Awaits a reply without saying anything: the greeting. */
    void await(Step step) {
        say(List.of(), List.of(step));
    }

    void say(String command, Step step) {
        say(List.of(command), List.of(step));
    }

    /** Says what must not be seen in a transcript. */
    void saySecret(String command, String shown, Step step) {
        if (down != null) {
            step.onBreakdown().accept(down);
            return;
        }
        transcript.line(Speaker.CLIENT, shown);
        watch(channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), command + "\r\n")));
        await(step);
    }

    /** Sends the commands in one write and awaits the steps' replies in order. */
    void say(List<String> commands, List<Step> awaited) {
        if (down != null) {
            awaited.forEach(step -> step.onBreakdown().accept(down));
            return;
        }
        boolean first = steps.isEmpty();
        steps.addAll(awaited);
        if (!commands.isEmpty()) {
            commands.forEach(command -> transcript.line(Speaker.CLIENT, command));
            String text = String.join("\r\n", commands) + "\r\n";
            ByteBuf bytes = ByteBufUtil.writeUtf8(channel.alloc(), text);
            watch(channel.writeAndFlush(bytes));
        }
        if (first && channel.isActive()) {
            startTimer();
        }
    }

    /**
     * Awaits the replies to content that is about to be written. The first one's timeout starts with {@link #contentSent()}; until then
     * the writer watches the progress.
     */
    void sayContent(List<Step> awaited) {
        timerHeld = true;
        say(List.of(), awaited);
    }

    void contentSent() {
        timerHeld = false;
        if (timer == null && !steps.isEmpty()) {
            startTimer();
        }
    }

    /** A failed write ends the connection, but not before the server's last words, if any, had time to arrive. */
    void watch(ChannelFuture write) {
        write.addListener(done -> {
            if (done.isSuccess() || down != null) {
                return;
            }
            Throwable cause = done.cause();
            if (channel.isActive()) {
                channel.eventLoop().schedule(() -> lost(cause), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                lost(cause);
            }
        });
    }

    /** Told whenever the channel can take more content. */
    void onWritable(Runnable listener) {
        onWritable = listener;
    }

    /** Whether bytes of an unfinished reply are waiting. */
    boolean isMidReply() {
        return decoder.isMidReply();
    }

    /** Says QUIT without waiting for the answer. The steps that are open end with {@code reason}. */
    void leave(Breakdown reason) {
        if (down == null && channel.isActive()) {
            transcript.line(Speaker.CLIENT, "QUIT");
            channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), "QUIT\r\n"));
        }
        breakDown(reason);
    }

    /** Ends the conversation for good. Only the first call counts. */
    void breakDown(Breakdown breakdown) {
        if (down == null) {
            down = breakdown;
            transcript.line(Speaker.NOTE, breakdown.reply().format());
            shutDown();
        }
    }

    Breakdown protocolFault(SmtpPhase phase, String what) {
        return Breakdown.of(Breakdown.Kind.PROTOCOL, phase, "4.5.0", peer + " " + what);
    }

    /** The phase that the next reply belongs to. */
    private SmtpPhase phase() {
        // Between transactions the next word would have been MAIL.
        return steps.isEmpty() ? SmtpPhase.MAIL : steps.peek().phase();
    }

    private void shutDown() {
        stopTimer();
        onWritable = () -> {};
        while (!steps.isEmpty()) {
            steps.poll().onBreakdown().accept(down);
        }
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTimer();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof ByteBuf in)) {
            ReferenceCountUtil.release(msg);
            return;
        }
        try {
            while (down == null && in.isReadable()) {
                Optional<ReplyDecoder.Decoded> decoded = decoder.next(in);
                if (decoded.isPresent()) {
                    heard(decoded.get(), in);
                } else if (steps.isEmpty()) {
                    breakDown(protocolFault(phase(), "spoke without being asked"));
                }
            }
        } finally {
            in.release();
        }
    }

    private void heard(ReplyDecoder.Decoded decoded, ByteBuf rest) {
        if (decoded instanceof ReplyDecoder.Malformed malformed) {
            breakDown(protocolFault(
                    phase(), "sent " + malformed.why() + ", in reply to " + name(phase()) + "; connection closed"));
            return;
        }
        SmtpReply reply = ((ReplyDecoder.Reply) decoded).reply();
        transcript.reply(reply);
        if (steps.isEmpty()) {
            unasked(phase(), reply);
            shutDown();
            return;
        }
        Step step = steps.poll();
        stopTimer();
        if (reply.code() == 421) {
            down = goodbye(step.phase(), reply);
        } else if (steps.isEmpty() && (rest.isReadable() || decoder.isMidReply())) {
            lookAhead(step.phase(), rest);
        }
        try {
            step.onReply().accept(reply);
        } catch (RuntimeException e) {
            // A fault of ours must not leave the caller waiting.
            lost(e);
            step.onBreakdown().accept(down);
        }
        if (down != null) {
            shutDown();
        } else if (timer == null && !steps.isEmpty()) {
            startTimer();
        }
    }

    /**
     * More was said than was asked for. The reply before it counts, but the next reply could not be told from it any more:
     * go on and a hostile or confused server answers commands that it has not seen.
     */
    private void lookAhead(SmtpPhase answered, ByteBuf rest) {
        Optional<ReplyDecoder.Decoded> next = decoder.next(rest);
        if (next.isPresent() && next.get() instanceof ReplyDecoder.Reply more) {
            transcript.reply(more.reply());
            unasked(answered, more.reply());
        } else {
            down = protocolFault(answered, "spoke without being asked");
        }
    }

    private void unasked(SmtpPhase phase, SmtpReply reply) {
        // RFC 5321 3.8: 421 may come at any time, as a goodbye.
        down = reply.code() == 421
                ? goodbye(phase, reply)
                : protocolFault(phase, "spoke without being asked: " + reply.format());
    }

    private static Breakdown goodbye(SmtpPhase phase, SmtpReply reply) {
        return new Breakdown(Breakdown.Kind.GOODBYE, phase, reply, Optional.empty());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lost(cause);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            onWritable.run();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void lost(Throwable cause) {
        if (down != null) {
            return;
        }
        String during = steps.isEmpty() ? " between transactions" : " before the reply to " + name(phase());
        String text;
        if (cause instanceof ClosedChannelException) {
            text = peer + " closed the connection" + during;
        } else {
            text = "connection with " + peer + " lost" + during + ": " + describe(cause);
        }
        breakDown(new Breakdown(
                Breakdown.Kind.CLOSED, phase(), SmtpReply.synthetic(421, "4.4.2", text), Optional.of(cause)));
    }

    static String describe(Throwable cause) {
        Throwable c = cause;
        while (c.getCause() != null && !(c instanceof SSLException) && !(c instanceof IOException)) {
            c = c.getCause();
        }
        if (c instanceof ClosedChannelException) {
            // Epoll says no more than that where Java's selectors give the system's words.
            return "the connection was closed";
        }
        String message = c.getMessage() == null ? c.getClass().getSimpleName() : c.getMessage();
        StringBuilder clean = new StringBuilder();
        message.chars().limit(300).forEach(ch -> clean.append(Character.isISOControl(ch) ? ' ' : (char) ch));
        return clean.toString();
    }

    private void startTimer() {
        Step head = steps.peek();
        if (head == null || timerHeld || timer != null) {
            return;
        }
        timer = channel.eventLoop()
                .schedule(() -> timedOut(head), head.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // Two steps may be equal and are still two.
    private void timedOut(Step head) {
        if (down == null && steps.peek() == head) {
            breakDown(timeout(head.phase(), "no reply to " + name(head.phase()) + " within " + shown(head.timeout())));
        }
    }

    Breakdown timeout(SmtpPhase phase, String what) {
        return Breakdown.of(Breakdown.Kind.TIMEOUT, phase, "4.4.2", peer + " timed out: " + what);
    }

    static String shown(Duration d) {
        return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
    }

    /** What people call a phase. */
    static String name(SmtpPhase phase) {
        return switch (phase) {
            case CONNECT, GREETING -> "the connection (greeting)";
            case DOT -> "the end of the content";
            default -> phase.name();
        };
    }
}
