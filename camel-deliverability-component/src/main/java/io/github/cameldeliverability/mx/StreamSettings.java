package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.FallbackRule;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import io.github.cameldeliverability.suppression.SuppressionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** Makes a stream's configuration of its options; bad values and bad pairs are refused by name. */
final class StreamSettings {

    private static final String PEM = "-----BEGIN";

    private StreamSettings() {}

    static StreamConfig of(String name, MxConfiguration c, MailEngine engine, CamelContext context) throws IOException {
        if (c.getMaxAge() <= 0) {
            throw bad(name, "maxAge", c.getMaxAge() + " ms", "must be positive");
        }
        if (c.getMaxConnections() < 0) {
            throw bad(name, "maxConnections", c.getMaxConnections(), "must not be negative");
        }
        if (!(c.getMessageRate() >= 0)) {
            throw bad(name, "messageRate", c.getMessageRate(), "must not be negative");
        }
        if (c.getDailyCap() < 0) {
            throw bad(name, "dailyCap", c.getDailyCap(), "must not be negative");
        }
        if (c.getSmarthostQuota() != null
                && (c.getSmarthost() == null || c.getSmarthost().isBlank())) {
            throw new IllegalArgumentException(
                    "Stream " + name + ": smarthostQuota needs smarthost, the server whose quota it is");
        }
        Optional<EmailAddress> returnPath =
                Optional.ofNullable(c.getReturnPath()).map(r -> returnPath(name, r));
        if (Boolean.TRUE.equals(c.getVerp()) && returnPath.isEmpty()) {
            throw new IllegalArgumentException(
                    "Stream " + name + ": verp=true needs returnPath, the mailbox that takes the returned mail");
        }
        String list = c.getSuppressionList();
        boolean noList = list == null || list.isBlank() || list.equalsIgnoreCase("none");
        List<SourceAddress> sources = SourceSettings.sources(name, c);
        String ehloName = SourceSettings.ehloName(name, c, sources);
        if (c.getWeight() < 1) {
            throw bad(name, "weight", c.getWeight(), "must be at least 1");
        }
        List<MessageSigner> signers = signers(name, c, engine, context);
        Optional<UnsubscribeFields.Settings> unsubscribe =
                UnsubscribeFields.Settings.of(name, c, noList ? Optional.empty() : Optional.of(list));
        Optional<RecipientFields> fields =
                unsubscribe.isEmpty() ? Optional.empty() : Optional.of(engine.unsubscribe(unsubscribe.get()));
        return StreamConfig.defaults(name, ehloName).with(s -> s.sources(sources)
                .returnPath(returnPath)
                .verp(c.getVerp() == null ? returnPath.isPresent() : c.getVerp())
                .signers(signers)
                .tls(c.getTlsPolicy())
                .maxAge(Duration.ofMillis(c.getMaxAge()))
                .suppressionList(noList ? Optional.empty() : Optional.of(list))
                .recipientFields(fields)
                .suppressionScopes(scopes(name, c.getSuppressionScopes()))
                .suppressionChecks(checks(name, c))
                .priority(c.getPriority())
                .weight(c.getWeight())
                .allowPrivateAddresses(c.isAllowPrivateAddresses())
                .notifySender(c.getNotifySender())
                .fallback(fallback(name, c))
                .smarthost(SmarthostSettings.of(name, c)));
    }

    private static Optional<FallbackRule> fallback(String stream, MxConfiguration c) {
        boolean none = c.getFallback() == null || c.getFallback().isBlank();
        if (none && c.getFallbackOn() != null) {
            throw new IllegalArgumentException(
                    "Stream " + stream + ": fallbackOn needs fallback, the endpoint that gets what fails");
        }
        try {
            return none ? Optional.empty() : Optional.of(FallbackRule.parse(c.getFallbackOn()));
        } catch (IllegalArgumentException e) {
            throw bad(stream, "fallbackOn", c.getFallbackOn(), e.getMessage());
        }
    }

    private static Set<String> scopes(String stream, String more) {
        Set<String> scopes = new LinkedHashSet<>(List.of(Suppression.GLOBAL, Suppression.streamScope(stream)));
        try {
            scopes.addAll(SuppressionOptions.scopes(more));
        } catch (IllegalArgumentException e) {
            throw bad(stream, "suppressionScopes", more, e.getMessage());
        }
        return scopes;
    }

    private static SuppressionChecks checks(String stream, MxConfiguration c) {
        try {
            return SuppressionOptions.checks(c.getExempt(), c.getCanonical());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Stream " + stream + ": " + e.getMessage(), e);
        }
    }

    private static EmailAddress returnPath(String stream, String value) {
        try {
            return EmailAddress.parse(value);
        } catch (IllegalArgumentException e) {
            throw bad(stream, "returnPath", value, e.getMessage());
        }
    }

    private static List<MessageSigner> signers(
            String stream, MxConfiguration c, MailEngine engine, CamelContext context) throws IOException {
        List<MessageSigner> signers = new ArrayList<>();
        boolean any = c.getDkimDomain() != null || c.getDkimSelector() != null || c.getDkimKey() != null;
        boolean all = c.getDkimDomain() != null && c.getDkimSelector() != null && c.getDkimKey() != null;
        if (any && !all) {
            throw new IllegalArgumentException("Stream " + stream
                    + ": dkimDomain, dkimSelector and dkimKey belong together; one of them is missing");
        }
        if (all) {
            signers.add(
                    signer(stream, "dkimKey", c.getDkimDomain(), c.getDkimSelector(), c.getDkimKey(), engine, context));
        }
        if (c.getDkimSigners() != null) {
            for (String one : c.getDkimSigners().split(",")) {
                if (one.isBlank()) {
                    continue;
                }
                String[] parts = one.strip().split(":", 3);
                if (parts.length != 3) {
                    throw new IllegalArgumentException("Stream " + stream
                            + ": dkimSigners wants domain:selector:key, comma-separated; an entry has "
                            + parts.length + " parts");
                }
                signers.add(signer(stream, "dkimSigners", parts[0], parts[1], parts[2], engine, context));
            }
        }
        return signers;
    }

    private static MessageSigner signer(
            String stream,
            String option,
            String domain,
            String selector,
            String key,
            MailEngine engine,
            CamelContext context)
            throws IOException {
        String pem;
        if (key.strip().startsWith(PEM)) {
            pem = key;
        } else {
            String location = ResourceHelper.hasScheme(key) ? key : "file:" + key;
            try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
                pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new IOException(
                        "Stream " + stream + ": " + option + " of " + domain + " cannot be read from " + location, e);
            }
        }
        try {
            return engine.signer(domain, selector, pem);
        } catch (RuntimeException e) {
            // The message of a key parser names the fault, never the key.
            throw new IllegalArgumentException(
                    "Stream " + stream + ": " + option + " of " + domain + " (selector " + selector
                            + ") cannot be used: " + e.getMessage(),
                    e);
        }
    }

    static IllegalArgumentException bad(String stream, String option, Object value, String why) {
        return new IllegalArgumentException("Stream " + stream + ": " + option + "=" + value + ": " + why);
    }
}
