/**
 * The quickstart: a campaign of 2,000 mails, what comes back, and the CRM, on an embedded internet.
 *
 * <p>The routes are in {@code src/main/resources/camel}: copy them. Start with {@link
 * io.github.cameldeliverability.examples.quickstart.Quickstart}; {@link
 * io.github.cameldeliverability.examples.quickstart.Scenery} is the world around, which in production is the real one.
 */
package io.github.cameldeliverability.examples.quickstart;
