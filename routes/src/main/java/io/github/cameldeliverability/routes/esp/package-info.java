/**
 * What sending services (ESPs) post of the mails that went through them: each request is checked, read, and becomes feedback
 * that the same policy applies as for returned mail.
 *
 * <p>Start with {@link io.github.cameldeliverability.routes.esp.EspIntake}; {@link
 * io.github.cameldeliverability.routes.esp.EspService} lists the services, and each has a class that knows its signature and
 * its form.
 *
 * <p>Must not be here: rules that judge texts, suppression lists.
 */
package io.github.cameldeliverability.routes.esp;
