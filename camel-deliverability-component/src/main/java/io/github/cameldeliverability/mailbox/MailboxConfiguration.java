package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.mx.SharedStores;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;

/** The options of the {@code mailbox} endpoint. */
@Configurer
@UriParams
public class MailboxConfiguration implements Cloneable {

    /** RFC 2177 3: a client should begin anew at least every 29 minutes. */
    private static final long LONGEST_IDLE = 29L * 60 * 1000;

    @UriParam(label = "consumer", defaultValue = "IMAPS")
    private MailboxProtocol protocol = MailboxProtocol.IMAPS;

    @UriParam(label = "consumer")
    @Metadata(required = true)
    private String username;

    @UriParam(label = "consumer,security", secret = true)
    private String password;

    @UriParam(label = "consumer", defaultValue = "INBOX")
    private String folder = "INBOX";

    @UriParam(label = "consumer", defaultValue = "true")
    private boolean idle = true;

    @UriParam(label = "consumer", defaultValue = "MOVE")
    private AfterHandling afterHandling = AfterHandling.MOVE;

    @UriParam(label = "consumer", defaultValue = "Handled")
    private String handledFolder = "Handled";

    @UriParam(label = "consumer", defaultValue = "Quarantine")
    private String quarantineFolder = "Quarantine";

    @UriParam(label = "consumer", defaultValue = "Ordinary")
    private String ordinaryFolder = "Ordinary";

    @UriParam(label = "consumer", defaultValue = "false")
    private boolean deleteHandled = false;

    @UriParam(label = "consumer", defaultValue = SharedStores.DEFAULT_STORE)
    private String store = SharedStores.DEFAULT_STORE;

