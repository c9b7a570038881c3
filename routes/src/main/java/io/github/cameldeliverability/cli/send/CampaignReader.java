package io.github.cameldeliverability.cli.send;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a campaign file: an object {@code id, from, to, message} a line. A message goes from the file to its octets without
 * a tree, a line or a string in between: at a thousand mails a second that is a tenth of all work. Not thread-safe.
 */
final class CampaignReader implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final JsonParser in;

    /** Blocking: opens the file. */
    CampaignReader(Path file) throws IOException {
        this.file = file;
        this.in = JSON.createParser(Files.newInputStream(file)).enable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
    }

    /**
     * Blocking: the next mail; empty at the end of the file.
     *
     * @throws IOException naming file and line of what is no mail
     */
    Optional<MailToSend> next() throws IOException {
        int line = 0;
        try {
            JsonToken token = in.nextToken();
            if (token == null) {
                return Optional.empty();
            }
            line = in.currentTokenLocation().getLineNr();
            if (token != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("want an object a line");
            }
            return Optional.of(entry(file.getFileName() + ":" + line));
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null ? line : e.getLocation().getLineNr();
            throw new IOException(file + ":" + at + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + line + ": " + e.getMessage(), e);
        }
    }

    private MailToSend entry(String place) throws IOException {
        String id = place;
        Optional<String> from = Optional.empty();
        List<String> to = List.of();
        byte[] content = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            switch (name) {
                case "id" -> id = value.isScalarValue() && value != JsonToken.VALUE_NULL ? in.getText() : place;
                case "from" -> from = Optional.ofNullable(in.getValueAsString());
                case "to" -> to = recipients(value);
                case "message" -> content = value == JsonToken.VALUE_STRING ? text() : null;
                default -> in.skipChildren();
            }
        }
        if (to.isEmpty() || content == null) {
            throw new IllegalArgumentException("want the fields to and message");
        }
        return new MailToSend(id, from, to, content);
    }

    private List<String> recipients(JsonToken value) throws IOException {
        List<String> to = new ArrayList<>();
        if (value == JsonToken.START_ARRAY) {
            while (in.nextToken() != JsonToken.END_ARRAY) {
                to.add(in.getText());
                in.skipChildren();
            }
        } else if (value == JsonToken.VALUE_STRING) {
            to.add(in.getText());
        } else {
            in.skipChildren();
        }
        return to;
    }

    /** The string's characters as UTF-8. */
    private byte[] text() throws IOException {
        char[] chars = in.getTextCharacters();
        int offset = in.getTextOffset();
        int length = in.getTextLength();
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            char c = chars[offset + i];
            if (c > 0x7f) {
                return new String(chars, offset, length).getBytes(StandardCharsets.UTF_8);
            }
            octets[i] = (byte) c;
        }
        return octets;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
