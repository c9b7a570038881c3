/**
 * Tells CRMs and mail services whom not to mail, and reads from them whom they do not mail.
 *
 * <p>A system is a YAML file ({@code camel-deliverability/crm}), read by {@link
 * io.github.cameldeliverability.crm.format.SystemReader}; start with {@link
 * io.github.cameldeliverability.crm.format.SystemDescription}. {@link io.github.cameldeliverability.crm.CrmSink} is the
 * processor inside the kamelets. {@code format} is the language of the descriptions, {@code http} makes calls, {@code push}
 * writes, {@code pull} reads.
 *
 * <p>Must not be here: anything about one system, which is data; anything about mail.
 */
package io.github.cameldeliverability.crm;