    @UriParam(label = "consumer", defaultValue = "200")
    private int batchSize = 200;

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean idempotent = true;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "90d")
    private long forgetAfter = 90L * 24 * 3600 * 1000;

    @UriParam(label = "consumer,advanced", defaultValue = "3")
    private int maxAttempts = 3;

    @UriParam(label = "consumer,advanced", defaultValue = "10485760")
    private int maxSize = 10 * 1024 * 1024;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "5m")
    private long idleRenewal = 5L * 60 * 1000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "30s")
    private long connectTimeout = 30_000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "60s")
    private long timeout = 60_000;

    @UriParam(label = "consumer,security", defaultValue = "false")
    private boolean startTls = false;

    @UriParam(label = "consumer,security")
    private OAuthProvider oauth2;

    @UriParam(label = "consumer,security")
    private String oauth2Tenant;

    @UriParam(label = "consumer,security")
    private String oauth2ClientId;

    @UriParam(label = "consumer,security", secret = true)
    private String oauth2ClientSecret;

    @UriParam(label = "consumer,security", secret = true)
    private String oauth2RefreshToken;

    @UriParam(label = "consumer,security")
    private String oauth2Scope;

    @UriParam(label = "consumer,security")
    private String oauth2TokenUrl;

    @UriParam(label = "consumer,security")
    private SSLContextParameters sslContextParameters;

    public MailboxConfiguration copy() {
        try {
            return (MailboxConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /** @throws IllegalArgumentException naming the options that are wrong or do not fit together */
    void check() {
        require(username != null && !username.isBlank(), "username is missing");
        require(
                oauth2 != null || (password != null && !password.isEmpty()),
                "password is missing, or oauth2=MICROSOFT or GOOGLE with its options");
        require(!folders().isEmpty(), "folder names no folder");
        require(
                !protocol.isPop3() || folders().equals(List.of("INBOX")),
                "POP3 has one folder only: leave folder out, or use protocol=IMAPS");
        require(
                !startTls || protocol == MailboxProtocol.IMAP || protocol == MailboxProtocol.POP3,
                "startTls belongs to protocol=IMAP or POP3; " + protocol + " is inside TLS already");
        require(!deleteHandled || protocol.isPop3(), "deleteHandled belongs to POP3; with IMAP mails are moved");
        require(batchSize > 0, "batchSize must be positive: " + batchSize);
        require(maxAttempts > 0, "maxAttempts must be positive: " + maxAttempts);
        require(maxSize > 0, "maxSize must be positive: " + maxSize);
        require(
                idleRenewal > 0 && idleRenewal <= LONGEST_IDLE,
                "idleRenewal must be positive and at most 29 minutes (RFC 2177): " + idleRenewal + " ms");
        if (afterHandling == AfterHandling.MOVE) {
            for (String target : List.of(handledFolder, quarantineFolder, ordinaryFolder)) {
                require(
                        !folders().contains(target),
                        "mails would be moved into the folder that they are taken from: " + target);
            }
        }
        if (oauth2 != null) {
            oauth2.check(this);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("mailbox: " + otherwise);
        }
    }

    /** A route template cannot leave out a secret that must be given RAW: it says none. */
    private static String unlessNone(String secret) {
        return "none".equals(secret) ? null : secret;
    }

    List<String> folders() {
        return folder == null
                ? List.of()
                : Arrays.stream(folder.split(","))
                        .map(String::strip)
                        .filter(f -> !f.isEmpty())
                        .distinct()
                        .toList();
    }

    String folderOf(Disposal disposal) {
        return switch (disposal) {
            case HANDLED -> handledFolder;
            case QUARANTINE -> quarantineFolder;
            case ORDINARY -> ordinaryFolder;
        };
    }

    public MailboxProtocol getProtocol() {
        return protocol;
    }

    /**
     * How to speak to the server: IMAPS, IMAP, POP3S or POP3.
     */
    public void setProtocol(MailboxProtocol protocol) {
        this.protocol = protocol;
    }

    public String getUsername() {
        return username;
    }

    /**
     * The user name, which is the address with many servers.
     */
    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    /**
     * The password; none, or left out, where OAuth 2 is used.
     */
    public void setPassword(String password) {
        this.password = unlessNone(password);
    }

    public String getFolder() {
        return folder;
    }

    /**
     * The folder that mails arrive in, or several with commas between. Each has a connection of its own.
     */
    public void setFolder(String folder) {
        this.folder = folder;
    }

    public boolean isIdle() {
        return idle;
    }

    /**
     * Whether the server is asked to tell of new mail (IMAP IDLE), so that it is taken at once. A server that cannot is looked at every delay, as with POP3.
     */
    public void setIdle(boolean idle) {
        this.idle = idle;
    }

    public AfterHandling getAfterHandling() {
        return afterHandling;
    }

    /**
     * What happens to mails that were handled: MOVE puts them into handledFolder, quarantineFolder or ordinaryFolder; FLAG leaves them where they are and sets one of the keywords DeliverabilityHandled, DeliverabilityQuarantine and DeliverabilityOrdinary. With POP3 all mails stay and are remembered.
     */
    public void setAfterHandling(AfterHandling afterHandling) {
        this.afterHandling = afterHandling;
    }

    public String getHandledFolder() {
        return handledFolder;
    }

    /**
     * Where mails go that were handled, marked as read. It is made where it is missing.
     */
    public void setHandledFolder(String handledFolder) {
        this.handledFolder = handledFolder;
    }

    public String getQuarantineFolder() {
        return quarantineFolder;
    }

    /**
     * Where mails go that the route quarantines, and those it fails with again and again.
     */
    public void setQuarantineFolder(String quarantineFolder) {
        this.quarantineFolder = quarantineFolder;
    }

    public String getOrdinaryFolder() {
        return ordinaryFolder;
    }

    /**
     * Where mails go that are none of the route's business, still unread.
     */
    public void setOrdinaryFolder(String ordinaryFolder) {
        this.ordinaryFolder = ordinaryFolder;
    }

    public boolean isDeleteHandled() {
        return deleteHandled;
    }

    /**
     * With POP3: whether mails that were handled are deleted from the server. Quarantined and ordinary mails always stay.
     */
    public void setDeleteHandled(boolean deleteHandled) {
        this.deleteHandled = deleteHandled;
    }

    public String getStore() {
        return store;
    }

    /**
     * The store that remembers what was handled: the path of a database file, or the name of a Store bean.
     */
    public void setStore(String store) {
        this.store = store;
    }

    public int getBatchSize() {
        return batchSize;
    }

    /**
     * How many mails are taken at a time.
     */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public boolean isIdempotent() {
        return idempotent;
    }

    /**
     * Whether a mail with the content of one that was handled before is put where that one went, and not handled again.
     */
    public void setIdempotent(boolean idempotent) {
        this.idempotent = idempotent;
    }

    public long getForgetAfter() {
        return forgetAfter;
    }

    /**
     * How long it is remembered what was handled.
     */
    public void setForgetAfter(long forgetAfter) {
        this.forgetAfter = forgetAfter;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    /**
     * How often the route may fail with a mail before the mail is quarantined. Failures of the store or the network (IOException) do not count: they are not the mail's.
     */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public int getMaxSize() {
        return maxSize;
    }

    /**
     * How many octets of a mail are fetched. Of a larger one the body is the beginning, and CamelMailboxTruncated is set.
     */
    public void setMaxSize(int maxSize) {
        this.maxSize = maxSize;
    }

    public long getIdleRenewal() {
        return idleRenewal;
    }

    /**
     * How often the wait for news is begun anew, with a look into the folder; at most 29 minutes (RFC 2177). Shorter than what firewalls on the way forget connections after.
     */
    public void setIdleRenewal(long idleRenewal) {
        this.idleRenewal = idleRenewal;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    /**
     * How long a connection may take.
     */
    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getTimeout() {
        return timeout;
    }

    /**
     * How long the server may take to answer.
     */
    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public boolean isStartTls() {
        return startTls;
    }

    /**
     * With IMAP or POP3: whether the connection must change to TLS before the login.
     */
    public void setStartTls(boolean startTls) {
        this.startTls = startTls;
    }

    public OAuthProvider getOauth2() {
        return oauth2;
    }

    /**
     * Log in with a token instead of a password (XOAUTH2): MICROSOFT, GOOGLE, or CUSTOM with oauth2TokenUrl and oauth2Scope.
     */
    public void setOauth2(OAuthProvider oauth2) {
        this.oauth2 = oauth2;
    }

    public String getOauth2Tenant() {
        return oauth2Tenant;
    }

    /**
     * The directory of the organisation at Microsoft: its id or a domain of it.
     */
    public void setOauth2Tenant(String oauth2Tenant) {
        this.oauth2Tenant = oauth2Tenant;
    }

    public String getOauth2ClientId() {
        return oauth2ClientId;
    }

    /**
     * The id of the application that is registered there.
     */
    public void setOauth2ClientId(String oauth2ClientId) {
        this.oauth2ClientId = oauth2ClientId;
    }

    public String getOauth2ClientSecret() {
        return oauth2ClientSecret;
    }

    /**
     * The secret of the application.
     */
    public void setOauth2ClientSecret(String oauth2ClientSecret) {
        this.oauth2ClientSecret = unlessNone(oauth2ClientSecret);
    }

    public String getOauth2RefreshToken() {
        return oauth2RefreshToken;
    }

    /**
     * A refresh token of the mailbox's user. Without it the application logs in by itself (client credentials), which Google does not offer. A token that the provider replaces is kept in the store.
     */
    public void setOauth2RefreshToken(String oauth2RefreshToken) {
        this.oauth2RefreshToken = unlessNone(oauth2RefreshToken);
    }

    public String getOauth2Scope() {
        return oauth2Scope;
    }

    /**
     * What is asked for, where the provider's usual scope is not meant.
     */
    public void setOauth2Scope(String oauth2Scope) {
        this.oauth2Scope = oauth2Scope;
    }

    public String getOauth2TokenUrl() {
        return oauth2TokenUrl;
    }

    /**
     * Where tokens are, where the provider's usual address is not meant.
     */
    public void setOauth2TokenUrl(String oauth2TokenUrl) {
        this.oauth2TokenUrl = oauth2TokenUrl;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /**
     * The TLS parameters: whom to trust, protocols, keys.
     */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }
}
