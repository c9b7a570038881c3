package io.github.cameldeliverability.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.testkit.MutableClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlyUsefulFamiliesAreAskedForTest {

    private final MutableClock clock = new MutableClock();

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1 ::1, V4_ONLY",
        "127.0.0.1 192.0.2.7 ::1 fe80::1, V4_ONLY",
        "127.0.0.1 192.0.2.7 ::1 2001:db8::7, V4_FIRST",
        "127.0.0.1 ::1 2001:db8::7, V6_FIRST",
        "127.0.0.1 10.0.0.7 fd00::7, V4_FIRST",
    })
    void theMachinesOwnAddressesDecide(String own, AddressFamily expected) {
        assertThat(new OwnAddresses(clock, () -> addresses(own)).get()).isEqualTo(expected);
    }

    @Test
    void whereNothingIsKnownBothAreAskedFor() {
        assertThat(new OwnAddresses(clock, List::of).get()).isEqualTo(AddressFamily.V4_FIRST);
    }

    @Test
    void aNetworkThatComesLaterIsSeenWithinAMinute() {
        List<InetAddress> now = new ArrayList<>(addresses("127.0.0.1 192.0.2.7"));
        OwnAddresses own = new OwnAddresses(clock, () -> now);
        assertThat(own.get()).isEqualTo(AddressFamily.V4_ONLY);

        now.addAll(addresses("2001:db8::7"));
        assertThat(own.get()).isEqualTo(AddressFamily.V4_ONLY);
        clock.advance(Duration.ofMinutes(1));
        assertThat(own.get()).isEqualTo(AddressFamily.V4_FIRST);
    }

    private static List<InetAddress> addresses(String all) {
        List<InetAddress> list = new ArrayList<>();
        for (String one : all.split(" ")) {
            try {
                list.add(InetAddress.getByName(one));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return list;
    }
}
