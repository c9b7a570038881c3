package io.github.cameldeliverability.feedback.report;

import static io.github.cameldeliverability.feedback.report.Reports.AGGREGATE;
import static io.github.cameldeliverability.feedback.report.Reports.COMPLAINT;
import static io.github.cameldeliverability.feedback.report.Reports.FAILURE;
import static io.github.cameldeliverability.feedback.report.Reports.READER;
import static io.github.cameldeliverability.feedback.report.Reports.TLS;
import static io.github.cameldeliverability.feedback.report.Reports.bytes;
import static io.github.cameldeliverability.feedback.report.Reports.gzip;
import static io.github.cameldeliverability.feedback.report.Reports.mail;
import static io.github.cameldeliverability.feedback.report.Reports.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DmarcAggregate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileReportDoesNoHarmTest {

    private static final String SPICE = "<>&;\"{}[],:\0\n/";

    @TempDir
    Path folder;

    @Test
    void externalEntitiesAreNeverFetched() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "TOP-SECRET");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(200);
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/x";
            for (String declaration : List.of(
                    "<!DOCTYPE feedback [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>",
                    "<!DOCTYPE feedback [<!ENTITY e SYSTEM \"" + url + "\">]>",
                    "<!DOCTYPE feedback SYSTEM \"" + url + "\">",
                    "<!DOCTYPE feedback [<!ENTITY % p SYSTEM \"" + url + "\"> %p;]>",
                    "<?xml-stylesheet href=\"" + url + "\"?>")) {
                String xml = AGGREGATE
                        .replace(
                                "<feedback>",
                                declaration + "<feedback xmlns:xi=\"http://www.w3.org/2001/XInclude\""
                                        + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                                        + " xsi:noNamespaceSchemaLocation=\"" + url + "\">")
                        .replace("<org_name>", "<org_name>&e;<xi:include href=\"" + url + "\" parse=\"text\"/>");
                ReadReports read = READER.read(bytes(xml));
                assertThat(read.toString()).doesNotContain("TOP-SECRET");
                if (declaration.startsWith("<!DOCTYPE")) {
                    assertThat(read.reports()).isEmpty();
                    assertThat(read.faults())
                            .extracting(ReportFault::what)
                            .first()
                            .asString()
                            .contains("refused");
                }
            }
            Assertions.assertThrows(SocketTimeoutException.class, server::accept, "somebody fetched");
        }
    }

    @Test
    void aBillionLaughsAreRefused() {
        StringBuilder dtd = new StringBuilder("<!DOCTYPE feedback [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 10; i++) {
            dtd.append("<!ENTITY l")
                    .append(i)
                    .append(" \"")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        String xml = AGGREGATE.replace("<feedback>", dtd + "]><feedback>").replace("Sons", "&l9;");
        quickly(bytes(xml), 0);
    }

    @Test
    void bombsStopAtTheLimits() {
        byte[] zeros = new byte[24 << 20];
        Arrays.fill(zeros, (byte) ' ');
        byte[] bomb = gzip(zeros);
        for (byte[] b : List.of(
                bomb,
                zip(zeros),
                gzip(gzip(zeros)),
                zip(bomb, bomb, bomb),
                bytes(mail("application/gzip", bomb, bomb)))) {
            quickly(b, 0);
        }
        // Each small enough alone; together too much.
        byte[] noise = new byte[20 << 20];
        new Random(7).nextBytes(noise);
        noise[0] = '<';
        ReadReports read = new MailReportReader(new ReportLimits(128 << 20, 64 << 20, 200, 4, 100, 10))
                .read(zip(noise, noise, noise, noise));
        assertThat(read.faults()).extracting(ReportFault::what).anyMatch(w -> w.contains("unpacks to more than"));
    }

    @Test
    void nestingEntriesRowsAndDepthEnd() {
        byte[] nested = bytes(AGGREGATE);
        for (int i = 0; i < 8; i++) {
            nested = gzip(nested);
        }
        quickly(nested, 0);
        byte[][] many = new byte[150][];
        Arrays.fill(many, bytes("<a/>"));
        quickly(zip(many), 0);
        quickly(bytes("<feedback>".repeat(100_000)), 0);
        quickly(bytes("<a ".repeat(500_000)), 0);
        quickly(bytes("<".repeat(2_000_000)), 0);
        quickly(bytes("<a>" + "&".repeat(2_000_000)), 0);
        quickly(bytes("<feedback " + "a='b' ".repeat(200_000) + ">"), 0);
        quickly(bytes("[".repeat(1_000_000)), 0);
        quickly(bytes("{\"policies\":" + "[".repeat(1_000_000)), 0);
        quickly(bytes("{\"policies\":[" + "1,".repeat(2_000_000) + "1]}"), 0);
        quickly(bytes("Content-Type: message/rfc822\n\n".repeat(20_000)), 0);
        DmarcAggregate cut = (DmarcAggregate) new MailReportReader(new ReportLimits(1 << 20, 1 << 20, 200, 4, 9, 2))
                .read(bytes(AGGREGATE))
                .reports()
                .get(0);
        assertThat(cut.rows()).hasSize(2);
        assertThat(cut.complete()).isFalse();
    }

    @Test
    void hugeCountsDoNotOverflow() {
        String max = String.valueOf(Long.MAX_VALUE);
        DmarcAggregate a = (DmarcAggregate) READER.read(bytes(AGGREGATE.replaceAll("<count>[0-9]+", "<count>" + max)))
                .reports()
                .get(0);
        assertThat(a.totals().messages()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsNoReportIsAFaultInWords() {
        for (String s : List.of(
                "",
                " \n",
                "x",
                "<",
                "<html><body>hello</body></html>",
                "<feedback/>",
                "{}",
                "{\"a\":",
                "[1,2]",
                "null",
                "PK\u0003\u0004",
                "Subject: hello\n\nWe should meet.\n",
                mail("application/pdf", bytes("%PDF-1.4")))) {
            ReadReports read = READER.read(s.getBytes(StandardCharsets.ISO_8859_1), "f.bin");
            assertThat(read.reports()).as(s).isEmpty();
            assertThat(read.faults()).as(s).isNotEmpty().allSatisfy(f -> assertThat(f.what())
                    .isNotBlank());
        }
        assertThat(READER.read(new byte[] {0x1f, (byte) 0x8b, 8}).faults()).hasSize(1);
    }

    @Test
    void mutatedReportsNeverThrow() {
        Random random = new Random(20260701);
        List<byte[]> seeds = List.of(
                bytes(AGGREGATE),
                gzip(bytes(AGGREGATE)),
                zip(bytes(AGGREGATE)),
                bytes(TLS),
                bytes(FAILURE),
                bytes(COMPLAINT),
                AGGREGATE.getBytes(StandardCharsets.UTF_16),
                bytes(mail("application/gzip", gzip(bytes(AGGREGATE)))),
                bytes(mail("application/tlsrpt+json", bytes(TLS))));
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        int read = 0;
        while (System.nanoTime() < end || read < 300) {
            byte[] mutated = mutated(seeds.get(random.nextInt(seeds.size())), random);
            ReadReports r = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> READER.read(mutated));
            assertThat(r.reports().size() + r.faults().size()).isPositive();
            read++;
        }
    }

    private static byte[] mutated(byte[] in, Random random) {
        byte[] out = in.clone();
        for (int n = random.nextInt(5); n >= 0; n--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out = Arrays.copyOf(out, at + 1);
                case 2 -> out[at] = (byte) SPICE.charAt(random.nextInt(SPICE.length()));
                default -> {
                    ByteArrayOutputStream b = new ByteArrayOutputStream();
                    b.write(out, 0, at);
                    b.write(out, 0, Math.min(out.length, random.nextInt(400)));
                    b.write(out, at, out.length - at);
                    out = b.toByteArray();
                }
            }
        }
        return out;
    }

    private static void quickly(byte[] content, int reports) {
        ReadReports read =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(8), () -> READER.read(content, "hostile"));
        assertThat(read.reports()).hasSize(reports);
        assertThat(read.faults()).isNotEmpty();
    }
}
