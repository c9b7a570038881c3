package io.github.cameldeliverability.feedback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds many phrases in a text in one pass (Aho and Corasick, 1975), so that a hundred phrases in a dozen languages cost
 * as much as one. Text and phrases are expected in lower case. Immutable, thread-safe.
 */
final class PhraseSet {

    private static final class Node {
        final Map<Character, Node> next = new HashMap<>(4);
        Node fail;
        boolean end;
    }

    private final Node root = new Node();
    /** Direct transitions of the root: most characters of a text leave the automaton there. */
    private final Node[] rootAscii = new Node[128];

    PhraseSet(String... phrases) {
        this(List.of(phrases));
    }

    PhraseSet(List<String> phrases) {
        for (String p : phrases) {
            Node n = root;
            for (int i = 0; i < p.length(); i++) {
                n = n.next.computeIfAbsent(p.charAt(i), c -> new Node());
            }
            n.end = true;
        }
        Deque<Node> queue = new ArrayDeque<>();
        List<Node> children = new ArrayList<>(root.next.values());
        children.forEach(c -> c.fail = root);
        queue.addAll(children);
        root.next.forEach((c, n) -> {
            if (c < 128) {
                rootAscii[c] = n;
            }
        });
        while (!queue.isEmpty()) {
            Node n = queue.remove();
            n.next.forEach((c, child) -> {
                Node f = n.fail;
                while (f != root && !f.next.containsKey(c)) {
                    f = f.fail;
                }
                Node target = f.next.get(c);
                child.fail = target != null && target != child ? target : root;
                child.end |= child.fail.end;
                queue.add(child);
            });
        }
    }

    boolean in(String lowerText) {
        return endOf(lowerText, lowerText.length()) >= 0;
    }

    /** Where the first phrase found within the first {@code limit} characters ends, or -1. */
    int endOf(String lowerText, int limit) {
        Node n = root;
        int stop = Math.min(limit, lowerText.length());
        for (int i = 0; i < stop; i++) {
            char c = lowerText.charAt(i);
            if (n == root) {
                n = c < 128 ? rootAscii[c] : root.next.get(c);
            } else {
                Node t = n.next.get(c);
                while (t == null && n != root) {
                    n = n.fail;
                    t = n.next.get(c);
                }
                n = t;
            }
            if (n == null) {
                n = root;
            } else if (n.end) {
                return i + 1;
            }
        }
        return -1;
    }
}
