package io.github.cameldeliverability.routes.esp;

/** The sending services whose events are understood. */
public enum EspService {
    /** The secret is the public verification key. */
    SENDGRID,
    /** The secret is the HTTP webhook signing key. */
    MAILGUN,
    /** Amazon SES through SNS; the secret is the ARN of the topic. */
    SES,
    /** The secret is USER:PASSWORD, or the token in the header X-Webhook-Token. */
    POSTMARK,
    /** The secret is USER:PASSWORD, or a bearer token. */
    SPARKPOST,
    /** The secret is USER:PASSWORD, or a bearer token. */
    BREVO,
    /** Mailchimp Transactional; the secret is the webhook's key, and url is needed. */
    MANDRILL,
    /** UniSender Go, UniOne; the secret is the API key. */
    UNISENDER_GO;

    /** What signs and reads its requests. */
    EspFormat format() {
        return switch (this) {
            case SENDGRID -> new SendGridEvents();
            case MAILGUN -> new MailgunEvents();
            case SES -> new SesEvents();
            case POSTMARK -> new PostmarkEvents();
            case SPARKPOST -> new SparkPostEvents();
            case BREVO -> new BrevoEvents();
            case MANDRILL -> new MandrillEvents();
            case UNISENDER_GO -> new UniSenderGoEvents();
        };
    }

    /** The name for people and records, {@code unisender-go}. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
