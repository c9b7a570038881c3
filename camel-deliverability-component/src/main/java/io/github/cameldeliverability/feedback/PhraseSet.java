package io.github.cameldeliverability.feedback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds many phrases in a text in one pass (Aho and Corasick, 1975), so that a thousand phrases in thirty languages cost
 * as much as one. Phrases may form groups, and one pass tells which groups occur. Text and phrases are expected in lower
 * case. Immutable, thread-safe.
 *
 * <p>Steps on ASCII are looked up in a table that holds the whole automaton; other characters, of which there are too many
 * for a table, take a hash of the state's own transitions and the failure links.
 */
final class PhraseSet {

    private static final int ASCII = 128;

    /** The column of each ASCII character in {@link #next}; 0 for those in no phrase. */
    private final byte[] column = new byte[ASCII];

    private final int columns;
    /** The state after a state and an ASCII character, failure links followed. */
    private final char[] next;
    /** For each state the groups of which a phrase ends there. */
    private final int[] ends;

    private final char[] fail;
    private final int[] keys;
    private final char[] targets;
    private final int mask;

    PhraseSet(String... phrases) {
        this(List.of(List.of(phrases)));
    }

    private PhraseSet(List<List<String>> groups) {
        List<Map<Character, Integer>> trie = new ArrayList<>();
        trie.add(new HashMap<>());
        List<Integer> marks = new ArrayList<>(List.of(0));
        int count = 1;
        for (int g = 0; g < groups.size(); g++) {
            for (String p : groups.get(g)) {
                int state = 0;
                for (int i = 0; i < p.length(); i++) {
                    char c = p.charAt(i);
                    if (c < ASCII && column[c] == 0) {
                        column[c] = (byte) count++;
                    }
                    Integer to = trie.get(state).get(c);
                    if (to == null) {
                        to = trie.size();
                        trie.get(state).put(c, to);
                        trie.add(new HashMap<>(2));
                        marks.add(0);
                    }
                    state = to;
                }
                marks.set(state, marks.get(state) | 1 << g);
            }
        }
        if (trie.size() > Short.MAX_VALUE) {
            throw new IllegalArgumentException("too many phrases: " + trie.size() + " states");
        }
        columns = count;
        next = new char[trie.size() * columns];
        ends = marks.stream().mapToInt(Integer::intValue).toArray();
        fail = new char[trie.size()];
        int others = trie.stream()
                .mapToInt(t -> (int) t.keySet().stream().filter(c -> c >= ASCII).count())
                .sum();
        mask = Integer.highestOneBit(Math.max(8, others) * 2) * 2 - 1;
        keys = new int[mask + 1];
        targets = new char[mask + 1];
        link(trie);
    }

    /** A set of several groups, for {@link #groupsIn}: the first has bit 1, the second bit 2, the third bit 4. */
    static PhraseSet ofGroups(List<List<String>> groups) {
        return new PhraseSet(groups);
    }

    private void link(List<Map<Character, Integer>> trie) {
        Deque<Integer> queue = new ArrayDeque<>(List.of(0));
        for (int s = 0; s < trie.size(); s++) {
            for (Map.Entry<Character, Integer> e : trie.get(s).entrySet()) {
                if (e.getKey() >= ASCII) {
                    put(s, e.getKey(), e.getValue());
                }
            }
        }
        while (!queue.isEmpty()) {
            int s = queue.remove();
            ends[s] |= ends[fail[s]];
            if (s != 0) {
                System.arraycopy(next, fail[s] * columns, next, s * columns, columns);
            }
            for (Map.Entry<Character, Integer> e : trie.get(s).entrySet()) {
                char c = e.getKey();
                int child = e.getValue();
                fail[child] = (char) (s == 0 ? 0 : step(fail[s], c));
                queue.add(child);
            }
            trie.get(s).forEach((c, child) -> {
                if (c < ASCII) {
                    next[s * columns + column[c]] = (char) (int) child;
                }
            });
        }
    }

    private int step(int state, char c) {
        if (c < ASCII) {
            return next[state * columns + column[c]];
        }
        int s = state;
        while (true) {
            int to = other(s, c);
            if (to != 0 || s == 0) {
                return to;
            }
            s = fail[s];
        }
    }

    private int other(int state, char c) {
        int key = state << 16 | c;
        for (int i = slot(key); targets[i] != 0; i = (i + 1) & mask) {
            if (keys[i] == key) {
                return targets[i];
            }
        }
        return 0;
    }

    private void put(int state, char c, int target) {
        int key = state << 16 | c;
        int i = slot(key);
        while (targets[i] != 0) {
            i = (i + 1) & mask;
        }
        keys[i] = key;
        targets[i] = (char) target;
    }

    private int slot(int key) {
        int h = key * 0x9E3779B9;
        return (h ^ (h >>> 15)) & mask;
    }

    boolean in(String lowerText) {
        return endOf(lowerText, lowerText.length()) >= 0;
    }

    /** Where the first phrase found within the first {@code limit} characters ends, or -1. */
    int endOf(String lowerText, int limit) {
        int stop = Math.min(limit, lowerText.length());
        int state = 0;
        for (int i = 0; i < stop; i++) {
            state = step(state, lowerText.charAt(i));
            if (ends[state] != 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /**
     * The next place at or after a position where phrases end, or -1. The result carries its own state: hand it back as
     * {@code from} to go on, 0 to begin.
     */
    long next(String lowerText, int at, long from) {
        int state = (int) (from >>> 48);
        for (int i = at; i < lowerText.length(); i++) {
            state = step(state, lowerText.charAt(i));
            if (ends[state] != 0) {
                return (long) state << 48 | (long) ends[state] << 32 | (i + 1);
            }
        }
        return -1;
    }

    static int position(long hit) {
        return (int) hit;
    }

    static int groups(long hit) {
        return (int) (hit >>> 32) & 0xffff;
    }

    /** The bits of the groups of which a phrase occurs. */
    int groupsIn(String lowerText) {
        int found = 0;
        int state = 0;
        for (int i = 0; i < lowerText.length(); i++) {
            state = step(state, lowerText.charAt(i));
            found |= ends[state];
        }
        return found;
    }
}
