package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.Smarthost.Login;
import io.github.cameldeliverability.mail.Smarthost.Mechanism;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One login's words: the AUTH command, and what is said to each challenge (RFC 4954 4). Not thread-safe. */
final class Authentication {

    /** RFC 4954 4: cancels the exchange; for a challenge that we have no answer to. */
    private static final String CANCEL = "*";

    private final String command;
    private final String shown;
    private final Deque<String> responses;

    private Authentication(String mechanism, String initial, String... responses) {
        this.command = "AUTH " + mechanism + initial;
        this.shown = "AUTH " + mechanism;
        this.responses = new ArrayDeque<>(List.of(responses));
    }

    /** Empty where the server offers no mechanism that the login can use. */
    static Optional<Authentication> of(Login login, Extensions server) {
        List<String> offered = server.mechanisms();
        if (login.mechanism() == Mechanism.XOAUTH2) {
            String token = "user=" + login.username() + "\u0001auth=Bearer " + login.secret() + "\u0001\u0001";
            // A failure comes as a challenge that wants an empty answer before the 535.
            return offered.contains("XOAUTH2")
                    ? Optional.of(new Authentication("XOAUTH2", " " + base64(token), ""))
                    : Optional.empty();
        }
        if (offered.contains("PLAIN")) {
            // RFC 4616 2: authorization identity (none), NUL, user, NUL, password.
            String plain = base64("\0" + login.username() + "\0" + login.secret());
            return Optional.of(new Authentication("PLAIN", " " + plain));
        }
        return offered.contains("LOGIN")
                ? Optional.of(new Authentication("LOGIN", "", base64(login.username()), base64(login.secret())))
                : Optional.empty();
    }

    String command() {
        return command;
    }

    /** The command without secrets. */
    String shown() {
        return shown;
    }

    /** The answer to the next challenge. */
    String respond() {
        String next = responses.poll();
        return next == null ? CANCEL : next;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
