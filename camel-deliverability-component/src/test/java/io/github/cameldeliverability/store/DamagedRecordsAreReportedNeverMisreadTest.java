package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DamagedRecordsAreReportedNeverMisreadTest {

    private static final SpooledMessage MESSAGE = Samples.message("q1", "a@example.net", "b@example.org");
    private static final DeliveryEvent EVENT = Samples.deferred(MESSAGE, 1, 2, Samples.NOW.plusSeconds(60));
    private static final Suppression SUPPRESSION = Samples.suppression("a@example.net", SuppressionKind.BOUNCE);

    private static void message(byte[] record) {
        MessageCodec.decode("q1", "transactional", record, new byte[0]);
    }

    private static void event(byte[] record) {
        EventCodec.decode("transactional", "q1", record);
    }

    private static void suppression(byte[] record) {
        SuppressionCodec.decode("default", record);
    }

    @Property(tries = 3_000)
    void aFlippedOctetIsReadOrReported(@ForAll Random random) {
        survives(random, MessageCodec.encode(MESSAGE), DamagedRecordsAreReportedNeverMisreadTest::message);
        survives(random, EventCodec.encode(EVENT), DamagedRecordsAreReportedNeverMisreadTest::event);
        survives(random, SuppressionCodec.encode(SUPPRESSION), DamagedRecordsAreReportedNeverMisreadTest::suppression);
    }

    private static void survives(Random random, byte[] record, Consumer<byte[]> decode) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            record[random.nextInt(record.length)] = (byte) random.nextInt(256);
        }
        try {
            decode.accept(record);
        } catch (DamagedRecordException e) {
            assertThat(e).hasMessageContaining("record");
        }
    }

    @Example
    void everyCutRecordIsReported() {
        cut(MessageCodec.encode(MESSAGE), DamagedRecordsAreReportedNeverMisreadTest::message);
        cut(EventCodec.encode(EVENT), DamagedRecordsAreReportedNeverMisreadTest::event);
        cut(SuppressionCodec.encode(SUPPRESSION), DamagedRecordsAreReportedNeverMisreadTest::suppression);
    }

    private static void cut(byte[] record, Consumer<byte[]> decode) {
        decode.accept(record);
        for (int length = 0; length < record.length; length++) {
            byte[] part = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> decode.accept(part)).isInstanceOf(DamagedRecordException.class);
        }
    }

    @Property
    void numbersAndTextsComeBack(@ForAll long number, @ForAll String text) {
        // An unpaired surrogate has no UTF-8 form; addresses and replies never hold one.
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        RecordReader reader = new RecordReader(
                "test",
                new RecordWriter(0).number(number).text(wellFormed).flag(true).toBytes());

        assertThat(reader.number()).isEqualTo(number);
        assertThat(reader.text()).isEqualTo(wellFormed);
        assertThat(reader.flag()).isTrue();
    }
}
