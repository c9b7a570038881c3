/**
 * The SMTP client: opens sessions with MX hosts and sends messages over them, one result a recipient.
 *
 * <p>Start with {@link io.github.cameldeliverability.smtp.NettySmtpConnector}. A session is born in {@code Opening}
 * (greeting, EHLO, STARTTLS), lives as {@code NettySmtpSession}, and each message is a {@code TransactionRun} that follows
 * a {@code TransactionPlan}. All of them talk through {@code Conversation}, which pairs replies with commands and turns
 * whatever goes wrong into one {@code Breakdown}.
 *
 * <p>Manners: everything of one connection happens on its event loop; callers' code never does. What a server says is a
 * value, a fault is a synthetic reply, and a connection that saw a fault is closed and never used again.
 *
 * <p>Must not be here: DNS, queues, retries, opinions about replies. No Netty type leaves this package.
 */
package io.github.cameldeliverability.smtp;
