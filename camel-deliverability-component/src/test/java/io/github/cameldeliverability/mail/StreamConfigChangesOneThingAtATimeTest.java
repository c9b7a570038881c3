package io.github.cameldeliverability.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StreamConfigChangesOneThingAtATimeTest {

    private final StreamConfig defaults = StreamConfig.defaults("news", "mail.example.com");

    @Test
    void whatIsNotChangedStays() {
        StreamConfig changed = defaults.with(s -> s.priority(3).weight(2)).with(s -> s.verp(true));

        assertThat(changed.priority()).isEqualTo(3);
        assertThat(changed.weight()).isEqualTo(2);
        assertThat(changed.verp()).isTrue();
        assertThat(changed.maxAge()).isEqualTo(StreamConfig.DEFAULT_MAX_AGE);
        assertThat(changed.suppressionScopes()).containsExactlyInAnyOrder("global", "stream:news");
        assertThat(defaults.priority()).isZero();
    }

    @Test
    void aDraftThatWasKeptChangesNothingAfterwards() {
        AtomicReference<StreamConfig.Draft> kept = new AtomicReference<>();
        StreamConfig config = defaults.with(kept::set);

        kept.get().priority(9);

        assertThat(config.priority()).isZero();
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        SourceAddress source = new SourceAddress(InetAddress.getByName("192.0.2.1"), "a.example.com");

        assertThatThrownBy(() -> defaults.with(s -> s.maxAge(Duration.ZERO))).hasMessageContaining("maxAge");
        assertThatThrownBy(() -> defaults.with(s -> s.weight(0))).hasMessageContaining("weight of stream news");
        assertThatThrownBy(() -> defaults.with(s -> s.sources(List.of(source, source))))
                .hasMessageContaining("192.0.2.1 of stream news is twice");
        assertThatThrownBy(() -> new SourceAddress(source.address(), "a.example.com", 0))
                .hasMessageContaining("weight");
    }
}
