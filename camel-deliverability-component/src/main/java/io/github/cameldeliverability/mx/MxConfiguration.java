package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.NotifySender;
import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * The options of an {@code mx} endpoint. Those of {@link StreamOption} belong to the stream: all endpoints of a stream
 * share them.
 */
@Configurer
@UriParams
public class MxConfiguration implements Cloneable {

    @UriParam(label = "producer")
    private String from;

    @UriParam(label = "producer")
    private String to;

    @UriParam(label = "producer")
    private String subject;

    @UriParam(label = "producer", defaultValue = "QUEUE")
    private DeliveryMode deliveryMode = DeliveryMode.QUEUE;

    @UriParam(label = "producer", defaultValue = "AUTO")
    private MessageFormat messageFormat = MessageFormat.AUTO;

    @UriParam(label = "producer")
    private String returnPath;

    @UriParam(label = "producer")
    private Boolean verp;

    @UriParam(label = "producer")
    private String heloName;

    @UriParam(label = "producer", defaultValue = "5d", javaType = "java.time.Duration")
    private long maxAge = 432_000_000;

    @UriParam(label = "producer", defaultValue = "default")
    private String suppressionList = "default";

    @UriParam(label = "producer,advanced")
    private String unsubscribeUrl;

    @UriParam(label = "producer,advanced")
    private String unsubscribeMailto;

