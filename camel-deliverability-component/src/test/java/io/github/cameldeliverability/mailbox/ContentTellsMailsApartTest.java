package io.github.cameldeliverability.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentTellsMailsApartTest {

    private static final String MAIL = "To: a@b.example\r\nSubject: x\r\n\r\nReceived: text\r\n";

    @Test
    void theWayThatAMailTookDoesNotMatter() {
        assertThat(hash("Received: from a\r\n by b\r\n" + MAIL + "")).isEqualTo(hash(MAIL));
        assertThat(hash("RECEIVED: from c\r\nX-UID: 7\r\n" + MAIL)).isEqualTo(hash(MAIL));
    }

    @Test
    void whereItWasDeliveredAndWhatItSaysDoes() {
        assertThat(hash("Delivered-To: bounces+1@b.example\r\n" + MAIL)).isNotEqualTo(hash(MAIL));
        assertThat(hash(MAIL.replace("Received: text", "Received: other"))).isNotEqualTo(hash(MAIL));
    }

    @Test
    void anyBytesHaveAHash() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) "\r\n\t :Recivdx".charAt(random.nextInt(12));
            }
            assertThat(ContentHash.of(bytes)).hasSize(64);
        }
    }

    private static String hash(String mail) {
        return ContentHash.of(mail.getBytes(StandardCharsets.US_ASCII));
    }
}
