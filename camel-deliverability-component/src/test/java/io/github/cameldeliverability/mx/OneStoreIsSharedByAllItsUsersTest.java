package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneStoreIsSharedByAllItsUsersTest {

    private final CamelContext context = new DefaultCamelContext();
    private final List<Path> opened = new ArrayList<>();
    private final List<Store> closed = new ArrayList<>();

    @BeforeEach
    void start() {
        context.getRegistry().bind("opener", SharedStores.Opener.class, (SharedStores.Opener) path -> {
            opened.add(path);
            return new EmptyStore();
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void sameFileByTwoNamesIsOpenedOnce() {
        SharedStores stores = SharedStores.of(context);
        Store a = stores.acquire("target/x.db");
        Store b = stores.acquire("target/../target/x.db");
        Store other = stores.acquire("target/y.db");

        assertThat(a).isSameAs(b).isNotSameAs(other);
        assertThat(opened).hasSize(2).allMatch(Path::isAbsolute);
        assertThat(SharedStores.of(context)).isSameAs(stores);
    }

    @Test
    void theLastReleaseCloses() {
        SharedStores stores = SharedStores.of(context);
        Store a = stores.acquire("x.db");
        stores.acquire("x.db");
        stores.release(a);
        assertThat(closed).isEmpty();
        stores.release(a);
        assertThat(closed).containsExactly(a);
        stores.release(a);
        assertThat(closed).as("a release too many").containsExactly(a);

        assertThat(stores.acquire("x.db")).isNotSameAs(a);
    }

    @Test
    void theContextClosesWhatNobodyGaveBack() {
        Store a = SharedStores.of(context).acquire("x.db");
        context.stop();
        assertThat(closed).containsExactly(a);
    }

    @Test
    void aBeanIsFoundByNameAndNeverClosed() {
        Store bean = new EmptyStore();
        context.getRegistry().bind("mine", bean);
        SharedStores stores = SharedStores.of(context);
        assertThat(stores.acquire("mine")).isSameAs(bean);
        stores.release(bean);
        stores.acquire("mine");
        context.stop();
        assertThat(opened).isEmpty();
        assertThat(closed).isEmpty();
    }

    @Test
    void aStoreThatCannotBeOpenedIsNamed() {
        context.getRegistry().bind("opener", SharedStores.Opener.class, (SharedStores.Opener) path -> {
            throw new IOException("disk gone");
        });
        assertThatThrownBy(() -> SharedStores.of(context).acquire("x.db"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Path.of("x.db").toAbsolutePath().toString())
                .hasMessageContaining("disk gone");
    }

    private final class EmptyStore implements Store {
        @Override
        public Spool spool() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EventLog events() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SuppressionList suppressions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<byte[]> secret(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> unhealthyReason() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.add(this);
        }
    }
}
