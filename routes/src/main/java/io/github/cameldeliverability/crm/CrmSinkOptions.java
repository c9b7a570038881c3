package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription.Throttle;
import io.github.cameldeliverability.crm.push.PushOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The options of a {@link CrmSink} that are the same for all systems, as bean properties. */
public class CrmSinkOptions {

    private String system = "";
    private String name = "";
    private String state = "deliverability-crm.db";
    private String deadLetters = "";
    private boolean dryRun;
    private boolean probe = true;
    private boolean verify = true;
    private int maxChanges = PushOptions.DEFAULT.maxChanges();
    private int maxChangedPercent = PushOptions.DEFAULT.maxChangedPercent();
    private int maxRecordsPerAddress = PushOptions.DEFAULT.maxRecordsPerAddress();
    private String scopes = "";
    private String rate = "";
    private int concurrency;
    private String timeout = "30s";
    private String giveUpAfter = "24h";

    PushOptions push() {
        Set<String> chosen = Arrays.stream(scopes.split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        return new PushOptions(
                maxChanges,
                maxChangedPercent,
                maxRecordsPerAddress,
                chosen,
                verify,
                Duration.ofMillis(CrmSink.millis(giveUpAfter)),
                PushOptions.DEFAULT.giveUpAttempts());
    }

    Throttle throttle(Throttle own) {
        return new Throttle(
                rate.isBlank() ? own.rate() : rate,
                concurrency > 0 ? concurrency : own.concurrency(),
                own.backoff(),
                own.maxBackoff(),
                own.headroom(),
                own.quota());
    }

    public String getSystem() {
        return system;
    }

    /** The system: the name of a built-in one, or file:PATH. */
    public void setSystem(String system) {
        this.system = system;
    }

    public String getName() {
        return name;
    }

    /** The name under which is remembered what was written; the system's name if empty. Two accounts of one system need two names. */
    public void setName(String name) {
        this.name = name;
    }

    public String getState() {
        return state;
    }

    /** Where that is remembered: a file, or the name of a DataSource bean. */
    public void setState(String state) {
        this.state = state;
    }

    public String getDeadLetters() {
        return deadLetters;
    }

    /** The endpoint that gets what the system refuses for good, as JSON; a file of the sink's name if empty. */
    public void setDeadLetters(String deadLetters) {
        this.deadLetters = deadLetters;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** Whether nothing is written and the calls are shown. */
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isProbe() {
        return probe;
    }

    /** Whether rights and fields are checked at start. */
    public void setProbe(boolean probe) {
        this.probe = probe;
    }

    /** Whether records are read back after a write. */
    public void setVerify(boolean verify) {
        this.verify = verify;
    }

    /** How many records a batch may change; 0 for any number. */
    public void setMaxChanges(int maxChanges) {
        this.maxChanges = maxChanges;
    }

    /** How many of a batch's addresses may lead to a change, in percent. */
    public void setMaxChangedPercent(int maxChangedPercent) {
        this.maxChangedPercent = maxChangedPercent;
    }

    /** How many records may have the same address. */
    public void setMaxRecordsPerAddress(int maxRecordsPerAddress) {
        this.maxRecordsPerAddress = maxRecordsPerAddress;
    }

    /** The scopes whose entries are told, separated by commas; all if empty. */
    public void setScopes(String scopes) {
        this.scopes = scopes;
    }

    /** Calls in a time, such as 5/s, instead of the system's usual limit. */
    public void setRate(String rate) {
        this.rate = rate;
    }

    /** Calls at the same time, instead of the system's usual limit. */
    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public String getTimeout() {
        return timeout;
    }

    /** How long to wait for an answer. */
    public void setTimeout(String timeout) {
        this.timeout = timeout;
    }

    /** After which time a record that is refused for now again and again goes to the dead letters. */
    public void setGiveUpAfter(String giveUpAfter) {
        this.giveUpAfter = giveUpAfter;
    }
}
