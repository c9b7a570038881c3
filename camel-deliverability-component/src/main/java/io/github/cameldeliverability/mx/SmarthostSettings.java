package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.Smarthost.Login;
import io.github.cameldeliverability.mail.Smarthost.Protocol;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a stream's smarthost of its options; bad values and bad pairs are refused by name. */
final class SmarthostSettings {

    private static final Pattern FORM = Pattern.compile(
            "(?:(smtps?|lmtp)://)?(\\[[0-9a-f:.]+]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?)(?::([0-9]{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private SmarthostSettings() {}

    static Optional<Smarthost> of(String stream, MxConfiguration c) {
        String stated = c.getSmarthost();
        boolean user = c.getSmarthostUsername() != null;
        boolean password = c.getSmarthostPassword() != null;
        if (stated == null || stated.isBlank()) {
            if (user || password || c.getSmarthostTls() != null) {
                throw new IllegalArgumentException(
                        "Stream " + stream
                                + ": smarthostUsername, smarthostPassword and smarthostTls need smarthost, the server they are for");
            }
            return Optional.empty();
        }
        if (user != password) {
            throw new IllegalArgumentException(
                    "Stream " + stream + ": smarthostUsername and smarthostPassword belong together; one is missing");
        }
        Matcher m = FORM.matcher(stated.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("Stream " + stream + ": smarthost=" + stated
                    + ": wanted host:port, smtp://host:port, smtps://host:port or lmtp://host:port");
        }
        Protocol protocol =
                m.group(1) == null ? Protocol.SMTP : Protocol.valueOf(m.group(1).toUpperCase(Locale.ROOT));
        TlsPolicy usual = user || protocol == Protocol.SMTPS ? TlsPolicy.VERIFY : TlsPolicy.OPPORTUNISTIC;
        try {
            return Optional.of(new Smarthost(
                    host(m.group(2)),
                    m.group(3) == null ? port(protocol) : Integer.parseInt(m.group(3)),
                    protocol,
                    c.getSmarthostTls() == null ? usual : c.getSmarthostTls(),
                    user
                            ? Optional.of(
                                    new Login(c.getSmarthostUsername(), c.getSmarthostPassword(), c.getSmarthostAuth()))
                            : Optional.empty()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Stream " + stream + ": smarthost=" + stated + ": " + e.getMessage(), e);
        }
    }

    /** Addresses as the engine wants them: as literals. */
    private static String host(String stated) {
        if (stated.startsWith("[")) {
            return stated.indexOf(':') < 0 ? stated : "[ipv6:" + stated.substring(1);
        }
        return IPV4.matcher(stated).matches() ? "[" + stated + "]" : stated;
    }

    private static int port(Protocol protocol) {
        return switch (protocol) {
            case SMTP -> 587; // RFC 6409 3.1
            case SMTPS -> 465; // RFC 8314 7.3
            case LMTP -> 24; // the port that IANA lists for private mail systems; RFC 2033 5 forbids 25
        };
    }
}
