package io.github.cameldeliverability.testkit;

/** The points of a session at which a {@link FakeMx} can be told to do something else than usual. */
public enum Moment {
    /** A client has connected; usually answered by the greeting. */
    GREETING,
    EHLO,
    HELO,
    STARTTLS,
    /** After the 220 to STARTTLS, before the TLS handshake. */
    HANDSHAKE,
    MAIL,
    RCPT,
    DATA,
    /** BDAT was read, its chunk was not. */
    BDAT,
    /** The first octets of the content are in. Seen only by content of more than a few KB. */
    CONTENT,
    /** The end of the content is in; usually answered by 250, and the message recorded. */
    DOT,
    RSET,
    NOOP,
    QUIT
}
