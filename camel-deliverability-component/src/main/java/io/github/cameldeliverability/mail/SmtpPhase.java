package io.github.cameldeliverability.mail;

/** The step of an SMTP session that a reply answers, in the order of the session. */
public enum SmtpPhase {
    /** Finding the destination's hosts. */
    DNS,
    /** Opening the TCP connection. */
    CONNECT,
    /** The banner. */
    GREETING,
    EHLO,
    STARTTLS,
    AUTH,
    MAIL,
    RCPT,
    /** The DATA command, before any content. */
    DATA,
    /** The content and its end: the final dot, or the last BDAT chunk. */
    DOT,
    RSET,
    QUIT
}
