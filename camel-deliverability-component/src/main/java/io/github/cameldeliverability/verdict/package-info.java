/**
 * What a reply or a diagnostic means: rule packs in YAML, and the engine that runs them.
 *
 * <p>Start with {@link io.github.cameldeliverability.verdict.RulePackEngine}; the knowledge itself is in the resource
 * folder {@code packs/}, one file a subject, listed in {@code packs/index.txt}. A rule matches structured facts (code,
 * enhanced code, phase, provider) and phrases of the text, never one expression over a whole line, and brings its own
 * samples, which are run whenever a pack is loaded.
 *
 * <p>Must not be here: what is done about a verdict (retry, suppression, shaping), reading mails, I/O apart from loading
 * packs. The YAML library does not leave {@code RulePackReader}.
 */
package io.github.cameldeliverability.verdict;
