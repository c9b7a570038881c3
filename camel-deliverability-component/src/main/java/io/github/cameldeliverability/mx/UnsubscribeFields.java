package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.token.LinkToken;
import io.github.cameldeliverability.token.LinkTokens;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** List-Unsubscribe and List-Unsubscribe-Post for each recipient of a stream. Thread-safe. */
final class UnsubscribeFields implements RecipientFields {

    /**
     * What a stream says of it.
     *
     * @param stream its name
     * @param list the suppression list
     * @param url where the page is; the token is added as the parameter {@code t}
     * @param mailto the mailbox for those who unsubscribe by mail; a return token is added
     * @param scope what the recipient is taken off
     * @param validity how long a link works
     */
    record Settings(
            String stream,
            String list,
            Optional<URI> url,
            Optional<EmailAddress> mailto,
            String scope,
            Duration validity) {

        /** Empty if the stream wants none. @throws IllegalArgumentException that names the option */
        static Optional<Settings> of(String stream, MxConfiguration c, Optional<String> list) {
            if (c.getUnsubscribeUrl() == null && c.getUnsubscribeMailto() == null) {
                return Optional.empty();
            }
            String problem = "Stream " + stream + ": ";
            if (list.isEmpty()) {
                throw new IllegalArgumentException(problem
                        + "unsubscribeUrl and unsubscribeMailto need a suppressionList that remembers who left");
            }
            if (c.getUnsubscribeValidity() <= 0) {
                throw new IllegalArgumentException(problem + "unsubscribeValidity must be positive");
            }
            String scope = c.getUnsubscribeScope();
            try {
                return Optional.of(new Settings(
                        stream,
                        list.get(),
                        Optional.ofNullable(c.getUnsubscribeUrl()).map(UnsubscribeFields::url),
                        Optional.ofNullable(c.getUnsubscribeMailto()).map(EmailAddress::parse),
                        scope == null ? Suppression.streamScope(stream) : Suppression.checkScope(scope),
                        Duration.ofMillis(c.getUnsubscribeValidity())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(problem + "unsubscribe options: " + e.getMessage(), e);
            }
        }
    }

    private final Settings settings;
    private final LinkTokens links;
    private final ReturnTokens returns;
    private final Clock clock;

    UnsubscribeFields(Settings settings, LinkTokens links, ReturnTokens returns, Clock clock) {
        this.settings = settings;
        this.links = links;
        this.returns = returns;
        this.clock = clock;
    }

    @Override
    public byte[] fields(WireMessage message, RecipientKey key, EmailAddress recipient) {
        if (message.hasField("List-Unsubscribe")) {
            return new byte[0];
        }
        List<String> targets = new ArrayList<>();
        settings.url()
                .ifPresent(url -> targets.add("<" + url + (url.getRawQuery() == null ? "?t=" : "&t=")
                        + links.mint(new LinkToken(
                                LinkToken.Purpose.UNSUBSCRIBE,
                                settings.list(),
                                settings.scope(),
                                recipient,
                                clock.instant().plus(settings.validity())))
                        + ">"));
        settings.mailto()
                .ifPresent(base -> targets.add("<mailto:"
                        + returns.mint(ReversePath.of(base), settings.stream(), key, recipient)
                                .address()
                                .orElseThrow()
                        + "?subject=unsubscribe>"));
        StringBuilder fields = new StringBuilder("List-Unsubscribe: ")
                .append(String.join(",\r\n ", targets))
                .append("\r\n");
        if (settings.url().isPresent()) {
            // RFC 8058 3.1: this field, and one HTTPS URI in the other, offer the one click.
            fields.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        }
        return fields.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static URI url(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("unsubscribeUrl is no URL: " + text, e);
        }
        boolean own = "http".equals(url.getScheme())
                && ("localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost()));
        // RFC 8058 3.1: the URI must be HTTPS. Mail programs offer no click for another one.
        if (url.getHost() == null || !("https".equals(url.getScheme()) || own) || url.getRawFragment() != null) {
            throw new IllegalArgumentException("unsubscribeUrl=" + text
                    + ": want https://HOST/PATH (http only for localhost), without a fragment");
        }
        return url;
    }
}
