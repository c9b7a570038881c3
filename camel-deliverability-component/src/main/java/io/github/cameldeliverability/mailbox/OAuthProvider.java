package io.github.cameldeliverability.mailbox;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Who issues the tokens that replace a password, with what is usual there. */
public enum OAuthProvider {
    /**
     * Microsoft 365 (learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth"): an application with
     * the permission IMAP.AccessAsApp and a secret, or a user's refresh token.
     */
    MICROSOFT,
    /** Gmail and Google Workspace (developers.google.com, "OAuth 2.0 Mechanism"): a user's refresh token. */
    GOOGLE,
    /** Any other. */
    CUSTOM;

    /** The token endpoint: the option, else the usual one. */
    URI tokenUrl(MailboxConfiguration c) {
        if (c.getOauth2TokenUrl() != null && !c.getOauth2TokenUrl().isBlank()) {
            return URI.create(c.getOauth2TokenUrl());
        }
        return switch (this) {
            case MICROSOFT ->
                URI.create("https://login.microsoftonline.com/"
                        + URLEncoder.encode(c.getOauth2Tenant(), StandardCharsets.UTF_8) + "/oauth2/v2.0/token");
            case GOOGLE -> URI.create("https://oauth2.googleapis.com/token");
            case CUSTOM -> throw new IllegalArgumentException("mailbox: oauth2=CUSTOM needs oauth2TokenUrl");
        };
    }

    /** What is asked for: the option, else the usual scope; empty where the refresh token says it all. */
    String scope(MailboxConfiguration c) {
        if (c.getOauth2Scope() != null && !c.getOauth2Scope().isBlank()) {
            return c.getOauth2Scope();
        }
        boolean user = c.getOauth2RefreshToken() != null;
        return switch (this) {
            case MICROSOFT ->
                user
                        ? "https://outlook.office.com/"
                                + (c.getProtocol().isPop3() ? "POP" : "IMAP")
                                + ".AccessAsUser.All offline_access"
                        : "https://outlook.office365.com/.default";
            // RFC 6749 6: without a scope a refresh token gives what it gave before.
            case GOOGLE, CUSTOM -> "";
        };
    }

    /** @throws IllegalArgumentException naming the options that are missing */
    void check(MailboxConfiguration c) {
        require(c.getOauth2ClientId(), "oauth2ClientId");
        if (this == MICROSOFT && c.getOauth2TokenUrl() == null) {
            require(c.getOauth2Tenant(), "oauth2Tenant (or oauth2TokenUrl)");
        }
        if (this == GOOGLE) {
            require(c.getOauth2RefreshToken(), "oauth2RefreshToken");
        }
        if (c.getOauth2RefreshToken() == null) {
            require(c.getOauth2ClientSecret(), "oauth2ClientSecret or oauth2RefreshToken");
        }
        URI url = tokenUrl(c);
        if (url.getHost() == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            throw new IllegalArgumentException("mailbox: oauth2TokenUrl must be an https address: " + url);
        }
        boolean loopback = url.getHost().equals("localhost") || url.getHost().startsWith("127.");
        if (!"https".equals(url.getScheme()) && !loopback) {
            throw new IllegalArgumentException(
                    "mailbox: oauth2TokenUrl must be https, or secrets would be sent in the clear: " + url);
        }
    }

    private void require(String value, String option) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("mailbox: oauth2=" + this + " needs " + option);
        }
    }
}
