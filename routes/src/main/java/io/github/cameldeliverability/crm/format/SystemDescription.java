package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * How one CRM or mail service is told whom not to mail, and asked whom it does not mail: the content of a YAML file of
 * {@code camel-deliverability/crm}. All texts may be templates ({@link Template}). Immutable.
 *
 * @param system its short name
 * @param title its name for people
 * @param sources the pages of the vendor that the description was made from
 * @param notes what people must know: what is written where, what cannot be undone
 * @param settings what a user gives: names and defaults
 * @param base the address before all paths
 * @param headers header fields of all calls
 * @param auth how calls prove who makes them
 * @param throttle how fast calls may follow each other
 * @param answers what answers mean; after these, what HTTP says
 * @param probe what is checked at start
 * @param kinds which of the target's states a kind of suppression (bounce, complaint, unsubscribe, invalid, manual) leads to
 * @param targets what is written
 * @param pull what is read when lists are compared
 */
public record SystemDescription(
        String system,
        String title,
        List<String> sources,
        List<String> notes,
        Map<String, Setting> settings,
        String base,
        Map<String, String> headers,
        Auth auth,
        Throttle throttle,
        List<Rule> answers,
        List<Probe> probe,
        Map<String, String> kinds,
        List<Target> targets,
        List<Pull> pull) {

    public SystemDescription {
        sources = orEmpty(sources);
        notes = orEmpty(notes);
        settings = orEmpty(settings);
        headers = orEmpty(headers);
        answers = orEmpty(answers);
        probe = orEmpty(probe);
        targets = orEmpty(targets);
        pull = orEmpty(pull);
        auth = auth == null
                ? new Auth(Auth.Type.NONE, null, null, null, null, null, null, null, null, null, null)
                : auth;
        throttle = throttle == null ? new Throttle(null, 0, 0, 0, 0, null) : throttle;
        kinds = kinds == null ? DEFAULT_KINDS : kinds;
    }

    private static final Map<String, String> DEFAULT_KINDS = Map.of(
            "unsubscribe",
            "optout",
            "complaint",
            "optout",
            "manual",
            "optout",
            "bounce",
            "bounce",
            "invalid",
            "bounce");

    /** A value that the user gives. Without default and not {@code optional} it is required. */
    public record Setting(
            String title,
            String description,
            @JsonProperty("default") String preset,
            boolean optional,
            boolean secret,
            String example) {

        public boolean isRequired() {
            return preset == null && !optional;
        }
    }

    /**
     * @param headers added to calls; {@code ${token}} is the access token of OAUTH2
     * @param query added to the query of calls
     * @param form added to the form of calls, or to a JSON body that is an object
     * @param user of BASIC, access key of SIGV4
     * @param password of BASIC, secret key of SIGV4
     * @param token the call that fetches an access token
     * @param access a template for the access token in the {@code answer}
     * @param jwt claims of the assertion {@code ${jwt}}
     * @param fixed a token that needs no fetching; if it is empty, one is fetched
     * @param service of SIGV4: the service and the region, {@code ses/eu-west-1}
     */
    public record Auth(
            Type type,
            Map<String, String> headers,
            Map<String, String> query,
            Map<String, String> form,
            String user,
            String password,
            Call token,
            String access,
            Jwt jwt,
            String fixed,
            String service) {

        /** The ways to prove who calls. */
        public enum Type {
            NONE,
            /** Header fields, query or form parameters with a key. */
            KEY,
            BASIC,
            /** A token from a token endpoint: client credentials, JWT bearer, refresh token, or a login that gives a session. */
            OAUTH2,
            /** AWS Signature Version 4. */
            SIGV4
        }

        public Auth {
            headers = orEmpty(headers);
            query = orEmpty(query);
            form = orEmpty(form);
        }
    }

    /** RFC 7523 2.1: an assertion, signed RS256 with a PKCS#8 key in PEM. */
    public record Jwt(String issuer, String subject, String audience, String key, int seconds) {}

    /**
     * @param rate calls in a time, {@code 100/10s}; empty: no limit
     * @param concurrency calls at the same time
     * @param backoff seconds to pause after a refusal that does not say how long, doubled each time
     * @param maxBackoff the longest such pause in seconds
     * @param headroom the part of the rate that is used, 0.9 if not given: clocks and other users of the key need the rest
     * @param quota header fields that tell what is left
     */
    public record Throttle(String rate, int concurrency, long backoff, long maxBackoff, double headroom, Quota quota) {

        public Throttle {
            concurrency = concurrency <= 0 ? 4 : concurrency;
            backoff = backoff <= 0 ? 1 : backoff;
            maxBackoff = maxBackoff <= 0 ? 300 : maxBackoff;
            headroom = headroom <= 0 ? 0.9 : headroom;
        }
    }

    /**
     * @param remaining the header field with the calls that are left
     * @param reset the header field with the time when there are new ones: seconds to wait, or seconds since 1970
     * @param usage the header field that tells {@code USED/ALL}, such as {@code Sforce-Limit-Info}
     * @param keep which part of the whole quota, in percent, is left to others
     */
    public record Quota(String remaining, String reset, String usage, int keep) {}

    /**
     * @param call what is asked
     * @param each a list; the probe is made for each value, named {@code each}
     * @param enabled a template; the probe is made if it is true
     * @param fields where the answer lists fields, and what makes a field writable
     * @param where what must be in the answer
     * @param says what is wrong if it is not
     */
    public record Probe(
            Call call, String each, String enabled, Fields fields, Map<String, Object> where, String says) {}

    /**
     * @param list the way to the fields
     * @param name the way to a field's name
     * @param writable what must hold for a field that can be written
     * @param target the target whose states name the fields; all if not given
     */
    public record Fields(String list, String name, Map<String, Object> writable, String target) {}

    /**
     * @param id its short name
     * @param each a list; the target is there for each value, named {@code each}
     * @param enabled a template; the target is there if it is true
     * @param optsOut fields whose value false means that somebody must not be mailed
     * @param states what to write for a state ({@code optout}, {@code bounce}): fields and values
     * @param find how records of an address are found; none: the system is asked by the address itself
     * @param compare the fields that tell whether a record is in the state; all if not given
     * @param keep for each state, what a record may say that is as strict: it is left alone
     * @param write how records are written
     * @param create how an entry is made where none is found; for lists of addresses, never for people
     * @param verify how it is read back
     */
    public record Target(
            String id,
            String each,
            String enabled,
            List<String> optsOut,
            Map<String, Map<String, Object>> states,
            Find find,
            List<String> compare,
            Map<String, List<Map<String, Object>>> keep,
            Write write,
            Write create,
            Verify verify) {

        public Target {
            optsOut = orEmpty(optsOut);
            states = orEmpty(states);
            keep = orEmpty(keep);
        }
    }

    /**
     * @param call what is asked; it may use the name address, or addresses if {@code per} is more than 1
     * @param per how many addresses a call may ask for
     * @param records the way to the records
     * @param id the way to a record's id
     * @param address ways to the addresses of a record: only a record that has the address in one of them counts
     * @param row the way from a record to the part that the state is in, if it is not the record itself
     * @param answers what answers mean
     * @param cut how many records make us believe that the answer was cut off
     * @param next how the next page is found
     * @param load a second call, where the first gives ids only
     */
    public record Find(
            Call call,
            int per,
            String records,
            String id,
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> address,
            String row,
            List<Rule> answers,
            int cut,
            Next next,
            Load load) {

        public Find {
            per = Math.max(1, per);
            answers = orEmpty(answers);
            address = orEmpty(address);
        }
    }

    /** Reads records by id: {@code ids} in the call, {@code id} if {@code per} is 1. */
    public record Load(Call call, int per, String records, String id, List<Rule> answers) {

        public Load {
            per = Math.max(1, per);
            answers = orEmpty(answers);
        }
    }

    /**
     * @param call what is sent; {@code items} are {@code {id, address, key, kind, reason, evidence, at, set, record}}; with
     *     {@code per} 1 their entries are names of their own
     * @param per how many items a call may take
     * @param answers what answers mean
     * @param results the way to the results of the items
     * @param own a way, with templates of the item, from the whole answer to the item's result; instead of {@code results}
     * @param match the way from a result to what it is about; none: results stand in the order of the items
     * @param by which entry of an item that is: {@code id} or {@code address}
     * @param absent what it means if an item has no result
     * @param outcomes what results mean
     * @param fresh whether a record is read again right before it is written, and records are written one after the other: for
     *     systems that take a list only as a whole, where a stale copy would undo what was written in between
     */
    public record Write(
            Call call,
            int per,
            List<Rule> answers,
            String results,
            String own,
            String match,
            String by,
            Outcome absent,
            List<Rule> outcomes,
            boolean fresh) {

        public Write {
            per = Math.max(1, per);
            answers = orEmpty(answers);
            outcomes = orEmpty(outcomes);
            absent = absent == null ? Outcome.RETRY : absent;
            by = by == null ? "id" : by;
        }
    }

    /**
     * Reads back what was written.
     *
     * @param from FIND asks again as before; LOAD uses the find's load; CALL the call given here; ANSWER reads the answer to
     *     the write
     * @param call as in {@link Load}
     * @param tries how often to look: some systems show a change late
     * @param pause seconds between two looks
     */
    public record Verify(
            From from,
            Call call,
            int per,
            String records,
            String id,
            String row,
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> address,
            List<Rule> answers,
            int tries,
            long pause) {

        /** Where the truth is read. */
        public enum From {
            FIND,
            LOAD,
            CALL,
            ANSWER
        }

        public Verify {
            from = from == null ? call == null ? From.FIND : From.CALL : from;
            per = Math.max(1, per);
            tries = Math.max(1, tries);
            answers = orEmpty(answers);
            address = orEmpty(address);
        }
    }

    /**
     * @param id its short name, such as {@code bounces}
     * @param call what is asked; it may use {@code since} (a time, or empty) and what {@code next} gives
     * @param each as for targets
     * @param enabled as for targets
     * @param records the way to the records
     * @param address the way to the address
     * @param where what must hold for a record to count
     * @param kind a template for the kind
     * @param reason a template for the evidence
     * @param at a template for the time: ISO-8601, or seconds since 1970
     * @param incremental whether the call obeys {@code since}
     * @param next how the next page is found
     * @param answers what answers mean
     */
    public record Pull(
            String id,
            Call call,
            String each,
            String enabled,
            String records,
            String address,
            Map<String, Object> where,
            String kind,
            String reason,
            String at,
            boolean incremental,
            Next next,
            List<Rule> answers) {

        public Pull {
            answers = orEmpty(answers);
        }
    }

    /**
     * Paging. {@code link}: the way to the next page's address, with {@code size} only after a page of so many records; {@code cursor}: the way to a text that the call uses as
     * {@code ${page}}; {@code size}: pages of this many records, {@code ${page}} counts records ({@code offset}) or pages
     * ({@code number}, from {@code first}) and ends with a page that is not full.
     */
    public record Next(String link, String cursor, int size, boolean number, int first) {}

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <K, V> Map<K, V> orEmpty(Map<K, V> map) {
        return map == null ? Map.of() : map;
    }
}
