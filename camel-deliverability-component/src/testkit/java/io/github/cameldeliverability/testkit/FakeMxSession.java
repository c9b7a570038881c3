package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.testkit.Behaviour.Act;
import io.github.cameldeliverability.testkit.Behaviour.Visit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/** One connection of a {@link FakeMx}: the state of RFC 5321 4.1.4, with the script's behaviours let in everywhere. */
final class FakeMxSession {

    /** What a behaviour left to do. */
    private enum Rest {
        USUAL,
        DONE,
        CLOSE
    }

    private final FakeMx mx;
    private final FakeMxBuilder script;
    private final int number;
    private final InetSocketAddress client;
    private Socket socket;
    private FakeMxWire wire;
    private Optional<String> tls = Optional.empty();
    private Optional<String> serverName = Optional.empty();
    private String helo = "";
    private boolean esmtp;
    private int transaction;
    private Optional<String> from = Optional.empty();
    private List<String> mailParameters = List.of();
    private final List<ReceivedMessage.Rcpt> recipients = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private boolean loggedIn;
    private boolean silent;
    private byte[] appendix = {};
    private Optional<String> instead = Optional.empty();

    FakeMxSession(FakeMx mx, FakeMxBuilder script, Socket socket, int number) throws IOException {
        this.mx = mx;
        this.script = script;
        this.socket = socket;
        this.number = number;
        this.client = (InetSocketAddress) socket.getRemoteSocketAddress();
        this.wire = new FakeMxWire(socket);
    }

    void run() throws IOException {
        if (script.implicitTls) {
            secure();
        }
        Rest rest = visit(Moment.GREETING, client.getAddress().getHostAddress());
        if (rest == Rest.CLOSE) {
            return;
        }
        if (rest == Rest.USUAL) {
            if (mx.isOverConnections()) {
                say(script.limitReply);
                return;
            }
            say("220 " + script.name + " ESMTP FakeMx");
        }
        while (true) {
            if (!waitForCommand()) {
                return;
            }
            String line = wire.line();
            mx.record(line);
            if (!command(line)) {
                return;
            }
        }
    }

    /** @return whether there is one */
    private boolean waitForCommand() throws IOException {
        if (script.idle.isZero() || transaction == 0 || from.isPresent()) {
            return true;
        }
        socket.setSoTimeout((int) script.idle.toMillis());
        try {
            wire.fill();
            socket.setSoTimeout(0);
            return true;
        } catch (SocketTimeoutException e) {
            wire.say(script.idleWords.getBytes(StandardCharsets.ISO_8859_1));
            return false;
        }
    }

    /** @return whether the connection goes on */
    private boolean command(String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        if (script.lmtp.isPresent() && (verb.equals("LHLO") || verb.equals("EHLO") || verb.equals("HELO"))) {
            verb = verb.equals("LHLO") ? "EHLO" : "LMTP";
        }
        boolean content = verb.equals("BDAT");
        if (!content && wire.hasMore() && !(esmtp && script.extensions.containsKey("PIPELINING"))) {
            say("503 5.5.0 improper use of pipelining");
            return true;
        }
        if (verb.equals("MAIL")) {
            transaction++;
        }
        if (verb.equals("AUTH") && script.user.isPresent()) {
            return logIn(line);
        }
        if (verb.equals("MAIL") && script.user.isPresent() && !loggedIn) {
            return say("530 5.7.0 log in first");
        }
        Optional<Moment> moment = moment(verb);
        if (moment.isEmpty()) {
            say("500 5.5.2 command unknown");
            return true;
        }
        Rest rest = visit(moment.get(), line);
        if (rest != Rest.USUAL) {
            if (content) {
                // The chunk comes all the same (RFC 3030 2).
                wire.octets(chunkSize(line));
            }
            return rest == Rest.DONE;
        }
        return switch (moment.get()) {
            case EHLO -> hello(line, true);
            case HELO -> hello(line, false);
            case STARTTLS -> startTls();
            case MAIL -> mail(line);
            case RCPT -> rcpt(line);
            case DATA -> data();
            case BDAT -> bdat(line);
            case RSET -> reset("250 2.0.0 flushed");
            case NOOP -> say("250 2.0.0 ok");
            default -> {
                say("221 2.0.0 bye");
                yield false;
            }
        };
    }

    private static Optional<Moment> moment(String verb) {
        return Arrays.stream(Moment.values())
                .filter(m -> m != Moment.GREETING && m != Moment.HANDSHAKE && m != Moment.CONTENT && m != Moment.DOT)
                .filter(m -> m.name().equals(verb))
                .findFirst();
    }

