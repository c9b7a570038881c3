package io.github.cameldeliverability.compose;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes CRLF of every line end: CR LF, CR alone, LF alone. */
final class LineEnds {

    private LineEnds() {}

    static String toCrlf(String s) {
        return s.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    }

    static byte[] toCrlf(byte[] octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length + 64);
        for (int i = 0; i < octets.length; i++) {
            byte b = octets[i];
            if (b == '\r' || b == '\n') {
                if (b == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                    i++;
                }
                out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                out.write(b);
            }
        }
        return out.toByteArray();
    }
}
