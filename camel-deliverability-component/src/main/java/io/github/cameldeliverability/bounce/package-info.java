/**
 * The {@code bounce} endpoint: reads any returned mail, report or SMTP reply and says what it means.
 *
 * <p>Start with {@link io.github.cameldeliverability.bounce.BounceEndpoint}; {@link
 * io.github.cameldeliverability.bounce.BounceProducer} is the way of one mail.
 *
 * <p>Must not be here: MIME (room {@code feedback}), rules (room {@code verdict}), correlation (room {@code intake}).
 */
package io.github.cameldeliverability.bounce;