    private boolean hello(String line, boolean extended) throws IOException {
        helo = line.length() > 5 ? line.substring(5).strip() : "";
        esmtp = extended;
        forgetTransaction();
        if (!extended) {
            return say("250 " + script.name);
        }
        List<String> lines = mx.ehloLines();
        if (tls.isPresent()) {
            lines.remove("STARTTLS");
            if (!script.tlsOnlyExtensions.isEmpty()) {
                lines.add(script.tlsOnlyExtensions);
            }
        }
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            b.append("250").append(i == lines.size() - 1 ? ' ' : '-').append(lines.get(i));
            b.append(i == lines.size() - 1 ? "" : "\r\n");
        }
        return say(b.toString());
    }

    private boolean logIn(String line) throws IOException {
        String[] words = line.split(" ");
        String user = script.user.orElseThrow();
        String right =
                switch (words[1]) {
                    case "PLAIN" -> base64("\0" + user + "\0" + script.secret);
                    case "XOAUTH2" -> base64("user=" + user + "\u0001auth=Bearer " + script.secret + "\u0001\u0001");
                    default -> base64(user) + " " + base64(script.secret);
                };
        String said = words.length > 2 ? words[2] : "";
        if (words[1].equals("LOGIN")) {
            say("334 VXNlcm5hbWU6");
            said = wire.line();
            say("334 UGFzc3dvcmQ6");
            said += " " + wire.line();
        }
        loggedIn = said.equals(right);
        if (!loggedIn && words[1].equals("XOAUTH2")) {
            say("334 eyJzdGF0dXMiOiI0MDEifQ==");
            wire.line();
        }
        return say(loggedIn ? "235 2.7.0 welcome" : "535 5.7.8 wrong");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean startTls() throws IOException {
        if (script.tls.isEmpty() || tls.isPresent()) {
            return say("502 5.5.1 no STARTTLS here");
        }
        say("220 2.0.0 go ahead");
        Rest rest = visit(Moment.HANDSHAKE, "");
        if (rest != Rest.USUAL) {
            return rest == Rest.DONE;
        }
        secure();
        // RFC 3207 4.2: what was said in clear is forgotten.
        helo = "";
        esmtp = false;
        forgetTransaction();
        return true;
    }

    private void secure() throws IOException {
        SSLSocket secure =
                (SSLSocket) script.tls.get().getSocketFactory().createSocket(socket, script.name, script.port, true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        tls = Optional.of(
                secure.getSession().getProtocol() + " " + secure.getSession().getCipherSuite());
        serverName = ((ExtendedSSLSession) secure.getSession())
                .getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(n -> ((SNIHostName) n).getAsciiName())
                        .findFirst();
        socket = secure;
        wire = new FakeMxWire(secure);
    }

    private boolean mail(String line) throws IOException {
        if (helo.isEmpty() || from.isPresent()) {
            return say("503 5.5.1 MAIL out of order");
        }
        if (mx.isOverRate() || (script.maxMessagesPerConnection > 0 && transaction > script.maxMessagesPerConnection)) {
            say(script.limitReply);
            return !script.limitReply.startsWith("421");
        }
        FakeMxPath command = FakeMxPath.of(line, "MAIL FROM:");
        Optional<String> path = command.path();
        Optional<String> bad = badParameter(command);
        if (path.isEmpty() || bad.isPresent()) {
            return say(bad.map(p -> "555 5.5.4 parameter not understood: " + p).orElse("501 5.5.4 bad path"));
        }
        for (FakeMxBuilder.Refusal<String> refusal : script.senders) {
            if (refusal.which().test(path.get())) {
                return say(refusal.reply());
            }
        }
        from = path;
        mailParameters = command.parameters();
        return say("250 2.1.0 sender ok");
    }

    private boolean rcpt(String line) throws IOException {
        if (from.isEmpty()) {
            return say("503 5.5.1 RCPT before MAIL");
        }
        FakeMxPath command = FakeMxPath.of(line, "RCPT TO:");
        Optional<String> path = command.path();
        Optional<String> bad = badParameter(command);
        if (path.isEmpty() || bad.isPresent()) {
            return say(bad.map(p -> "555 5.5.4 parameter not understood: " + p).orElse("501 5.5.4 bad path"));
        }
        for (FakeMxBuilder.Refusal<String> refusal : script.recipients) {
            if (refusal.which().test(path.get())) {
                return say(refusal.reply());
            }
        }
        if (mx.isGreylisted(client.getAddress().getHostAddress(), from.get(), path.get())) {
            return say(script.greylistReply);
        }
        if (script.maxRecipients > 0 && recipients.size() >= script.maxRecipients) {
            return say("452 4.5.3 too many recipients");
        }
        recipients.add(new ReceivedMessage.Rcpt(path.get(), command.parameters()));
        return say("250 2.1.5 recipient ok");
    }

    private boolean data() throws IOException {
        if (recipients.isEmpty()) {
            return say("503 5.5.1 no valid recipients");
        }
        say("354 go ahead");
        wire.fill();
        Rest rest = visit(Moment.CONTENT, "");
        if (rest == Rest.DONE) {
            wire.drain();
        }
        return rest == Rest.USUAL && taken(wire.content(), false);
    }

    private boolean bdat(String line) throws IOException {
        if (recipients.isEmpty()) {
            wire.octets(chunkSize(line));
            return say("503 5.5.1 no valid recipients");
        }
        int size = chunkSize(line);
        if (size > 0) {
            wire.fill();
        }
        Rest rest = visit(Moment.CONTENT, "");
        if (rest == Rest.DONE) {
            wire.drain();
        }
        if (rest != Rest.USUAL) {
            return false;
        }
        chunks.write(wire.octets(size));
        if (!line.toUpperCase(Locale.ROOT).endsWith(" LAST")) {
            return say("250 2.0.0 chunk ok");
        }
        return taken(chunks.toByteArray(), true);
    }

    private static int chunkSize(String line) throws IOException {
        try {
            return Integer.parseInt(line.split(" +")[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("bad BDAT: " + line, e);
        }
    }

    private boolean taken(byte[] content, boolean chunked) throws IOException {
        Rest rest = visit(Moment.DOT, "");
        if (rest != Rest.USUAL) {
            forgetTransaction();
            return rest == Rest.DONE;
        }
        ReceivedMessage message = new ReceivedMessage(
                helo,
                esmtp,
                from.orElse(""),
                mailParameters,
                recipients,
                content,
                chunked,
                tls,
                serverName,
                client.getAddress().getHostAddress() + ":" + client.getPort(),
                number,
                script.clock.instant());
        String max = script.extensions.getOrDefault("SIZE", "");
        if (!max.isEmpty() && Long.parseLong(max) > 0 && content.length > Long.parseLong(max)) {
            return reset("552 5.3.4 message too big");
        }
        for (FakeMxBuilder.Refusal<ReceivedMessage> refusal : script.contents) {
            if (refusal.which().test(message)) {
                return reset(refusal.reply());
            }
        }
        if (script.lmtp.isPresent()) {
            return answerEach(message);
        }
        mx.record(message);
        return reset(script.acceptReply);
    }

    /** RFC 2033 4.2 */
    private boolean answerEach(ReceivedMessage message) throws IOException {
        List<ReceivedMessage.Rcpt> all = List.copyOf(recipients);
        forgetTransaction();
        mx.record(message);
        for (ReceivedMessage.Rcpt r : all) {
            String reply = script.lmtp.orElseThrow().apply(r.address());
            if (!say(reply == null ? script.acceptReply : reply)) {
                return false;
            }
        }
        return true;
    }

    private boolean reset(String reply) throws IOException {
        forgetTransaction();
        return say(reply);
    }

    private void forgetTransaction() {
        from = Optional.empty();
        recipients.clear();
        chunks.reset();
    }

    private Optional<String> badParameter(FakeMxPath command) {
        return command.parameters().stream()
                .filter(p -> !esmtp || !FakeMxPath.isAllowed(p, this::isOffered))
                .findFirst();
    }

    private boolean isOffered(String extension) {
        return script.extensions.containsKey(extension)
                || (tls.isPresent() && script.tlsOnlyExtensions.equals(extension));
    }

    /** Lets the script's behaviours act. */
    private Rest visit(Moment moment, String line) throws IOException {
        silent = false;
        appendix = new byte[0];
        instead = Optional.empty();
        Visit visit = new Visit(moment, number, transaction, tls.isPresent(), line);
        for (Behaviour behaviour : script.behaviours.getOrDefault(moment, List.of())) {
            Optional<Act> act = behaviour.at(visit);
            if (act.isPresent()) {
                return act(act.get());
            }
        }
        return Rest.USUAL;
    }

    private Rest act(Act act) throws IOException {
        if (act instanceof Act.Reply reply) {
            say(reply.text());
            return reply.text().startsWith("421") ? Rest.CLOSE : Rest.DONE;
        } else if (act instanceof Act.Raw raw) {
            wire.say(raw.octets());
            return Rest.DONE;
        } else if (act instanceof Act.Both both) {
            Rest rest = act(both.first());
            return rest == Rest.CLOSE ? rest : act(both.second());
        } else if (act instanceof Act.UsualThenRaw raw) {
            appendix = raw.octets();
            return Rest.USUAL;
        } else if (act instanceof Act.UsualSaying usual) {
            instead = Optional.of(usual.text());
            return Rest.USUAL;
        } else if (act instanceof Act.UsualThenDrop) {
            silent = true;
            return Rest.USUAL;
        } else if (act instanceof Act.Reset) {
            socket.setSoLinger(true, 0);
            return Rest.CLOSE;
        } else if (act instanceof Act.Stall) {
            mx.pause(Duration.ofHours(1));
            return Rest.CLOSE;
        } else if (act instanceof Act.Endless endless) {
            while (true) {
                wire.say(endless.octets());
            }
        } else if (act instanceof Act.Delay delay) {
            mx.pause(delay.by());
            return delay.then().isPresent() ? act(delay.then().get()) : Rest.USUAL;
        }
        return Rest.CLOSE;
    }

    /** @return whether the connection goes on */
    private boolean say(String reply) throws IOException {
        if (silent) {
            return false;
        }
        if (!script.tarpit.isZero()) {
            mx.pause(script.tarpit);
        }
        byte[] line = (instead.orElse(reply) + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] octets = Arrays.copyOf(line, line.length + appendix.length);
        System.arraycopy(appendix, 0, octets, line.length, appendix.length);
        appendix = new byte[0];
        instead = Optional.empty();
        wire.say(octets);
        return true;
    }
}
