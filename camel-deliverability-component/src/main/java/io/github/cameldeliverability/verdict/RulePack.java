package io.github.cameldeliverability.verdict;

import java.util.List;

/**
 * A file of rules.
 *
 * @param name the first half of its rules' ids
 * @param layer where it is asked
 * @param file where it was read from, for messages
 * @param guards phrases that veto a hard verdict of any guarded rule in any pack
 * @param guardCodes enhanced codes that do the same
 * @param providers provider names that this pack declares to exist
 * @param rules in the order of the file
 */
record RulePack(
        String name,
        Layer layer,
        String file,
        List<Phrase> guards,
        List<EnhancedPattern> guardCodes,
        List<String> providers,
        List<Rule> rules) {

    RulePack withRules(List<Rule> others) {
        return new RulePack(name, layer, file, guards, guardCodes, providers, others);
    }
}
