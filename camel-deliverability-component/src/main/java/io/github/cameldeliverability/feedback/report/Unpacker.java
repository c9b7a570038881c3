package io.github.cameldeliverability.feedback.report;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Opens gzip and zip within the limits of one reading: all its packed files together draw on one allowance. Not
 * thread-safe.
 */
final class Unpacker {

    /** Small files may shrink as much as they like. */
    private static final int RATIO_FROM = 1 << 20;

    private final ReportLimits limits;
    private int left;

    Unpacker(ReportLimits limits) {
        this.limits = limits;
        this.left = limits.unpackedBytes();
    }

    Content gunzip(Content packed) throws UnreadableReport {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.octets()))) {
            return new Content(packed.name(), drain(in, packed.octets().length));
        } catch (IOException e) {
            throw new UnreadableReport("not a gzip file: " + words(e));
        }
    }

    /** The files in a zip; a damaged zip gives those before the damage. */
    List<Content> unzip(Content packed) throws UnreadableReport {
        List<Content> files = new ArrayList<>();
        // Names are only shown: Latin-1 takes any octets, where UTF-8 would refuse the file for one of them.
        try (ZipInputStream in =
                new ZipInputStream(new ByteArrayInputStream(packed.octets()), StandardCharsets.ISO_8859_1)) {
            for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                if (files.size() >= limits.entries()) {
                    throw new UnreadableReport("more than " + limits.entries() + " files in one zip");
                }
                if (!e.isDirectory() && !e.getName().startsWith("__MACOSX/")) {
                    files.add(new Content(e.getName(), drain(in, packed.octets().length)));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // The JDK throws the latter for a name that claims to be UTF-8 and is not.
            if (files.isEmpty()) {
                throw new UnreadableReport("not a zip file that can be read: " + words(e));
            }
        }
        if (files.isEmpty()) {
            throw new UnreadableReport("a zip without files");
        }
        return files;
    }

    private static String words(Exception e) {
        return e.getMessage() == null ? "it ends too early" : e.getMessage();
    }

    private byte[] drain(InputStream in, int packedBytes) throws UnreadableReport, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 << 10];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                left -= n;
                if (left < 0) {
                    throw new UnreadableReport("unpacks to more than " + limits.unpackedBytes() + " bytes");
                }
                out.write(buffer, 0, n);
                if (out.size() > RATIO_FROM && out.size() / limits.ratio() > packedBytes) {
                    throw new UnreadableReport("unpacks to more than " + limits.ratio() + " times its size");
                }
            }
        } catch (IOException e) {
            // A cut download or a wrong checksum: what came out may still be most of a report.
            if (out.size() == 0) {
                throw e;
            }
        }
        return out.toByteArray();
    }
}
