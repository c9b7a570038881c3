package io.github.cameldeliverability.delivery;

import java.util.HashMap;
import java.util.Map;

/**
 * What each stream has of something that all share, in pieces and in bytes, and whether it may have more. The most
 * important streams may have all of it; what is less important may have half, and a quarter, of it, so that it never
 * fills what more important mail needs. Not thread-safe.
 */
final class Usage {

    private static final class Use {
        int priority;
        int pieces;
        long bytes;
    }

    private final Map<String, Use> byStream = new HashMap<>();
    private int pieces;
    private long bytes;

    int pieces() {
        return pieces;
    }

    long bytes() {
        return bytes;
    }

    void take(Standing s, int size) {
        Use use = byStream.computeIfAbsent(s.stream(), n -> new Use());
        use.priority = s.priority();
        use.pieces++;
        use.bytes += size;
        pieces++;
        bytes += size;
    }

    void giveBack(String stream, int size) {
        Use use = byStream.get(stream);
        use.pieces--;
        use.bytes -= size;
        if (use.pieces == 0) {
            byStream.remove(stream);
        }
        pieces--;
        bytes -= size;
    }

    /** How many more pieces of {@code size} bytes each a stream may take, of at most so much in all. */
    int room(Standing s, int size, int maxPieces, long maxBytes) {
        int level = 0;
        long levelBytes = 0;
        for (Use u : byStream.values()) {
            if (u.priority <= s.priority()) {
                level += u.pieces;
                levelBytes += u.bytes;
            }
        }
        Use mine = byStream.get(s.stream());
        int own = mine == null ? 0 : mine.pieces;
        long ownBytes = mine == null ? 0 : mine.bytes;
        long ofLevel = s.ofLevel(maxPieces);
        long bytesOfLevel = s.ofLevel(maxBytes);
        if (pieces == 0 && size > maxBytes) {
            // It would never fit otherwise.
            return 1;
        }
        boolean tooManyBytes = bytes + size > maxBytes
                || (level > 0 && levelBytes + size > bytesOfLevel)
                || (own > 0 && ownBytes + size > s.own(bytesOfLevel));
        if (tooManyBytes) {
            return 0;
        }
        long room = Math.min(maxPieces - pieces, Math.min(ofLevel - level, s.own(ofLevel) - own));
        return (int) Math.max(0, room);
    }
}
