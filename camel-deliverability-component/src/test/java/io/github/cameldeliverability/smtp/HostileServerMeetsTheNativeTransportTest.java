package io.github.cameldeliverability.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The same cases on epoll, whose library is there in the tests for 64-bit Linux on Intel. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class HostileServerMeetsTheNativeTransportTest extends HostileServerNeverHangsOrDeceivesTheClientTest {

    @Override
    SmtpClient newClient() {
        SmtpClientOptions options = SmtpClientOptions.defaults();
        Transport best = Transport.best(options.ioThreads(), options.threadFactory());
        assertThat(best.name()).isEqualTo("epoll");
        return new SmtpClient(options, SmtpTimeouts.DEFAULT.atMost(SmtpClient.LONG), best);
    }
}
