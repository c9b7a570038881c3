package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A list of failed addresses and a transcript of the SMTP session: Sendmail from version 5 on, MDaemon, InterScan, EZweb,
 * Active!hunter.
 *
 * <pre>
 *    ----- The following addresses had permanent fatal errors -----
 * &lt;user@example.com&gt;
 *     (reason: 550 5.1.1 No such user)
 *    ----- Transcript of session follows -----
 * &gt;&gt;&gt; RCPT To:&lt;user@example.com&gt;
 * &lt;&lt;&lt; 550 5.1.1 No such user
 * </pre>
 */
final class TranscriptFamily implements TextFamily {

    private static final PhraseSet LIST = new PhraseSet(
            "the following addresses had",
            "the following address had",
            "the following addresses did not",
            "following recipients were not",
            "failed addresses follow",
            "failed recipients ---",
            "the following addresses have");

    private static final PhraseSet SESSION = new PhraseSet(
            "transcript of",
            "session transcript",
            "while talking to",
            "talking to ",
            "non-delivered information",
            "rcpt to:<",
            "rcpt to: <");

    @Override
    public String name() {
        return "transcript";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        if (!LIST.in(text.lower()) && !SESSION.in(text.lower())) {
            return List.of();
        }
        return new Reading(text.lines()).findings();
    }

    /** The command that the last refusal of a transcript answered. */
    static Optional<SmtpPhase> lastPhase(ReportText text) {
        String command = "";
        Optional<SmtpPhase> phase = Optional.empty();
        for (String raw : text.lines()) {
            String line = raw.strip();
            if (line.startsWith(">>> ") && line.length() > 6) {
                command = line.substring(4).toUpperCase(Locale.ROOT);
            } else if (line.startsWith("<<< ") && line.length() > 6 && line.charAt(4) >= '4' && line.charAt(4) <= '5') {
                // "503 Need RCPT" only follows from the refusal before it.
                if (!line.startsWith("<<< 503") && !line.contains("valid recipient")) {
                    phase = phaseOf(command);
                }
            }
        }
        return phase;
    }

    private static Optional<SmtpPhase> phaseOf(String command) {
        if (command.startsWith("RCPT")) {
            return Optional.of(SmtpPhase.RCPT);
        }
        if (command.startsWith("MAIL")) {
            return Optional.of(SmtpPhase.MAIL);
        }
        if (command.startsWith("DATA") || command.startsWith(".") || command.startsWith("BDAT")) {
            return Optional.of(SmtpPhase.DOT);
        }
        return command.startsWith("EHLO") || command.startsWith("HELO")
                ? Optional.of(SmtpPhase.EHLO)
                : Optional.empty();
    }

    /** The state of one reading, line by line. */
    private static final class Reading {
        private final List<String> lines;
        private final Map<String, Finding> listed = new LinkedHashMap<>();
        private final Map<String, StringBuilder> said = new LinkedHashMap<>();
        private final Map<String, EmailAddress> seen = new LinkedHashMap<>();
        private final StringBuilder common = new StringBuilder();
        private String currentCommand = "";
        private EmailAddress current;
        private Finding lastListed;
        private boolean inList;
        private boolean inSession;
        private boolean dashed;
        private String pending = "";

        Reading(List<String> lines) {
            this.lines = lines;
        }

        List<Finding> findings() {
            for (String line : lines) {
                step(line.strip());
            }
            if (listed.isEmpty()) {
                seen.forEach((k, a) -> listed.put(k, Finding.of(a, "")));
            }
            Findings out = new Findings();
            for (Finding f : listed.values()) {
                StringBuilder s = said.get(f.address().key());
                if (s == null && f.finalAddress().isPresent()) {
                    s = said.get(f.finalAddress().get().toLowerCase(Locale.ROOT));
                }
                String talk = s == null ? "" : s.toString().strip();
                String words = f.text().isBlank() ? talk : f.text() + (talk.isEmpty() ? "" : " " + talk);
                out.add(f.withText(words.isBlank() ? common.toString().strip() : words));
            }
            return out.list();
        }

        private void step(String line) {
            if (line.isEmpty()) {
                return;
            }
            String lower = line.toLowerCase(Locale.ROOT);
            if (LIST.in(lower)) {
                inList = true;
                inSession = false;
                return;
            }
            if (lower.startsWith("-----") || lower.startsWith("--- ") || lower.contains("transcript of")) {
                inList = false;
                inSession = true;
                dashed = lower.contains("transcript of");
                return;
            }
            if (inList) {
                listLine(line, lower);
            } else {
                sessionLine(line, lower);
            }
        }

