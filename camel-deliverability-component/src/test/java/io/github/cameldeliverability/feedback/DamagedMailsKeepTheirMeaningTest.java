package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What mailboxes, gateways and forwarders do to returned mail, done to every sample: who failed must still be found in
 * nearly all of them, and in none may an address be called dead that was not.
 */
class DamagedMailsKeepTheirMeaningTest {

    /** The damage, and the share of the samples that must be understood all the same. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    enum Damage {
        HEADER_REVERSED(1.0, DamagedMailsKeepTheirMeaningTest::headerReversed),
        LINE_ENDS_MIXED(1.0, m -> m.replaceFirst("\n", "\r\n")),
        RECEIVED_ADDED(1.0, m -> "Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0000\nX-Spam-Score: 0.1\n" + m),
        MIME_VERSION_LOST(1.0, m -> m.replaceFirst("(?im)^mime-version:.*\n", "")),
        CHARSET_WRONG(0.85, m -> m.replaceAll("(?i)charset=\"?[a-z0-9-]+\"?", "charset=us-ascii")),
        CHARSET_UNKNOWN(0.85, m -> m.replaceAll("(?i)charset=\"?[a-z0-9-]+\"?", "charset=x-none")),
        END_LOST(0.97, m -> m.substring(0, m.length() * 97 / 100)),
        LAST_BOUNDARY_LOST(1.0, m -> m.replaceFirst("\n--[^\n]+--\\s*$", "\n")),
        FROM_LOST(0.75, m -> withoutField(m, "from")),
        SUBJECT_LOST(0.85, m -> withoutField(m, "subject")),
        RETURN_PATH_LOST(0.9, m -> withoutField(m, "return-path")),
        BLANKS_AT_LINE_ENDS(0.97, DamagedMailsKeepTheirMeaningTest::blanksAtLineEnds);

        private final double least;
        private final UnaryOperator<String> change;

        Damage(double least, UnaryOperator<String> change) {
            this.least = least;
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void mostAreUnderstoodAndNobodyIsWronglyDead(Damage damage) {
        List<String> lost = new ArrayList<>();
        int all = 0;
        for (Samples.Expected sample : Samples.all()) {
            // One octet a character: the damage must not repair the charset.
            String mail = new String(Samples.mail(sample.file()), StandardCharsets.ISO_8859_1);
            Feedback whole = Samples.READER.read(mail.getBytes(StandardCharsets.ISO_8859_1));
            Feedback damaged = Samples.READER.read(damage.change.apply(mail).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(hard(whole)).as(sample.file()).containsAll(hard(damaged));
            if (whole.kind() == FeedbackKind.NONE) {
                assertThat(damaged.kind()).as(sample.file()).isEqualTo(FeedbackKind.NONE);
                continue;
            }
            all++;
            if (damaged.kind() != whole.kind() || !addresses(damaged).equals(addresses(whole))) {
                lost.add(sample.file());
            }
        }
        assertThat((double) (all - lost.size()) / all)
                .as("lost of %d: %s", all, lost)
                .isGreaterThanOrEqualTo(damage.least);
    }

    private static Set<String> addresses(Feedback f) {
        return f.recipients().stream().map(r -> r.address().key()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> hard(Feedback f) {
        return f.recipients().stream()
                .filter(r -> r.verdict().isHard())
                .map(r -> r.address().key())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String headerReversed(String mail) {
        int end = mail.indexOf("\n\n");
        List<String> fields =
                new ArrayList<>(Arrays.asList(mail.substring(0, end).split("\n(?![ \t])")));
        Collections.reverse(fields);
        return String.join("\n", fields) + mail.substring(end);
    }

    private static String withoutField(String mail, String name) {
        int end = mail.indexOf("\n\n");
        List<String> fields =
                new ArrayList<>(Arrays.asList(mail.substring(0, end).split("\n(?![ \t])")));
        fields.removeIf(f -> f.regionMatches(true, 0, name + ":", 0, name.length() + 1));
        return String.join("\n", fields) + mail.substring(end);
    }

    private static String blanksAtLineEnds(String mail) {
        int end = mail.indexOf("\n\n");
        return mail.substring(0, end) + mail.substring(end).replaceAll("(?m)([^\n])$", "$1 ");
    }
}
