package io.github.cameldeliverability.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proof that this process alone runs the queue of a file: a lock on the side file {@code FILE.lock}. The operating
 * system drops it when the process dies, however it dies. The side file stays; only the lock on it counts.
 */
final class OwnerLock implements AutoCloseable {

    /**
     * Files locked by this process. Asked first, because closing any second channel to a file drops this process's POSIX
     * locks on it, so the side file must not even be opened twice.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path sideFile;
    private final FileChannel channel;

    private OwnerLock(Path sideFile, FileChannel channel) {
        this.sideFile = sideFile;
        this.channel = channel;
    }

    static OwnerLock take(Path database, String node, Instant now) throws IOException {
        Path sideFile = database.resolveSibling(database.getFileName() + ".lock");
        if (!OURS.add(sideFile)) {
            throw new IOException("store " + database + ": already open in this process");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    sideFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException("store " + database + ": in use by " + owner(sideFile)
                        + "; one engine at a time may open an SQLite store (operators' commands work beside it)");
            }
            byte[] text = ("process " + ProcessHandle.current().pid() + " (" + node + ") since " + now)
                    .getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text), 0);
            return new OwnerLock(sideFile, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            OURS.remove(sideFile);
            throw e;
        }
    }

    private static String owner(Path sideFile) {
        try {
            String text = Files.readString(sideFile).strip();
            return text.isEmpty() ? "another process" : text;
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OURS.remove(sideFile);
        }
    }
}