        private void listLine(String line, String lower) {
            if (lower.startsWith("(reason:")) {
                appendToLast(inner(line, 8));
                return;
            }
            if (lower.startsWith("(expanded from:") || lower.startsWith("(aliased from:")) {
                Optional<EmailAddress> source = Addresses.first(line);
                source.ifPresent(this::expandedFrom);
                return;
            }
            List<Addresses.Found> found = Addresses.find(line);
            boolean pipe = line.startsWith("\"|") || line.startsWith("|");
            if (!found.isEmpty() && !pipe && (found.get(0).start() < 6 || line.startsWith(">"))) {
                EmailAddress a = found.get(0).address();
                String rest = line.substring(found.get(found.size() - 1).end()).strip();
                lastListed = Finding.of(a, rest.startsWith("(unrecoverable") || rest.length() < 3 ? "" : rest);
                listed.merge(a.key(), lastListed, Finding::merge);
            } else if (pipe) {
                lastListed = null;
                common.append(line).append(' ');
            } else if (lastListed != null) {
                appendToLast(line);
            } else {
                common.append(line).append(' ');
            }
        }

        private static String inner(String line, int from) {
            String s = line.substring(from).strip();
            return s.endsWith(")") ? s.substring(0, s.length() - 1) : s;
        }

        private void appendToLast(String words) {
            if (lastListed != null) {
                Finding f = listed.get(lastListed.address().key());
                lastListed = (f == null ? lastListed : f).merge(Finding.of(lastListed.address(), words));
                listed.put(lastListed.address().key(), lastListed);
            }
        }

        /** The list names where the alias led; the sender knows the alias. */
        private void expandedFrom(EmailAddress source) {
            Finding f = lastListed == null
                    ? null
                    : listed.remove(lastListed.address().key());
            lastListed = f == null
                    ? Finding.of(source, "")
                    : new Finding(source, Optional.of(f.address().toString()), "", "", f.text());
            listed.put(source.key(), lastListed);
        }

        private void sessionLine(String line, String lower) {
            int rcpt = lower.indexOf("rcpt to:");
            if (rcpt >= 0 && rcpt < 24) {
                inSession = true;
                Addresses.first(line.substring(rcpt)).ifPresent(a -> {
                    current = a;
                    seen.putIfAbsent(a.key(), a);
                });
                currentCommand = ">>> RCPT TO";
                return;
            }
            if (lower.startsWith(">>> ") || lower.startsWith("mail from:") || lower.startsWith("data")) {
                currentCommand = line.startsWith(">>>") ? command(line) : ">>> " + command(">>> " + line);
                return;
            }
            String reply = reply(line);
            if (reply != null) {
                Optional<EmailAddress> a = currentCommand.equals(">>> MAIL FROM") && line.startsWith("<<<")
                        ? Optional.empty()
                        : namedIn(reply);
                a.ifPresent(x -> seen.putIfAbsent(x.key(), x));
                boolean remote = line.startsWith("<<<") || line.startsWith("Received >>>");
                // Sendmail's own summary stands without "<<<"; it concerns whom it names, nobody else.
                boolean ofCurrent = currentCommand.equals(">>> RCPT TO") && (remote || !dashed);
                EmailAddress whom = a.orElse(ofCurrent ? current : null);
                if (whom != null) {
                    StringBuilder b = said.computeIfAbsent(whom.key(), k -> new StringBuilder());
                    if (!pending.isEmpty()) {
                        // What the server said to MAIL or DATA is why this recipient failed.
                        b.append(pending).append(' ');
                    }
                    pending = "";
                    if (b.indexOf(reply) < 0) {
                        b.append(remote ? currentCommand + ": " : "")
                                .append(reply)
                                .append(' ');
                    }
                    return;
                }
                if (remote) {
                    pending = currentCommand + ": " + reply;
                }
                common.append(reply).append(' ');
            } else if (inSession || lower.startsWith("recipient:")) {
                common.append(line).append(' ');
            }
        }

        private static String command(String line) {
            String[] words = line.split("[ :]+", 4);
            if (words.length > 2 && (words[1].equalsIgnoreCase("rcpt") || words[1].equalsIgnoreCase("mail"))) {
                return ">>> " + words[1].toUpperCase(Locale.ROOT) + " " + words[2].toUpperCase(Locale.ROOT);
            }
            return words.length > 1 ? ">>> " + words[1].toUpperCase(Locale.ROOT) : "";
        }

        /** The reply in a line: {@code <<< 550 no}, {@code Received >>> 550 no}, {@code 550 no}; only failures. */
        private static String reply(String line) {
            String s = line;
            if (s.startsWith("<<<")) {
                s = s.substring(3).strip();
            } else if (s.regionMatches(true, 0, "Received >>>", 0, 12)) {
                s = s.substring(12).strip();
            }
            boolean code = s.length() > 3
                    && (s.charAt(0) == '4' || s.charAt(0) == '5')
                    && Character.isDigit(s.charAt(1))
                    && Character.isDigit(s.charAt(2))
                    && (s.charAt(3) == ' ' || s.charAt(3) == '-');
            return code ? s : null;
        }

        /** The recipient that a reply names right after its codes: {@code 550 5.1.1 <a@b>... User unknown}. */
        private static Optional<EmailAddress> namedIn(String reply) {
            List<Addresses.Found> found = Addresses.find(reply);
            if (found.isEmpty() || found.get(0).start() > 16) {
                return Optional.empty();
            }
            String after = reply.substring(found.get(0).end());
            return after.startsWith("...") ? Optional.of(found.get(0).address()) : Optional.empty();
        }
    }
}
