package io.github.cameldeliverability.mailbox;

/**
 * A mail as it was taken from the server.
 *
 * @param id its UID (RFC 3501 2.3.1.1) or UIDL (RFC 1939 7)
 * @param content its bytes as received, or their beginning
 * @param size how large it is on the server, in octets
 */
record RemoteMail(String id, byte[] content, long size, boolean truncated) {}
