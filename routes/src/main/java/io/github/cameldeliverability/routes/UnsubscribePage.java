package io.github.cameldeliverability.routes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * The page behind a link of List-Unsubscribe, in the browser's language. Before the click (GET, HEAD) it asks, after it
 * (POST) it says what was done; a link that is forged or too old is told politely, with status 403 or 410.
 *
 * <p>Reads the header {@code CamelSuppressionTokenState} and the request's method and {@code Accept-Language}; sets status,
 * headers and body. One document without scripts, pictures or anything from elsewhere. Thread-safe.
 */
public class UnsubscribePage implements Processor {

    private static final String BUNDLE = "camel-deliverability.unsubscribe-page";

    private static final List<String> LANGUAGES = List.of("en", "ru", "uk", "de", "fr", "es");

    private static final String STYLE =
            "body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#f4f5f7}"
                    + "main{max-width:32rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.75rem}"
                    + "h1{margin:0 0 1rem;font-size:1.5rem}"
                    + "button{font:inherit;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:#0b57d0;color:#fff;cursor:pointer}"
                    + "button:focus-visible{outline:3px solid #1a1a1a;outline-offset:3px}"
                    + "@media(prefers-color-scheme:dark){body{background:#121212;color:#eee}main{background:#1e1e1e}"
                    + "button{background:#a8c7fa;color:#062e6f}button:focus-visible{outline-color:#eee}}";

    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Override
    public void process(Exchange exchange) {
        Message m = exchange.getMessage();
        boolean post = "POST".equalsIgnoreCase(m.getHeader(Exchange.HTTP_METHOD, String.class));
        String state = m.getHeader("CamelSuppressionTokenState", "forged", String.class);
        String language = language(m.getHeader("Accept-Language", String.class));
        ResourceBundle texts = ResourceBundle.getBundle(
                BUNDLE, Locale.forLanguageTag(language), UnsubscribePage.class.getClassLoader(), NO_FALLBACK);
        String said =
                switch (state) {
                    case "valid" -> post ? "done" : "ask";
                    case "expired" -> "expired";
                    case "incomplete" -> "incomplete";
                    default -> "forged";
                };
        int status =
                switch (said) {
                    case "expired" -> 410;
                    case "forged" -> 403;
                    case "incomplete" -> 400;
                    default -> 200;
                };
        // Nothing of the request or of the list goes out again.
        m.removeHeaders("*");
        m.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        m.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
        m.setHeader("Content-Language", language);
        m.setHeader("Vary", "Accept-Language");
        m.setHeader("Content-Security-Policy", POLICY);
        m.setHeader("Cache-Control", "no-store");
        // The address bar holds the token.
        m.setHeader("Referrer-Policy", "no-referrer");
        m.setHeader("X-Content-Type-Options", "nosniff");
        m.setHeader("X-Robots-Tag", "noindex, nofollow");
        m.setBody(page(language, texts, said).getBytes(StandardCharsets.UTF_8));
    }

    private static String page(String language, ResourceBundle texts, String said) {
        StringBuilder b = new StringBuilder(2_000)
                .append("<!DOCTYPE html>\n<html lang=\"")
                .append(language)
                .append("\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(texts.getString(said + ".title"))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(texts.getString(said + ".title"))
                .append("</h1>\n<p role=\"status\">")
                .append(texts.getString(said + ".text"))
                .append("</p>\n");
        if (said.equals("ask")) {
            // Without an action the form is posted to the page's own address, which holds the token. RFC 8058 3.2: the
            // same field as a mail provider posts.
            b.append("<form method=\"post\">\n<input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\n")
                    .append("<button type=\"submit\" id=\"unsubscribe\">")
                    .append(texts.getString("ask.button"))
                    .append("</button>\n</form>\n");
        }
        return b.append("</main>\n</body>\n</html>\n").toString();
    }

    /** The best of ours for what the browser asks for; English for what we do not have or cannot read. */
    static String language(String accepted) {
        if (accepted == null || accepted.length() > 500) {
            return "en";
        }
        try {
            String found = Locale.lookupTag(Locale.LanguageRange.parse(accepted), LANGUAGES);
            return found == null ? "en" : found;
        } catch (IllegalArgumentException e) {
            return "en";
        }
    }

    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
