package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhraseMatchingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            user unknown     | 550 User Unknown here           | true
            user unknown     | the superuser unknown           | false
            user unknown     | user unknownness                | false
            *user unknown*   | superuser unknownness           | true
            user @ unknown   | User <jane@example.org> unknown | true
            user @ unknown   | User 'jane@example.org' unknown | true
            ip # is          | IP 192.0.2.1 is bad             | true
            user * unknown   | user jane, of course, unknown   | true
            user * unknown   | user unknown                    | true
            unknown * user   | user unknown                    | false
            spam             | <spam@example.org> refused      | false
            quota depasse    | Quota dépassé                   | true
            用户不存在          | 该用户不存在！                     | true
            doesn't exist    | user doesn’t exist              | true
            to be continued  | to be 550-5.7.1 continued       | true
            to be continued  | to be 550-continued             | true
            5.7.1            | 5.7.1 x                         | true
            """)
    void phraseInText(String phrase, String text, boolean found) {
        assertThat(Phrase.parse(phrase).foundIn(Normaliser.normalise(text))).isEqualTo(found);
    }

    @Test
    void aGapIsBounded() {
        Phrase phrase = Phrase.parse("user * unknown");
        assertThat(phrase.foundIn("user" + "-".repeat(Phrase.MAX_GAP) + "unknown"))
                .isTrue();
        assertThat(phrase.foundIn("user" + "-".repeat(Phrase.MAX_GAP + 1) + "unknown"))
                .isFalse();
    }

    @Test
    void tooShortPhrasesAreRefused() {
        assertThatThrownBy(() -> Phrase.parse("*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Phrase.parse("x * y")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theIndexFindsWhatSearchingOneByOneFinds() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            TreeSet<String> words = new TreeSet<>();
            for (int i = 0; i < 30; i++) {
                words.add(word(random, 1 + random.nextInt(4)));
            }
            List<String> literals = new ArrayList<>(words);
            String text = word(random, 60);
            TreeSet<String> found = new TreeSet<>();
            new PhraseIndex(literals).scan(text, (number, end) -> {
                String literal = literals.get(number);
                assertThat(text.substring(end - literal.length(), end)).isEqualTo(literal);
                found.add(literal);
            });
            TreeSet<String> expected = new TreeSet<>(literals);
            expected.removeIf(l -> !text.contains(l));
            assertThat(found).isEqualTo(expected);
        }
    }

    private static String word(Random random, int length) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < length; i++) {
            b.append((char) ('a' + random.nextInt(3)));
        }
        return b.toString();
    }
}
