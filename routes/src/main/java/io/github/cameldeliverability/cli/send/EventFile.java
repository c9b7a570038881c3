package io.github.cameldeliverability.cli.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.SmtpReply;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Appends delivery events to a file, a JSON object a line. Thread-safe. */
public final class EventFile implements AutoCloseable {

    private final ObjectMapper json = new ObjectMapper();
    private final Optional<BufferedWriter> out;

    private EventFile(Optional<BufferedWriter> out) {
        this.out = out;
    }

    /** Without a file it writes nothing. */
    public static EventFile open(Optional<Path> file) throws IOException {
        return new EventFile(
                file.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Files.newBufferedWriter(
                                file.get(),
                                StandardCharsets.UTF_8,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND)));
    }

    public synchronized void write(DeliveryEvent event) {
        if (out.isEmpty()) {
            return;
        }
        try {
            out.get().write(json.writeValueAsString(fields(event)));
            out.get().write('\n');
            out.get().flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> fields(DeliveryEvent e) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("at", e.at().toString());
        m.put("stream", e.stream());
        m.put("queueId", e.queueId());
        m.put("messageId", e.messageId());
        m.put("recipient", e.recipient().toString());
        m.put("outcome", e.outcome().id());
        m.put("reason", e.verdict().map(v -> v.reason().id()).orElse(null));
        m.put("hard", e.verdict().map(v -> v.isHard()).orElse(false));
        m.put("ruleId", e.verdict().map(v -> v.ruleId()).orElse(null));
        m.put("reply", e.reply().map(SmtpReply::format).orElse(null));
        m.put("phase", e.phase().map(p -> p.name()).orElse(null));
        m.put("provider", e.provider().orElse(null));
        m.put("host", e.host().orElse(null));
        m.put("attempt", e.attempt());
        m.put("elapsedMillis", e.elapsed().toMillis());
        m.put("tls", e.tls().orElse(null));
        m.put("nextAttempt", e.nextAttempt().map(Object::toString).orElse(null));
        e.fallback().ifPresent(f -> m.put("fallback", f.id()));
        return m;
    }

    @Override
    public synchronized void close() throws IOException {
        if (out.isPresent()) {
            out.get().close();
        }
    }
}
