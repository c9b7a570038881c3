package io.github.cameldeliverability.feedback;

import java.util.List;

/** One way in which reporting systems write down, in words for people, which recipients failed and why. Stateless. */
interface TextFamily {

    /** Short name, the {@code format} of the feedback. */
    String name();

    /** The recipients in this family's form; empty if the report is not of this family. */
    List<Finding> read(ReportText text, Mail mail);
}
