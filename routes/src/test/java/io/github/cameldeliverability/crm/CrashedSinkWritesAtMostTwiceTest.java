package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.SendGridStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.ZohoStub;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash is made by bringing back the state as it was on the disk while the request was on its way. */
class CrashedSinkWritesAtMostTwiceTest {

    @TempDir
    Path folder;

    private StubServer server;
    private CrmRig rig;

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void aSystemThatCannotBeReadIsWrittenTwiceAtMost() throws Exception {
        server = new StubServer(new SendGridStub());
        rig = new CrmRig("sendgrid", folder, Map.of("apiKey", "SG.secret", "url", server.url(), "rate", "1000/s"));
        SuppressionChange ann = rig.change("ann@example.net", SuppressionKind.BOUNCE);
        for (int life = 1; life <= 4; life++) {
            server.trap(r -> {
                copy("crm.db", "crash/crm.db");
                copy("crm.db-wal", "crash/crm.db-wal");
                return null;
            });
            rig.start();
            rig.push(ann);
            rig.close();
            if (life < 4) {
                bringBack();
            }
        }
        assertThat(server.requests("POST", "global")).hasSize(2);
        assertThat(rig.deadLetters()).isNotEmpty().allSatisfy(d -> assertThat(d)
                .contains("written 2 times without an outcome"));
    }

    @Test
    void aSystemThatCanBeReadIsWrittenOnce() throws Exception {
        ZohoStub zoho = new ZohoStub().record("Contacts", "1", "ann@example.net");
        server = new StubServer(zoho);
        rig = new CrmRig(
                "zoho",
                folder,
                Map.of(
                        "clientId", "1000.client",
                        "clientSecret", "client-secret",
                        "refreshToken", "1000.refresh",
                        "url", server.url(),
                        "accounts", server.url(),
                        "rate", "1000/s"));
        AtomicInteger crashes = new AtomicInteger();
        server.trap(r -> {
            if (r.method().equals("PUT") && crashes.getAndIncrement() == 0) {
                copy("crm.db", "crash/crm.db");
                copy("crm.db-wal", "crash/crm.db-wal");
            }
            return null;
        });
        SuppressionChange ann = rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE);
        rig.start();
        rig.push(ann);
        rig.close();
        bringBack();
        rig.start();
        Exchange e = rig.push(ann);
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(server.requests("PUT", "")).hasSize(1);
    }

    private void copy(String from, String to) {
        try {
            Path source = folder.resolve(from);
            Files.createDirectories(folder.resolve("crash"));
            if (Files.exists(source)) {
                Files.copy(source, folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void bringBack() throws Exception {
        for (String name : List.of("crm.db", "crm.db-wal", "crm.db-shm")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        copy("crash/crm.db", "crm.db");
        copy("crash/crm.db-wal", "crm.db-wal");
    }
}