    @UriParam(label = "producer,advanced")
    private String unsubscribeScope;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "180d")
    private long unsubscribeValidity = 15_552_000_000L;

    @UriParam(label = "producer,advanced")
    private String suppressionScopes;

    @UriParam(label = "producer,advanced")
    private String exempt;

    @UriParam(label = "producer,advanced")
    private String canonical;

    @UriParam(label = "producer,advanced", defaultValue = "NEVER")
    private NotifySender notifySender = NotifySender.NEVER;

    @UriParam(label = "producer,advanced")
    private String fallback;

    @UriParam(label = "producer,advanced", defaultValue = "default")
    private String fallbackOn;

    @UriParam(label = "producer")
    private String dkimDomain;

    @UriParam(label = "producer")
    private String dkimSelector;

    @UriParam(label = "producer,security", secret = true)
    private String dkimKey;

    @UriParam(label = "producer,advanced", secret = true)
    private String dkimSigners;

    @UriParam(label = "producer,security", defaultValue = "OPPORTUNISTIC")
    private TlsPolicy tlsPolicy = TlsPolicy.OPPORTUNISTIC;

    @UriParam(label = "producer,security")
    private boolean allowPrivateAddresses;

    @UriParam(label = "producer,advanced")
    private String smarthost;

    @UriParam(label = "producer,security")
    private String smarthostUsername;

    @UriParam(label = "producer,security", secret = true)
    private String smarthostPassword;

    @UriParam(label = "producer,security", defaultValue = "PASSWORD")
    private Smarthost.Mechanism smarthostAuth = Smarthost.Mechanism.PASSWORD;

    @UriParam(label = "producer,security")
    private TlsPolicy smarthostTls;

    @UriParam(label = "producer,advanced")
    private String sourceAddress;

    @UriParam(label = "producer,advanced")
    private String sourceAddresses;

    @UriParam(label = "producer,advanced")
    private int maxConnections;

    @UriParam(label = "producer,advanced")
    private double messageRate;

    @UriParam(label = "producer,advanced")
    private long dailyCap;

    @UriParam(label = "producer,advanced")
    private String retrySchedule;

    @UriParam(label = "producer,advanced")
    private String smarthostQuota;

    @UriParam(label = "producer,advanced")
    private int priority;

    @UriParam(label = "producer,advanced", defaultValue = "1")
    private int weight = 1;

    @UriParam(label = "producer,advanced")
    private boolean failOnBounce;

    @UriParam(label = "producer,advanced")
    private String headerFields;

    @UriParam(label = "producer,advanced")
    private HeaderFilterStrategy headerFilterStrategy;

    @UriParam(label = "consumer", defaultValue = "1")
    private int concurrentConsumers = 1;

    @UriParam(label = "consumer,advanced", defaultValue = "100")
    private int batchSize = 100;

    @UriParam(label = "consumer,advanced", defaultValue = "5m", javaType = "java.time.Duration")
    private long lease = 300_000;

    @UriParam(label = "consumer,advanced", defaultValue = "DELIVERIES")
    private EventFeed feed = EventFeed.DELIVERIES;

    @UriParam(label = "consumer,advanced", defaultValue = "5s", javaType = "java.time.Duration")
    private long failureDelay = 5_000;

    /** An independent copy. */
    public MxConfiguration copy() {
        try {
            return (MxConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getFrom() {
        return from;
    }

    /** The author, as a From field would say it, for messages without a From header. */
    public void setFrom(String from) {
        this.from = from;
    }

    public String getTo() {
        return to;
    }

    /** The recipients, as a To field would say it, for messages that name none in To, Cc or Bcc. */
    public void setTo(String to) {
        this.to = to;
    }

    public String getSubject() {
        return subject;
    }

    /** The subject of messages without a Subject header. */
    public void setSubject(String subject) {
        this.subject = subject;
    }

    public DeliveryMode getDeliveryMode() {
        return deliveryMode;
    }

    /**
     * QUEUE completes the exchange when the message is safe on disk; delivery, retries and events follow. DIRECT makes one
     * attempt without a queue and puts the report into the body; a deferral is then an exception for the route's own
     * redelivery.
     */
    public void setDeliveryMode(DeliveryMode deliveryMode) {
        this.deliveryMode = deliveryMode;
    }

    public MessageFormat getMessageFormat() {
        return messageFormat;
    }

    /**
     * What the body is. BODY: text, HTML or one part, the header fields come from headers and options. RFC5322: a whole
     * message. AUTO: RFC5322 if the body is a jakarta.mail message or the content type is message/rfc822, else BODY.
     */
    public void setMessageFormat(MessageFormat messageFormat) {
        this.messageFormat = messageFormat;
    }

    public String getReturnPath() {
        return returnPath;
    }

    /** The address that bounces go to. The author's address if not set. */
    public void setReturnPath(String returnPath) {
        this.returnPath = returnPath;
    }

    public Boolean getVerp() {
        return verp;
    }

    /**
     * Whether each recipient gets a reverse-path of its own with an unforgeable token, so that a returned mail names whom it
     * is about. The mailbox of returnPath must accept plus addresses. On by default if returnPath is set.
     */
    public void setVerp(Boolean verp) {
        this.verp = verp;
    }

    public String getHeloName() {
        return heloName;
    }

    /**
     * The name by which we greet mail hosts (RFC 5321 4.1.1.1): a fully qualified name that resolves to the source address.
     * The canonical name of this machine if not set.
     */
    public void setHeloName(String heloName) {
        this.heloName = heloName;
    }

    public long getMaxAge() {
        return maxAge;
    }

    /** How long a message is tried before it expires (RFC 5321 4.5.4.1 wants 4 to 5 days). */
    public void setMaxAge(long maxAge) {
        this.maxAge = maxAge;
    }

    public String getSuppressionList() {
        return suppressionList;
    }

    /** The list that is asked right before sending; none turns that off. */
    public void setSuppressionList(String suppressionList) {
        this.suppressionList = suppressionList;
    }

    public NotifySender getNotifySender() {
        return notifySender;
    }

    /**
     * What the senders of messages, the envelope's and not the VERP address, are told by mail (RFC 3464): NEVER anything,
     * the FAILURE of a recipient, or DELAY_AND_FAILURE, which adds one notice after four hours.
     */
    public void setNotifySender(NotifySender notifySender) {
        this.notifySender = notifySender;
    }

    public String getFallback() {
        return fallback;
    }

    /**
     * The endpoint that gets a message when its delivery to a recipient failed for good, such as direct:sms or mx:relayed.
     * The message is kept until the endpoint took it. An endpoint with options is written RAW(...).
     */
    public void setFallback(String fallback) {
        this.fallback = fallback;
    }

    public String getFallbackOn() {
        return fallbackOn;
    }

    /**
     * Which failures go to fallback, with commas: reasons such as mailboxfull, groups of them (policy, reputation, content,
     * full, rate, network), expired, default. The default is all but those of dead addresses. What the suppression list
     * forbids never goes.
     */
    public void setFallbackOn(String fallbackOn) {
        this.fallbackOn = fallbackOn;
    }

    public String getDkimDomain() {
        return dkimDomain;
    }

    /** The domain that signs (RFC 6376 d=). */
    public void setDkimDomain(String dkimDomain) {
        this.dkimDomain = dkimDomain;
    }

    public String getDkimSelector() {
        return dkimSelector;
    }

    /** The selector under which the public key is published (RFC 6376 s=). */
    public void setDkimSelector(String dkimSelector) {
        this.dkimSelector = dkimSelector;
    }

    public String getDkimKey() {
        return dkimKey;
    }

    /**
     * The private key, RSA or Ed25519, in PEM: a file, a resource such as classpath:dkim.pem, or the PEM text itself.
     */
    public void setDkimKey(String dkimKey) {
        this.dkimKey = dkimKey;
    }

    public String getDkimSigners() {
        return dkimSigners;
    }

    /**
     * Several signatures: comma-separated domain:selector:key, for example
     * example.com:2026a:file:rsa.pem,example.com:2026e:file:ed.pem. They come on top of dkimKey.
     */
    public void setDkimSigners(String dkimSigners) {
        this.dkimSigners = dkimSigners;
    }

    public TlsPolicy getTlsPolicy() {
        return tlsPolicy;
    }

    /**
     * What is asked of sessions: NONE, OPPORTUNISTIC (TLS where offered, any certificate), ENCRYPT (TLS or nothing), VERIFY
     * (TLS with a trusted certificate that names the host, or nothing).
     */
    public void setTlsPolicy(TlsPolicy tlsPolicy) {
        this.tlsPolicy = tlsPolicy;
    }

    public String getSmarthost() {
        return smarthost;
    }

    /**
     * The server that takes all mail, instead of the recipients' mail hosts: smtp://host:port (STARTTLS, port 587),
     * smtps://host:port (TLS from the start, port 465) or lmtp://host:port (port 24). Without a scheme it is smtp.
     */
    public void setSmarthost(String smarthost) {
        this.smarthost = smarthost;
    }

    public String getSmarthostUsername() {
        return smarthostUsername;
    }

    /** Who logs in at the smarthost. Without it nobody does. */
    public void setSmarthostUsername(String smarthostUsername) {
        this.smarthostUsername = smarthostUsername;
    }

    public String getSmarthostPassword() {
        return smarthostPassword;
    }

    /** The password at the smarthost, or the access token for XOAUTH2. */
    public void setSmarthostPassword(String smarthostPassword) {
        this.smarthostPassword = smarthostPassword;
    }

    public Smarthost.Mechanism getSmarthostAuth() {
        return smarthostAuth;
    }

    /** How to log in: PASSWORD (PLAIN where offered, otherwise LOGIN) or XOAUTH2. */
    public void setSmarthostAuth(Smarthost.Mechanism smarthostAuth) {
        this.smarthostAuth = smarthostAuth;
    }

    public TlsPolicy getSmarthostTls() {
        return smarthostTls;
    }

    /**
     * What is asked of sessions with the smarthost, instead of tlsPolicy. Default VERIFY with a login or smtps, otherwise
     * OPPORTUNISTIC. Only NONE sends the login in clear.
     */
    public void setSmarthostTls(TlsPolicy smarthostTls) {
        this.smarthostTls = smarthostTls;
    }

    public boolean isAllowPrivateAddresses() {
        return allowPrivateAddresses;
    }

    /**
     * Whether mail hosts with loopback or private addresses are connected to. For tests and closed networks: with it
     * anybody's MX record can point into your network.
     */
    public void setAllowPrivateAddresses(boolean allowPrivateAddresses) {
        this.allowPrivateAddresses = allowPrivateAddresses;
    }

    public String getSourceAddress() {
        return sourceAddress;
    }

    /**
     * The local IP address that connections come from. The system chooses if not set. For several, with a name each, there
     * is sourceAddresses.
     */
    public void setSourceAddress(String sourceAddress) {
        this.sourceAddress = sourceAddress;
    }

    public String getSourceAddresses() {
        return sourceAddresses;
    }

    /**
     * Several local IP addresses that connections come from, each with the EHLO name that belongs to it, comma-separated:
     * 192.0.2.1=mail1.example.com,192.0.2.2=mail2.example.com*3. The number after * is the address's share of the mail, 1 if
     * not given. IPv4 addresses carry mail to IPv4 hosts, IPv6 addresses to IPv6 hosts; a message keeps its address.
     */
    public void setSourceAddresses(String sourceAddresses) {
        this.sourceAddresses = sourceAddresses;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    /** At most this many connections of the stream to one provider. 0 leaves it to what is known of the provider. */
    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public double getMessageRate() {
        return messageRate;
    }

    /** At most this many recipients a second of the stream to one provider. 0 leaves it to what is known of it. */
    public void setMessageRate(double messageRate) {
        this.messageRate = messageRate;
    }

    public long getDailyCap() {
        return dailyCap;
    }

    /**
     * At most this many recipients a calendar day (UTC, if the file of limits says no other timeZone) of the stream to one
     * provider; survives restarts. 0 leaves it to what is known of the provider. The rest waits for the next day.
     */
    public void setDailyCap(long dailyCap) {
        this.dailyCap = dailyCap;
    }

    public String getRetrySchedule() {
        return retrySchedule;
    }

    /**
     * When mail of the stream is tried again, for example 5m, 1h*3 | greylist: 1m, 5m*2 | full: 1h*5; at most 3d. Without a
     * key it is for all reasons that have no schedule; keys are greylist, rate, reputation, full, dns, tls, content and the
     * reasons themselves.
     */
    public void setRetrySchedule(String retrySchedule) {
        this.retrySchedule = retrySchedule;
    }

    public String getSmarthostQuota() {
        return smarthostQuota;
    }

    /**
     * The quota profile of the smarthost's account, such as gmail, or none. Chosen by the host of the smarthost if not set;
     * sending stops before the quota is used up.
     */
    public void setSmarthostQuota(String smarthostQuota) {
        this.smarthostQuota = smarthostQuota;
    }

    public int getPriority() {
        return priority;
    }

    /** Streams with a larger number go first where they compete. */
    public void setPriority(int priority) {
        this.priority = priority;
    }

    public int getWeight() {
        return weight;
    }

    /** The stream's share where streams of the same priority compete: 3 gets three times as much as 1. */
    public void setWeight(int weight) {
        this.weight = weight;
    }

    public boolean isFailOnBounce() {
        return failOnBounce;
    }

    /** Whether in DIRECT mode a recipient that cannot get the message for good is an exception too. */
    public void setFailOnBounce(boolean failOnBounce) {
        this.failOnBounce = failOnBounce;
    }

    public String getHeaderFields() {
        return headerFields;
    }

    /**
     * Further message headers that become header fields: comma-separated names, a trailing asterisk stands for any end, for
     * example X-Campaign,X-Shop-*. Without it only well-known fields of mail do, so that headers of other transports (keys,
     * cookies, addresses) do not leave with the mail.
     */
    public void setHeaderFields(String headerFields) {
        this.headerFields = headerFields;
    }

    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /** Decides which message headers become header fields, in place of the built-in strategy and headerFields. */
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }

    public int getConcurrentConsumers() {
        return concurrentConsumers;
    }

    /** How many events are processed at the same time. With 1 they come in order, but for those that failed before. */
    public void setConcurrentConsumers(int concurrentConsumers) {
        this.concurrentConsumers = concurrentConsumers;
    }

    public int getBatchSize() {
        return batchSize;
    }

    /** How many events are claimed at once. */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public long getLease() {
        return lease;
    }

    /** How long a claimed event may stay without an acknowledgement before it comes again, here or on another node. */
    public void setLease(long lease) {
        this.lease = lease;
    }

    public EventFeed getFeed() {
        return feed;
    }

    /**
     * What the consumer yields: what became of each recipient, or what holds the stream's mail back.
     */
    public void setFeed(EventFeed feed) {
        this.feed = feed;
    }

    public long getFailureDelay() {
        return failureDelay;
    }

    /** How long an event whose exchange failed rests before it comes again. */
    public void setFailureDelay(long failureDelay) {
        this.failureDelay = failureDelay;
    }

    public String getSuppressionScopes() {
        return suppressionScopes;
    }

    /**
     * Scopes of the suppression list that the stream obeys besides global and its own, separated by commas: list:NAME,
     * tenant:NAME.
     */
    public void setSuppressionScopes(String suppressionScopes) {
        this.suppressionScopes = suppressionScopes;
    }

    public String getExempt() {
        return exempt;
    }

    /**
     * Kinds of suppression that the stream does not obey, separated by commas: unsubscribe, complaint. For mail that people
     * ask for at the moment, such as one-time codes. Dead addresses and what an operator forbade always count.
     */
    public void setExempt(String exempt) {
        this.exempt = exempt;
    }

    public String getCanonical() {
        return canonical;
    }

    /**
     * Forms of the address under which the suppression list is asked, too, separated by commas: plus (ann+news is ann), gmail
     * (dots and googlemail.com). The suppression endpoint needs the same option to enter addresses in these forms.
     */
    public void setCanonical(String canonical) {
        this.canonical = canonical;
    }

    public String getUnsubscribeUrl() {
        return unsubscribeUrl;
    }

    /**
     * Where the unsubscribe page is, https://HOST/PATH. Each message gets List-Unsubscribe and List-Unsubscribe-Post (one click,
     * RFC 8058) with a token for its recipient, and must have one recipient. A message that has List-Unsubscribe keeps its own.
     */
    public void setUnsubscribeUrl(String unsubscribeUrl) {
        this.unsubscribeUrl = unsubscribeUrl;
    }

    public String getUnsubscribeMailto() {
        return unsubscribeMailto;
    }

    /**
     * The mailbox for people who unsubscribe by mail; List-Unsubscribe names it with a token for the recipient.
     */
    public void setUnsubscribeMailto(String unsubscribeMailto) {
        this.unsubscribeMailto = unsubscribeMailto;
    }

    public String getUnsubscribeScope() {
        return unsubscribeScope;
    }

    /**
     * What these links take the recipient off: a scope of the suppression list. Default stream:NAME.
     */
    public void setUnsubscribeScope(String unsubscribeScope) {
        this.unsubscribeScope = unsubscribeScope;
    }

    public long getUnsubscribeValidity() {
        return unsubscribeValidity;
    }

    /**
     * How long the links of unsubscribeUrl work. The laws of some countries want 30 days at least.
     */
    public void setUnsubscribeValidity(long unsubscribeValidity) {
        this.unsubscribeValidity = unsubscribeValidity;
    }
}
