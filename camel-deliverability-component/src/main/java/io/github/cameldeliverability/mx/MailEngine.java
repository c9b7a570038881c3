package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.delivery.DeliveryListener;
import io.github.cameldeliverability.dns.AddressFamily;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.Fallbacks.HandOver;
import io.github.cameldeliverability.mail.spi.Mailer;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;

/** What the component needs of the rooms below: streams that deliver. Thread-safe. */
interface MailEngine extends AutoCloseable {

    /** The mailer that takes messages of all started streams. */
    Mailer mailer();

    /** A signer for a private key in PEM. */
    MessageSigner signer(String domain, String selector, String pem);

    /** Blocking: what adds List-Unsubscribe to a stream's messages. */
    RecipientFields unsubscribe(UnsubscribeFields.Settings settings) throws IOException;

    /**
     * Begins to deliver what the stream has in the queue, and what comes; a stream that is known gets new settings. It
     * goes on until the engine is closed.
     */
    void start(StreamConfig stream, StreamLimits limits);

    /** What holds for a lane now, and who set it, line by line. */
    List<String> explain(Lane lane);

    /** Moves the warm-ups on to the present day and writes down where they are. */
    void tickWarmups();

    /** Where the warm-ups are, line by line. */
    List<String> warmups();

    /** Why no mail can be taken or can leave, and what to do, without I/O; empty if all is well. */
    Optional<String> unhealthyReason();

    /** Tells the sender of a failure that the stream's fallback did not mend, where the stream wants that; repeatable. */
    default CompletionStage<Void> tellSender(HandOver handOver) {
        return CompletableFuture.completedFuture(null);
    }

    /** Ends the delivery of one stream; what is in the queue stays there. The others go on. */
    void stop(String stream);

    /** What holds the stream's mail back now beside its limits, a line each, with the evidence; no I/O. */
    List<String> trouble(String stream);

    /** All effects that are not over, a line each. */
    List<String> effects();

    /** Blocking: reads the rules of effects anew. @throws IllegalArgumentException if they cannot be used */
    void reloadReactions() throws IOException;

    /** Blocking: ends all streams' work in good order; what is in the queue stays there. The store stays open. */
    @Override
    void close();

    /**
     * @param maxConnections of a stream to one provider; 0 leaves it to the provider's definition
     * @param messagesPerSecond of a stream to one provider; 0 likewise
     * @param dailyCap of a stream to one provider; 0 likewise
     * @param retrySchedule when to try again, as people write it
     * @param smarthostQuota the profile of the smarthost's quota, if the host does not choose it
     */
    record StreamLimits(
            int maxConnections,
            double messagesPerSecond,
            long dailyCap,
            Optional<String> retrySchedule,
            Optional<String> smarthostQuota) {}

    /**
     * What all streams of an engine share.
     *
     * @param dnsServers {@code host} or {@code host:port}; empty means those of the system
     * @param addressFamily which addresses of mail hosts are used; empty leaves it to those that this machine has
     * @param smtpPort of every mail host
     * @param workerThreads for signing and preparing
     * @param tokenSecret of VERP; empty means the one that the store keeps
     * @param sslContext for TLS; empty means the JVM's defaults
     * @param eventRetention how long events stay in the log once they were consumed
     * @param reactions files of rules for effects, comma-separated, on top of the built-in ones
     * @param rules rule packs for replies, comma-separated, on top of the built-in ones
     * @param providers the file of limits; empty means what is built in
     * @param listener told of every event after it was recorded
     */
    record Settings(
            List<String> dnsServers,
            Optional<AddressFamily> addressFamily,
            int smtpPort,
            int workerThreads,
            Optional<String> tokenSecret,
            Optional<SSLContext> sslContext,
            Duration eventRetention,
            Optional<String> reactions,
            Optional<String> rules,
            Optional<String> providers,
            DeliveryListener listener) {}

    /** Puts an engine together. */
    @FunctionalInterface
    interface Factory {
        MailEngine open(CamelContext context, Settings settings, Store store) throws Exception;
    }
}
