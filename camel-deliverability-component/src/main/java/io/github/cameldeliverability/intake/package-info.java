/**
 * What comes back, brought home: a returned mail is tied to a message of ours, and a policy says what that does to a
 * suppression list.
 *
 * <p>Start with {@link io.github.cameldeliverability.intake.Correlator} (whose mail is it, and is that proven), then
 * {@link io.github.cameldeliverability.intake.SuppressionPolicy} (what follows from it; pure) and {@link
 * io.github.cameldeliverability.intake.SuppressionIntake} (which writes it down). Refusals inside a session take the same
 * way as mails that come back later, so a CRM has one source.
 *
 * <p>Must not be here: MIME, rules that judge texts, Camel, JDBC.
 */
package io.github.cameldeliverability.intake;
