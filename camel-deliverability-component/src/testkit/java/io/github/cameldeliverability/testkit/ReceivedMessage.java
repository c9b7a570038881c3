package io.github.cameldeliverability.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message that a {@link FakeMx} has accepted.
 *
 * @param helo the client's name
 * @param esmtp whether it came by EHLO
 * @param from the reverse-path without brackets, empty for the null path
 * @param mailParameters of MAIL, as sent: {@code SIZE=120}
 * @param recipients the accepted ones, in order
 * @param content without dot-stuffing and without the final dot; do not change
 * @param chunked whether it came by BDAT
 * @param tls protocol and cipher, empty in clear
 * @param serverName the name that the client asked for in the TLS handshake
 * @param client the client's address and port
 * @param connection the number of the connection, from 1
 * @param at when it was accepted
 */
public record ReceivedMessage(
        String helo,
        boolean esmtp,
        String from,
        List<String> mailParameters,
        List<Rcpt> recipients,
        byte[] content,
        boolean chunked,
        Optional<String> tls,
        Optional<String> serverName,
        String client,
        int connection,
        Instant at) {

    /** @param parameters of RCPT, as sent: {@code NOTIFY=NEVER} */
    public record Rcpt(String address, List<String> parameters) {
        public Rcpt {
            parameters = List.copyOf(parameters);
        }
    }

    public ReceivedMessage {
        mailParameters = List.copyOf(mailParameters);
        recipients = List.copyOf(recipients);
    }

    /** The addresses of the recipients. */
    public List<String> to() {
        return recipients.stream().map(Rcpt::address).toList();
    }

    /** The content as text; octets above 127 are read as UTF-8. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
