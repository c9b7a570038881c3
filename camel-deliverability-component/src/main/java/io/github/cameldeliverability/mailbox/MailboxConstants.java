package io.github.cameldeliverability.mailbox;

import org.apache.camel.spi.Metadata;

/** Headers of the {@code mailbox} endpoint. */
public final class MailboxConstants {

    @Metadata(label = "consumer", description = "The folder that the mail was in.", javaType = "String")
    public static final String FOLDER = "CamelMailboxFolder";

    @Metadata(label = "consumer", description = "The mail's UID (IMAP) or UIDL (POP3).", javaType = "String")
    public static final String ID = "CamelMailboxId";

    @Metadata(label = "consumer", description = "How large the mail is on the server, in octets.", javaType = "Long")
    public static final String SIZE = "CamelMailboxSize";

    @Metadata(
            label = "consumer",
            description = "True where the mail is larger than maxSize and the body is only its beginning; else absent.",
            javaType = "Boolean")
    public static final String TRUNCATED = "CamelMailboxTruncated";

    @Metadata(
            label = "consumer",
            description = "The hash of the mail's content by which it is told apart from others.",
            javaType = "String")
    public static final String HASH = "CamelMailboxHash";

    @Metadata(
            label = "consumer",
            description = "Set it in the route: HANDLED (which is meant where it is absent), QUARANTINE or ORDINARY.",
            javaType = "String")
    public static final String DISPOSAL = "CamelMailboxDisposal";

    private MailboxConstants() {}
}
