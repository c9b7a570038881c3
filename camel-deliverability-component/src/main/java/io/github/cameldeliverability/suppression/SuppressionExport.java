package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * All entries of a list as text, read from the list a page at a time: a million entries need the memory of one page.
 *
 * <p>Blocking: reading waits for the list.
 */
public final class SuppressionExport extends InputStream {

    private final SuppressionList suppressions;
    private final String list;
    private final SuppressionFormat format;
    private final int pageSize;
    private final boolean hashed;

    private String after = "";
    private boolean ended;
    private byte[] page;
    private int position;

    /** @param hashed whether each address is replaced by its pseudonym, and evidence, which may name it, left out */
    public SuppressionExport(
            SuppressionList suppressions, String list, SuppressionFormat format, int pageSize, boolean hashed) {
        this.hashed = hashed;
        this.suppressions = suppressions;
        this.list = list;
        this.format = format;
        this.pageSize = pageSize;
        this.page = format == SuppressionFormat.CSV
                ? SuppressionCsv.header().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
    }

    @Override
    public int read() throws IOException {
        return fill() ? page[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, page.length - position);
        System.arraycopy(page, position, target, offset, n);
        position += n;
        return n;
    }

    private boolean fill() throws IOException {
        while (position == page.length && !ended) {
            List<Suppression> entries = next();
            ended = entries.isEmpty();
            StringBuilder text = new StringBuilder();
            for (Suppression entry : entries) {
                Suppression s = hashed ? pseudonymous(entry) : entry;
                text.append(
                        format == SuppressionFormat.CSV
                                ? SuppressionCsv.row(s)
                                : SuppressionJson.of(s).toJson() + "\n");
                after = entry.address().key();
            }
            page = text.toString().getBytes(StandardCharsets.UTF_8);
            position = 0;
        }
        return position < page.length;
    }

    private Suppression pseudonymous(Suppression entry) throws IOException {
        try {
            return entry.forAddress(
                    suppressions
                            .pseudonym(entry.address())
                            .toCompletableFuture()
                            .get(),
                    "");
        } catch (ExecutionException e) {
            throw new IOException("Cannot hash the addresses of the suppression list " + list, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while reading the suppression list " + list, e);
        }
    }

    private List<Suppression> next() throws IOException {
        try {
            return SuppressionPage.wholeAddresses(
                    suppressions
                            .list(list, after, pageSize)
                            .toCompletableFuture()
                            .get(),
                    pageSize);
        } catch (ExecutionException e) {
            throw new IOException("Cannot read the suppression list " + list, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while reading the suppression list " + list, e);
        }
    }
}
