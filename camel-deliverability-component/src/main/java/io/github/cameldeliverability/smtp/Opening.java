package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult.Connected;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult.Failed;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.smtp.SmtpTranscript.Speaker;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Brings a new connection to the point where it can take a transaction: greeting, EHLO or HELO, STARTTLS, EHLO again. Runs
 * on the event loop and ends exactly once.
 */
final class Opening {

    /** Makes the session once the server's extensions are known. */
    interface SessionMaker {
        NettySmtpSession make(Conversation conversation, Extensions extensions, Optional<String> tls);
    }

    private final Conversation conversation;
    private final Transcript transcript;
    private final Target target;
    private final TlsContexts contexts;
    private final SessionMaker sessions;
    private final Consumer<ConnectResult> onEnd;
    private final boolean ehlo;
    private final Runnable onEhloNotSurvived;
    private Optional<String> tls = Optional.empty();
    private boolean ended;

    /**
     * @param ehlo whether to greet with EHLO; otherwise with HELO
     * @param onEhloNotSurvived called instead of {@code onEnd} when the server hangs up on EHLO and a new connection with
     *     HELO would do
     */
    Opening(
            Conversation conversation,
            Transcript transcript,
            Target target,
            TlsContexts contexts,
            SessionMaker sessions,
            Consumer<ConnectResult> onEnd,
            boolean ehlo,
            Runnable onEhloNotSurvived) {
        this.conversation = conversation;
        this.transcript = transcript;
        this.target = target;
        this.contexts = contexts;
        this.sessions = sessions;
        this.onEnd = onEnd;
        this.ehlo = ehlo;
        this.onEhloNotSurvived = onEhloNotSurvived;
    }

    /** To be called before the channel is active, so that a hasty greeting finds somebody to read it. */
    void begin() {
        if (target.speaks(Smarthost.Protocol.SMTPS)) {
            // RFC 8314 3.3: the handshake comes first, and the greeting's timeout bounds it.
            startTls(this::nothing);
        }
        conversation.await(step(SmtpPhase.GREETING, target.timeouts().greeting(), this::onGreeting));
    }

    private void onGreeting(SmtpReply reply) {
        if (reply.code() >= 300) {
            refused(reply, SmtpPhase.GREETING);
        } else if (ehlo) {
            sayEhlo();
        } else {
            sayHelo();
        }
    }

    private void sayEhlo() {
        // RFC 2033 4.1: LMTP has LHLO, and nothing to fall back to.
        conversation.say(
                (isLmtp() ? "LHLO " : "EHLO ") + target.ehloName(),
                step(SmtpPhase.EHLO, target.timeouts().command(), this::onEhlo));
    }

    private void onEhlo(SmtpReply reply) {
        if (reply.code() < 300) {
            onExtensions(Extensions.of(reply));
        } else if (reply.isPermanent() && !isLmtp()) {
            // RFC 5321 3.2: a server that does not understand EHLO is spoken to in HELO.
            sayHelo();
        } else {
            refused(reply, SmtpPhase.EHLO);
        }
    }

    private void sayHelo() {
        conversation.say(
                "HELO " + target.ehloName(),
                step(SmtpPhase.EHLO, target.timeouts().command(), this::onHelo));
    }

    private void onHelo(SmtpReply reply) {
        if (reply.code() < 300) {
            onExtensions(Extensions.NONE);
        } else {
            refused(reply, SmtpPhase.EHLO);
        }
    }

    private void onExtensions(Extensions extensions) {
        if (tls.isPresent() || target.tls() == TlsPolicy.NONE) {
            logIn(extensions);
        } else if (extensions.has(Extensions.STARTTLS)) {
            conversation.say(
                    "STARTTLS",
                    step(SmtpPhase.STARTTLS, target.timeouts().command(), reply -> onStartTls(reply, extensions)));
        } else if (target.tls() == TlsPolicy.OPPORTUNISTIC) {
            logIn(extensions);
        } else {
            leave(
                    SmtpReply.synthetic(
                            454,
                            "4.7.4",
                            "TLS is required (" + target.tls() + ") and " + conversation.peer()
                                    + " does not offer STARTTLS"),
                    false);
        }
    }

    private void onStartTls(SmtpReply reply, Extensions extensions) {
        if (reply.code() == 220) {
            // RFC 3207 6: whatever came in clear behind the 220 was put there by somebody else (CVE-2011-0411). The
            // conversation has noticed and is closed.
            if (conversation.down().isEmpty()) {
                takeTlsUp();
            }
        } else if (target.tls() == TlsPolicy.OPPORTUNISTIC && reply.code() >= 400) {
            logIn(extensions);
        } else {
            leave(
                    SmtpReply.synthetic(
                            454,
                            "4.7.4",
                            "TLS was offered and then refused by " + conversation.peer() + ": " + reply.format()),
                    false);
        }
    }

    private void takeTlsUp() {
        // RFC 3207 4.2: what was learnt in clear is forgotten.
        startTls(this::sayEhlo);
    }

    private void nothing() {}

    private boolean isLmtp() {
        return target.speaks(Smarthost.Protocol.LMTP);
    }

