package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import java.util.Optional;

/**
 * VERP with proof: reverse-paths that name message and recipient and cannot be forged (HMAC).
 *
 * <p>The MAC covers the recipient's address too, so whoever got one of our mails can speak for that recipient only.
 */
public interface ReturnTokens {

    /** The reverse-path for one recipient, {@code bounces+TOKEN@example.com}; the null path stays null. */
    ReversePath mint(ReversePath base, String stream, RecipientKey key, EmailAddress recipient);

    /** Takes the token out of an address that a report was sent to; says nothing yet of its worth. */
    Optional<Token> read(EmailAddress returnedTo);

    /** Whether the token was minted by us for this recipient. Constant time. */
    boolean proves(Token token, EmailAddress recipient);

    /** @param mac opaque */
    record Token(RecipientKey key, String mac) {}
}
