package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import java.util.Optional;

/** Tokens of the form {@code x+QUEUEID-ORDINAL-MAC@...} whose MAC is the hash of the recipient with a secret. */
public final class PlainTokens implements ReturnTokens {

    private final String secret;

    public PlainTokens(String secret) {
        this.secret = secret;
    }

    @Override
    public ReversePath mint(ReversePath base, String stream, RecipientKey key, EmailAddress recipient) {
        EmailAddress b = base.address().orElseThrow();
        return ReversePath.of(new EmailAddress(
                b.localPart() + "+" + key.queueId() + "-" + key.ordinal() + "-" + mac(key, recipient), b.domain()));
    }

    @Override
    public Optional<Token> read(EmailAddress returnedTo) {
        int plus = returnedTo.localPart().lastIndexOf('+');
        String[] parts = returnedTo.localPart().substring(plus + 1).split("-");
        return plus < 0 || parts.length != 3
                ? Optional.empty()
                : Optional.of(new Token(new RecipientKey(parts[0], Integer.parseInt(parts[1])), parts[2]));
    }

    @Override
    public boolean proves(Token token, EmailAddress recipient) {
        return token.mac().equals(mac(token.key(), recipient));
    }

    private String mac(RecipientKey key, EmailAddress recipient) {
        return Integer.toHexString((secret + key + recipient.key()).hashCode());
    }
}