    private void startTls(Runnable then) {
        SslHandler handler;
        try {
            handler = contexts.handler(target);
        } catch (GeneralSecurityException e) {
            failTls(e);
            return;
        }
        conversation.channel().pipeline().addFirst(handler);
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                SSLSession session = handler.engine().getSession();
                tls = Optional.of(session.getProtocol() + " " + session.getCipherSuite());
                transcript.line(Speaker.NOTE, tls.get());
                then.run();
            } else {
                failTls(done.cause());
            }
        });
    }

    private void failTls(Throwable cause) {
        SmtpReply reply = SmtpReply.synthetic(
                454, "4.7.5", "TLS handshake with " + conversation.peer() + " failed: " + Conversation.describe(cause));
        fail(reply, SmtpPhase.STARTTLS, true);
        conversation.breakDown(new Breakdown(Breakdown.Kind.CLOSED, SmtpPhase.STARTTLS, reply, Optional.of(cause)));
    }

    private void logIn(Extensions extensions) {
        Optional<Smarthost.Login> login = target.smarthost().flatMap(Smarthost::login);
        if (login.isEmpty()) {
            ready(extensions);
            return;
        }
        boolean clearAllowed = target.smarthost().orElseThrow().tls() == TlsPolicy.NONE;
        if (tls.isEmpty() && !clearAllowed) {
            // RFC 4954 4: a password is not for everybody on the way to read.
            notLoggedIn("no TLS with " + conversation.peer() + ", and the login is not sent in clear", SmtpPhase.AUTH);
            return;
        }
        Optional<Authentication> authentication = Authentication.of(login.get(), extensions);
        if (authentication.isEmpty()) {
            notLoggedIn(
                    conversation.peer() + " offers no login that we know: " + extensions.mechanisms(), SmtpPhase.AUTH);
            return;
        }
        Authentication a = authentication.get();
        conversation.saySecret(a.command(), a.shown(), authStep(reply -> onAuth(reply, a, extensions)));
    }

    private void onAuth(SmtpReply reply, Authentication a, Extensions extensions) {
        if (reply.code() == 235) {
            ready(extensions);
        } else if (reply.code() == 334) {
            conversation.saySecret(a.respond(), "(login)", authStep(next -> onAuth(next, a, extensions)));
        } else {
            notLoggedIn("login at " + conversation.peer() + " failed: " + reply.format(), SmtpPhase.AUTH);
        }
    }

    private Step authStep(Consumer<SmtpReply> onReply) {
        return step(SmtpPhase.AUTH, target.timeouts().command(), onReply);
    }

    /** Always "not now", even if the server says "never": our setting is wrong, and no mail must be lost by it. */
    private void notLoggedIn(String why, SmtpPhase phase) {
        fail(SmtpReply.synthetic(454, "4.7.0", why), phase, false);
        conversation.leave(Breakdown.of(Breakdown.Kind.OURS, phase, "4.7.0", "not logged in"));
    }

    private void ready(Extensions extensions) {
        if (conversation.down().isEmpty() && !ended) {
            ended = true;
            onEnd.accept(new Connected(sessions.make(conversation, extensions, tls)));
        }
    }

    /** The server said no: its words are the result. */
    private void refused(SmtpReply reply, SmtpPhase phase) {
        if (reply.code() < 400) {
            conversation.breakDown(conversation.protocolFault(
                    phase, "answered " + Conversation.name(phase) + " with " + reply.format()));
            return;
        }
        fail(reply, phase, false);
        conversation.leave(Breakdown.of(Breakdown.Kind.OURS, phase, "4.4.2", "refused by the server"));
    }

    private void leave(SmtpReply why, boolean tlsFault) {
        fail(why, SmtpPhase.STARTTLS, tlsFault);
        conversation.leave(Breakdown.of(Breakdown.Kind.OURS, SmtpPhase.STARTTLS, "4.7.4", "no TLS"));
    }

    private void fail(SmtpReply reply, SmtpPhase phase, boolean tlsFault) {
        if (!ended) {
            ended = true;
            onEnd.accept(new Failed(reply, phase, tlsFault));
        }
    }

    private void onBreakdown(Breakdown breakdown) {
        boolean clearWillDo = target.tls() == TlsPolicy.NONE || target.tls() == TlsPolicy.OPPORTUNISTIC;
        if (breakdown.kind() == Breakdown.Kind.CLOSED
                && breakdown.phase() == SmtpPhase.EHLO
                && ehlo
                && target.smarthost().isEmpty()
                && tls.isEmpty()
                && clearWillDo
                && !ended) {
            // RFC 5321 4.1.4 wants such servers to answer 500 or 502; some of the old ones hang up.
            ended = true;
            onEhloNotSurvived.run();
            return;
        }
        // In TLS 1.3 the server's alert may arrive only after our side of the handshake is done.
        boolean tlsFault = breakdown
                .cause()
                .filter(c -> c instanceof SSLException || c.getCause() instanceof SSLException)
                .isPresent();
        boolean silent = breakdown.kind() == Breakdown.Kind.CLOSED || breakdown.kind() == Breakdown.Kind.TIMEOUT;
        // Some servers hang up on STARTTLS instead of saying what is wrong with theirs.
        tlsFault |= silent && breakdown.phase() == SmtpPhase.STARTTLS && target.tls() == TlsPolicy.OPPORTUNISTIC;
        fail(breakdown.reply(), tlsFault ? SmtpPhase.STARTTLS : breakdown.phase(), tlsFault);
    }

    private Step step(SmtpPhase phase, Duration timeout, Consumer<SmtpReply> onReply) {
        return new Step(
                phase,
                timeout,
                reply -> {
                    onReply.accept(reply);
                    conversation.down().ifPresent(this::onBreakdown);
                },
                this::onBreakdown);
    }
}
