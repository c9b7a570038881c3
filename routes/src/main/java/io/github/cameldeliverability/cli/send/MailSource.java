package io.github.cameldeliverability.cli.send;

import io.github.cameldeliverability.compose.AddressList;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.WireMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the mails of files, folders and campaign files one after the other; never holds more than one. */
public final class MailSource {

    private MailSource() {}

    /** Gets each mail; may block until there is room for more. */
    @FunctionalInterface
    public interface Taker {
        void take(MailToSend mail) throws IOException, InterruptedException;
    }

    /**
     * Blocking: hands over every mail of the paths. A folder's {@code .eml} files go in the order of their names; a file
     * that ends in {@code .ndjson} is a campaign, an object {@code id, from, to, message} a line; any other file is a mail.
     *
     * @throws IOException naming file and line of an input that cannot be read
     */
    public static void read(List<Path> paths, Taker taker) throws IOException, InterruptedException {
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    for (Path file : (Iterable<Path>)
                            files.filter(f -> f.toString().endsWith(".eml")).sorted()::iterator) {
                        taker.take(mail(file));
                    }
                }
            } else if (path.toString().toLowerCase(Locale.ROOT).endsWith(".ndjson")) {
                campaign(path, taker);
            } else {
                taker.take(mail(path));
            }
        }
    }

    private static void campaign(Path file, Taker taker) throws IOException, InterruptedException {
        try (CampaignReader entries = new CampaignReader(file)) {
            for (Optional<MailToSend> mail = entries.next(); mail.isPresent(); mail = entries.next()) {
                taker.take(mail.get());
            }
        }
    }

    private static MailToSend mail(Path file) throws IOException {
        try {
            WireMessage message = WireMessage.of(Files.readAllBytes(file));
            List<String> to = message.headers("X-Envelope-To");
            if (to.isEmpty()) {
                to = Stream.of("To", "Cc", "Bcc")
                        .flatMap(field -> message.headers(field).stream())
                        .toList();
            }
            Optional<String> from = message.header("X-Envelope-From").or(() -> firstAddress(message));
            return new MailToSend(
                    file.toString(),
                    from,
                    to,
                    message.without("X-Envelope-To", "X-Envelope-From").content());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> firstAddress(WireMessage message) {
        return message.header("From").flatMap(value -> AddressList.addresses(AddressList.parse("From", value)).stream()
                .findFirst()
                .map(EmailAddress::toString));
    }
}
