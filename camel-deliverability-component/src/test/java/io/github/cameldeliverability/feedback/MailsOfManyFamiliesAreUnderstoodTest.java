package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.RecipientFeedback;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mails of {@code families.txt}: about a hundred systems and languages, written before the rules that read them. */
class MailsOfManyFamiliesAreUnderstoodTest {

    private static final String FIELDS =
            """
            Return-Path: <>
            Date: Mon, 2 Nov 2026 10:00:10 +0000
            To: bounces+k7x2@news.example.com
            MIME-Version: 1.0
            Content-Type: text/%s; charset=utf-8

            """;

    record Family(String name, String kind, List<String> recipients, String mail) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Family> families() {
        List<Family> all = new ArrayList<>();
        String[] blocks = new String(Samples.resource("families.txt"), StandardCharsets.UTF_8).split("\n=== ");
        for (int i = 1; i < blocks.length; i++) {
            int end = blocks[i].indexOf('\n');
            String[] head = blocks[i].substring(0, end).split(" \\| ");
            String mail = blocks[i]
                    .substring(end + 1)
                    .replace("@head\n", FIELDS.formatted("plain"))
                    .replace("@html\n", FIELDS.formatted("html"));
            List<String> recipients = head[2].strip().equals("-")
                    ? List.of()
                    : List.of(head[2].strip().split(" ; "));
            all.add(new Family(head[0].strip(), head[1].strip(), recipients, mail + "\n"));
        }
        assertThat(all).hasSizeGreaterThan(100);
        return all;
    }

    @ParameterizedTest
    @MethodSource("families")
    void asWritten(Family family) {
        check(family, family.mail());
    }

    @ParameterizedTest
    @MethodSource("families")
    void withNetworkLineEnds(Family family) {
        check(family, family.mail().replace("\n", "\r\n"));
    }

    private static void check(Family family, String mail) {
        Feedback got = Samples.READER.read(mail.getBytes(StandardCharsets.UTF_8));
        assertThat(got.kind().id()).as("kind").isEqualTo(family.kind());
        assertThat(got.recipients()).as("recipients").hasSameSizeAs(family.recipients());
        for (int i = 0; i < family.recipients().size(); i++) {
            String[] want = family.recipients().get(i).split(" ");
            RecipientFeedback r = got.recipients().get(i);
            assertThat(r.address().toString()).isEqualTo(want[0]);
            if (!want[1].equals("-")) {
                assertThat(r.status().map(Object::toString)).as("status").contains(want[1]);
            }
            if (!want[2].equals("*")) {
                assertThat(r.verdict().reason().id()).as("reason").isEqualTo(want[2]);
            }
            assertThat(r.verdict().isHard()).as("hard").isEqualTo(want[3].equals("hard"));
        }
    }
}
