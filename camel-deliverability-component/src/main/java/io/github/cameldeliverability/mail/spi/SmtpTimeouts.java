package io.github.cameldeliverability.mail.spi;

import java.time.Duration;

/**
 * How long each step of a session may take. {@link #DEFAULT} holds the minima of RFC 5321 4.5.3.2.
 *
 * @param connect for the TCP connection
 * @param greeting until the banner is complete
 * @param command for EHLO, STARTTLS, MAIL, RCPT, RSET
 * @param data for the reply to DATA
 * @param dataBlock for each piece of the content to be taken by the network
 * @param dataDone for the reply to the final dot
 * @param quit for the reply to QUIT
 */
public record SmtpTimeouts(
        Duration connect,
        Duration greeting,
        Duration command,
        Duration data,
        Duration dataBlock,
        Duration dataDone,
        Duration quit) {

    public static final SmtpTimeouts DEFAULT = new SmtpTimeouts(
            // RFC 5321 names no connect timeout; 30 s is what operators use.
            Duration.ofSeconds(30),
            Duration.ofMinutes(5), // RFC 5321 4.5.3.2.1
            Duration.ofMinutes(5), // RFC 5321 4.5.3.2.2, .3
            Duration.ofMinutes(2), // RFC 5321 4.5.3.2.4
            Duration.ofMinutes(3), // RFC 5321 4.5.3.2.5
            Duration.ofMinutes(10), // RFC 5321 4.5.3.2.6
            Duration.ofSeconds(5));

    /** All steps bounded by {@code limit}, for tests and one-shot tools. */
    public SmtpTimeouts atMost(Duration limit) {
        return new SmtpTimeouts(
                min(connect, limit),
                min(greeting, limit),
                min(command, limit),
                min(data, limit),
                min(dataBlock, limit),
                min(dataDone, limit),
                min(quit, limit));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
