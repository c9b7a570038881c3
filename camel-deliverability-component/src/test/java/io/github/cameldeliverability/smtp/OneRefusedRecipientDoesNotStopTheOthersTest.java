package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.testkit.Behaviour;
import io.github.cameldeliverability.testkit.FakeMx;
import io.github.cameldeliverability.testkit.FakeMxBuilder;
import io.github.cameldeliverability.testkit.Moment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OneRefusedRecipientDoesNotStopTheOthersTest {

    /** How the transaction travels. */
    enum Way {
        PIPELINED,
        ONE_BY_ONE,
        PIPELINED_BDAT,
        ONE_BY_ONE_BDAT;

        FakeMxBuilder server() {
            FakeMxBuilder builder = FakeMx.builder();
            if (this == ONE_BY_ONE || this == ONE_BY_ONE_BDAT) {
                builder.without("PIPELINING");
            }
            return this == PIPELINED_BDAT || this == ONE_BY_ONE_BDAT ? builder.extension("CHUNKING") : builder;
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theOthersGetTheMessage(Way way) {
        try (FakeMx mx = way.server()
                        .rejectRecipients(a -> a.startsWith("gone@"), "550 5.1.1 no such user")
                        .rejectRecipients(a -> a.startsWith("full@"), "452-4.2.2 mailbox\r\n452 4.2.2 is full")
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);

            TransactionResult result = SmtpClient.send(session, "a@b.test", "gone@b.test", "c@d.test", "full@b.test");

            assertThat(result.recipients())
                    .extracting(RecipientResult::kind)
                    .containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.ACCEPTED, Kind.REFUSED);
            assertThat(result.recipients())
                    .extracting(RecipientResult::phase)
                    .containsExactly(SmtpPhase.DOT, SmtpPhase.RCPT, SmtpPhase.DOT, SmtpPhase.RCPT);
            assertThat(result.recipients())
                    .extracting(r -> r.reply().format())
                    .containsExactly(
                            "250 2.0.0 queued",
                            "550 5.1.1 no such user",
                            "250 2.0.0 queued",
                            "452 4.2.2 mailbox is full");
            assertThat(mx.messages()).hasSize(1);
            assertThat(mx.messages().get(0).to()).containsExactly("a@b.test", "c@d.test");
            assertThat(session.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whereAllAreRefusedNothingIsSentAndTheSessionGoesOn(Way way) {
        try (FakeMx mx = way.server()
                        .rejectRecipients(a -> a.startsWith("gone"), "550 5.1.1 no such user")
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);

            TransactionResult refused = SmtpClient.send(session, "gone1@b.test", "gone2@b.test");
            TransactionResult next = SmtpClient.send(session, "a@b.test");

            assertThat(refused.recipients()).extracting(RecipientResult::kind).containsOnly(Kind.REFUSED);
            assertThat(refused.replayable()).isFalse();
            assertThat(next.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.ACCEPTED);
            assertThat(mx.messages()).hasSize(1);
            assertThat(mx.connections()).isEqualTo(1);
            assertThat(mx.commands()).contains("RSET").doesNotContain(".");
            assertThat(session.transactions()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRefusedSenderIsTheAnswerForAll(Way way) {
        try (FakeMx mx = way.server()
                        .on(Moment.MAIL, Behaviour.reply("550 5.7.1 not you").inTransaction(1))
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);

            TransactionResult refused = SmtpClient.send(session, "a@b.test", "c@d.test");
            TransactionResult next = SmtpClient.send(session, "a@b.test");

            assertThat(refused.recipients())
                    .allSatisfy(r -> {
                        assertThat(r.kind()).isEqualTo(Kind.REFUSED);
                        assertThat(r.phase()).isEqualTo(SmtpPhase.MAIL);
                        assertThat(r.reply().format()).isEqualTo("550 5.7.1 not you");
                    })
                    .hasSize(2);
            assertThat(next.recipients()).extracting(RecipientResult::kind).containsExactly(Kind.ACCEPTED);
        }
    }

    /** RFC 2920 3.1: the server wants content though it took nobody. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"PIPELINED"})
    void anInvitationForNobodyIsAnsweredByALoneDot(Way way) {
        try (FakeMx mx = way.server()
                        .rejectRecipients(a -> a.startsWith("gone"), "550 5.1.1 no such user")
                        .on(Moment.DATA, Behaviour.reply("354 go on anyway").inTransaction(1))
                        .on(Moment.RSET, Behaviour.reply("250 ok"))
                        .build();
                SmtpClient client = new SmtpClient()) {
            SmtpSession session = client.connect(mx);

            TransactionResult refused = SmtpClient.send(session, "gone@b.test");

            assertThat(refused.recipients())
                    .extracting(r -> r.reply().format())
                    .isEqualTo(List.of("550 5.1.1 no such user"));
            assertThat(mx.commands()).endsWith("DATA", ".");
        }
    }
}
