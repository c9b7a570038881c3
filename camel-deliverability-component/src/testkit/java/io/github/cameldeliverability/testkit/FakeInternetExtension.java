package io.github.cameldeliverability.testkit;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit 5 test an embedded internet of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * FakeInternetExtension internet = new FakeInternetExtension(() ->
 *         FakeInternet.builder().provider(FakeProvider.named("healthy.test")).build());
 *
 * @Test
 * void arrives(FakeInternet internet) { ... }
 * }</pre>
 */
public final class FakeInternetExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(FakeInternetExtension.class);

    private final Supplier<FakeInternet> world;

    /** @param world builds the internet before each test */
    public FakeInternetExtension(Supplier<FakeInternet> world) {
        this.world = world;
    }

    /** An internet of one healthy provider, {@code healthy.test}, for {@code @ExtendWith}. */
    public FakeInternetExtension() {
        this(() -> FakeInternet.builder()
                .provider(FakeProvider.named("healthy.test"))
                .build());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(FakeInternet.class, world.get());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        FakeInternet internet = context.getStore(NAMESPACE).remove(FakeInternet.class, FakeInternet.class);
        if (internet != null) {
            internet.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == FakeInternet.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).get(FakeInternet.class, FakeInternet.class);
    }
}
