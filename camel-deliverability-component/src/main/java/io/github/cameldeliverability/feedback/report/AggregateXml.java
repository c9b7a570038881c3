package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.mail.DmarcAggregate;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML of a DMARC aggregate report (RFC 7489 appendix C, RFC 9990 appendix A) front to back, without a schema:
 * any namespace or prefix, fields in any order, fields missing, fields unknown.
 *
 * <p>A file that is not well-formed is repaired and read again; one that ends too early gives the rows before the damage,
 * and says that it is not complete.
 */
final class AggregateXml {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUE = 4_096;

    private final XMLStreamReader xml;
    private final AggregateFields fields;
    private final List<String> path = new ArrayList<>();

    private AggregateXml(XMLStreamReader xml, AggregateFields fields) {
        this.xml = xml;
        this.fields = fields;
    }

    static DmarcAggregate read(byte[] octets, ReportLimits limits) throws UnreadableReport {
        String text = XmlText.decode(octets);
        // No reporter declares a document type; who does wants entities resolved.
        if (text.contains("<!DOCTYPE") || text.contains("<!ENTITY")) {
            throw new UnreadableReport("XML with a document type declaration is refused");
        }
        AggregateFields first = new AggregateFields(limits.rows());
        String fault = attempt(text, first);
        if (fault == null) {
            return finished(first, true, "");
        }
        AggregateFields second = new AggregateFields(limits.rows());
        boolean repaired = attempt(XmlText.repaired(text), second) == null;
        return finished(repaired || second.rows() >= first.rows() ? second : first, repaired, fault);
    }

    private static DmarcAggregate finished(AggregateFields fields, boolean whole, String fault)
            throws UnreadableReport {
        if (!fields.isReport()) {
            throw new UnreadableReport(fault.isEmpty() ? "XML that is no DMARC report" : "broken XML: " + fault);
        }
        return fields.report(whole);
    }

    /** Null if the text was read to its end, else what stopped the parser. */
    private static String attempt(String text, AggregateFields fields) throws UnreadableReport {
        try {
            XMLStreamReader xml = factory().createXMLStreamReader(new StringReader(text));
            try {
                new AggregateXml(xml, fields).run();
                return null;
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            String message = String.valueOf(e.getMessage());
            int detail = message.indexOf("Message: ");
            return (detail < 0 ? message : message.substring(detail + 9)).strip();
        } catch (RuntimeException e) {
            // The JDK's parser throws others than it declares on some broken input.
            return e.getClass().getSimpleName();
        }
    }

    /** A factory of the JDK, whatever else is on the class path, with everything off that could fetch or expand. */
    private static XMLInputFactory factory() {
        XMLInputFactory f = XMLInputFactory.newDefaultFactory();
        f.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        f.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        f.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        f.setProperty(XMLInputFactory.IS_VALIDATING, false);
        // Reports use prefixes that they never declare; names are told by what stands after the colon.
        f.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        f.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are refused");
        });
        return f;
    }

    private void run() throws XMLStreamException, UnreadableReport {
        StringBuilder value = new StringBuilder();
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (path.size() >= MAX_DEPTH) {
                        throw new UnreadableReport("XML nested more than " + MAX_DEPTH + " deep");
                    }
                    String name = localName();
                    path.add(name);
                    value.setLength(0);
                    fields.begin(name, parent(1));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    int room = MAX_VALUE - value.length();
                    if (room > 0) {
                        String text = xml.getText();
                        value.append(text, 0, Math.min(room, text.length()));
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    String name = path.get(path.size() - 1);
                    fields.end(name, parent(1), parent(2), value.toString().strip());
                    value.setLength(0);
                    path.remove(path.size() - 1);
                    if (name.equals("feedback")) {
                        // What stands after the report is none of it, well-formed or not.
                        return;
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new UnreadableReport("XML with entities is refused");
                default -> {}
            }
        }
    }

    private String localName() {
        String name = xml.getLocalName();
        return name.substring(name.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT);
    }

    private String parent(int up) {
        int i = path.size() - 1 - up;
        return i < 0 ? "" : path.get(i);
    }
}
