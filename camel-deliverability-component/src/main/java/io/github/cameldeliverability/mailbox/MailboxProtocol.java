package io.github.cameldeliverability.mailbox;

/** How to speak to the mail server. */
public enum MailboxProtocol {
    /** IMAP inside TLS (RFC 8314 3.2). */
    IMAPS("imaps", 993),
    /** IMAP, in the clear unless STARTTLS is asked for. */
    IMAP("imap", 143),
    /** POP3 inside TLS (RFC 8314 3.1). */
    POP3S("pop3s", 995),
    /** POP3, in the clear unless STARTTLS is asked for. */
    POP3("pop3", 110);

    private final String id;
    private final int port;

    MailboxProtocol(String id, int port) {
        this.id = id;
        this.port = port;
    }

    String id() {
        return id;
    }

    int port() {
        return port;
    }

    boolean isPop3() {
        return this == POP3 || this == POP3S;
    }
}
