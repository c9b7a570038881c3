package io.github.cameldeliverability.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The targets of {@code .ci/fuzz} with their seeds, each cut off, doubled, and with octets changed: what the ordinary build
 * runs of the fuzzing, without the fuzzer. A finding of the fuzzer becomes a seed here.
 */
class FuzzTargetsTakeTheirSeedsTest {

    private static final int CHANGED = 40;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feedback.MailReaderFuzz",
                "feedback.StatusFieldsFuzz",
                "feedback.ComplaintFuzz",
                "feedback.report.AggregateReportFuzz",
                "feedback.report.AggregateXmlFuzz",
                "feedback.report.TlsReportFuzz",
                "smtp.ReplyDecoderFuzz",
                "dkim.SignatureFieldFuzz",
                "verdict.VerdictEngineFuzz"
            })
    void everySeedAndItsNeighboursAreTaken(String target) throws Exception {
        Method run =
                Class.forName("io.github.cameldeliverability." + target).getMethod("fuzzerTestOneInput", byte[].class);
        List<Path> seeds = seeds(target.substring(target.lastIndexOf('.') + 1));
        assertThat(seeds).hasSizeGreaterThan(2);
        Random random = new Random(4711);
        for (Path seed : seeds) {
            for (byte[] input : neighbours(Files.readAllBytes(seed), random)) {
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20),
                        () -> {
                            try {
                                run.invoke(null, (Object) input);
                            } catch (InvocationTargetException e) {
                                throw new AssertionError(seed.getFileName() + ": " + Arrays.toString(input), e);
                            }
                        },
                        () -> seed + " takes too long");
            }
        }
    }

    private static List<Path> seeds(String target) throws IOException, URISyntaxException {
        // The reader's seeds are the mails that its own tests read.
        String folder = target.equals("MailReaderFuzz") ? "/feedback" : "/fuzz/" + target;
        try (Stream<Path> files = Files.list(
                Path.of(FuzzTargetsTakeTheirSeedsTest.class.getResource(folder).toURI()))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<byte[]> neighbours(byte[] seed, Random random) {
        List<byte[]> all = new ArrayList<>();
        all.add(seed);
        all.add(new byte[0]);
        for (int i = 1; i < 10; i++) {
            all.add(Arrays.copyOf(seed, seed.length * i / 10));
            all.add(Arrays.copyOfRange(seed, seed.length * i / 10, seed.length));
        }
        byte[] twice = Arrays.copyOf(seed, seed.length * 2);
        System.arraycopy(seed, 0, twice, seed.length, seed.length);
        all.add(twice);
        for (int i = 0; i < CHANGED && seed.length > 0; i++) {
            byte[] changed = seed.clone();
            for (int k = 0; k <= i / 4; k++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            all.add(changed);
        }
        return all;
    }
}
