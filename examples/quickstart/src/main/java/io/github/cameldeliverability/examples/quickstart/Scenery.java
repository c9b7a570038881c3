package io.github.cameldeliverability.examples.quickstart;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.cameldeliverability.testkit.FakeInternet;
import io.github.cameldeliverability.testkit.FakeProvider;
import io.github.cameldeliverability.testkit.ReturnedMail;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The world around: five providers with habits, and the mailbox to which they return mail. It remembers over restarts, as
 * the real one does: mail that was accepted stays accepted, returned mail stays in the mailbox.
 */
final class Scenery implements AutoCloseable {

    static final String IMAP_PASSWORD = "quickstart";

    private final FakeInternet internet;
    private final GreenMail mailbox;
    private final GreenMailUser user;
    private final Path returned;
    private final Path accepted;
    private final AtomicInteger number = new AtomicInteger();

    Scenery(Path directory) throws IOException {
        returned = Files.createDirectories(directory.resolve("returned"));
        accepted = directory.resolve("accepted.log");
        mailbox = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
        mailbox.start();
        user = mailbox.setUser("bounces@sender.test", "bounces", IMAP_PASSWORD);
        try (Stream<Path> earlier = Files.list(returned)) {
            for (Path file : (Iterable<Path>) earlier.sorted()::iterator) {
                deliver(Files.readAllBytes(file));
                number.incrementAndGet();
            }
        }
        internet = FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test").complaining("person13"::equals))
                .provider(FakeProvider.named("greylist.test").greylisting(Duration.ofSeconds(5)))
                .provider(FakeProvider.named("busy.test").throttling(20, Duration.ofSeconds(1)))
                .provider(FakeProvider.named("strict.test").unknownUsers(local -> local.startsWith("gone")))
                .provider(FakeProvider.named("later.test").bouncingLater(local -> local.startsWith("left")))
                .onReturnedMail(this::keep)
                .onAccepted((provider, message) -> note(message.to(), message.text()))
                .returnDelay(Duration.ZERO)
                .keep(10)
                .build();
    }

    FakeInternet internet() {
        return internet;
    }

    int imapPort() {
        return mailbox.getImap().getPort();
    }

    /** How often a message came to the same recipient again, over all starts. */
    long duplicates() throws IOException {
        if (!Files.exists(accepted)) {
            return 0;
        }
        List<String> lines = Files.readAllLines(accepted);
        return lines.size() - lines.stream().distinct().count();
    }

    private synchronized void note(List<String> to, String text) {
        String id = text.lines()
                .filter(line -> line.regionMatches(true, 0, "Message-ID:", 0, 11))
                .findFirst()
                .orElse("Message-ID: none");
        try {
            Files.writeString(
                    accepted,
                    id + " " + String.join(",", to) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(ReturnedMail mail) {
        try {
            Files.write(returned.resolve(String.format("%06d.eml", number.incrementAndGet())), mail.content());
            deliver(mail.content());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deliver(byte[] mail) throws IOException {
        try {
            user.deliver(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail)));
        } catch (MessagingException e) {
            throw new IOException("cannot deliver to the bounce mailbox", e);
        }
    }

    @Override
    public void close() {
        internet.close();
        mailbox.stop();
    }
}
