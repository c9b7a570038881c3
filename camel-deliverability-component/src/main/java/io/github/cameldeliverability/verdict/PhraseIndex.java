package io.github.cameldeliverability.verdict;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which of many literals occur in a text, in one pass whatever their number (Aho and Corasick, 1975). Transitions
 * are kept in one open-addressing table, so the whole index of some thousand literals fits into the processor's cache.
 * Immutable.
 */
final class PhraseIndex {

    private static final int[] NOTHING = new int[0];

    private final int[] keys;
    private final int[] targets;
    private final int mask;
    private final int[] fail;
    /** For each state the numbers of the literals that end there, those of its suffixes included. */
    private final int[][] output;

    /** What the index calls back for each literal found, once for each place. */
    interface Found {
        /** @param end the position after the literal */
        void literal(int number, int end);
    }

    PhraseIndex(List<String> literals) {
        List<Map<Character, Integer>> trie = new ArrayList<>();
        List<int[]> out = new ArrayList<>();
        trie.add(new HashMap<>());
        out.add(NOTHING);
        int transitions = 0;
        for (int n = 0; n < literals.size(); n++) {
            int state = 0;
            for (char c : literals.get(n).toCharArray()) {
                Integer next = trie.get(state).get(c);
                if (next == null) {
                    next = trie.size();
                    trie.get(state).put(c, next);
                    trie.add(new HashMap<>());
                    out.add(NOTHING);
                    transitions++;
                }
                state = next;
            }
            out.set(state, append(out.get(state), n));
        }
        if (trie.size() > 1 << 16) {
            throw new IllegalArgumentException("too many phrases: " + trie.size() + " states");
        }
        int size = Integer.highestOneBit(Math.max(16, transitions) * 2) * 2;
        mask = size - 1;
        keys = new int[size];
        targets = new int[size];
        Arrays.fill(keys, -1);
        fail = new int[trie.size()];
        output = new int[trie.size()][];
        for (int s = 0; s < trie.size(); s++) {
            for (Map.Entry<Character, Integer> e : trie.get(s).entrySet()) {
                put(s, e.getKey(), e.getValue());
            }
        }
        link(trie, out);
    }

    private void link(List<Map<Character, Integer>> trie, List<int[]> out) {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        queue.add(0);
        while (!queue.isEmpty()) {
            int state = queue.remove();
            output[state] = out.get(state);
            if (state != 0) {
                for (int n : output[fail[state]]) {
                    output[state] = append(output[state], n);
                }
            }
            for (Map.Entry<Character, Integer> e : trie.get(state).entrySet()) {
                int child = e.getValue();
                fail[child] = state == 0 ? 0 : step(fail[state], e.getKey());
                queue.add(child);
            }
        }
    }

    private static int[] append(int[] a, int n) {
        int[] b = Arrays.copyOf(a, a.length + 1);
        b[a.length] = n;
        return b;
    }

    void scan(String text, Found found) {
        int state = 0;
        for (int i = 0; i < text.length(); i++) {
            state = step(state, text.charAt(i));
            for (int n : output[state]) {
                found.literal(n, i + 1);
            }
        }
    }

    private int step(int from, char c) {
        int state = from;
        while (true) {
            int next = get(state, c);
            if (next >= 0) {
                return next;
            }
            if (state == 0) {
                return 0;
            }
            state = fail[state];
        }
    }

    private int get(int state, char c) {
        int key = (state << 16) | c;
        for (int i = slot(key); ; i = (i + 1) & mask) {
            if (targets[i] == 0) {
                return -1;
            }
            if (keys[i] == key) {
                return targets[i];
            }
        }
    }

    private void put(int state, char c, int target) {
        int key = (state << 16) | c;
        int i = slot(key);
        while (targets[i] != 0) {
            i = (i + 1) & mask;
        }
        keys[i] = key;
        targets[i] = target;
    }

    private int slot(int key) {
        int h = key * 0x9E3779B9;
        return (h ^ (h >>> 15)) & mask;
    }
}
