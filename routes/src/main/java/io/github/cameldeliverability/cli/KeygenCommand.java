package io.github.cameldeliverability.cli;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes DKIM keys and the DNS records that publish them (RFC 6376 3.6.1, RFC 8463). */
@Command(
        name = "keygen",
        description = "Makes DKIM keys (RSA and Ed25519) and prints the DNS records to publish.",
        mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {

    enum Kind {
        RSA,
        ED25519,
        BOTH
    }

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "the signing domain (d=)")
    private String domain;

    @Parameters(
            index = "1",
            paramLabel = "SELECTOR",
            description = "the selector (s=); with both kinds the Ed25519 one gets the suffix -ed")
    private String selector;

    @Option(names = "--type", defaultValue = "BOTH", description = "rsa, ed25519 or both (default)")
    private Kind kind;

    @Option(names = "--bits", defaultValue = "2048", description = "RSA key length: 2048 (default), 3072 or 4096")
    private int bits;

    @Option(names = "--out", defaultValue = ".", paramLabel = "DIR", description = "where the key files go")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkName("DOMAIN", domain);
        checkName("SELECTOR", selector);
        if (bits != 2048 && bits != 3072 && bits != 4096) {
            throw new UserError("--bits must be 2048, 3072 or 4096, not " + bits);
        }
        if (!Files.isDirectory(directory)) {
            throw new UserError("--out is not a directory: " + directory);
        }
        SecureRandom random = new SecureRandom();
        List<String> zoneLines = new ArrayList<>();
        if (kind != Kind.ED25519) {
            zoneLines.add(write(DkimKeyPair.generateRsa(bits, random), selector));
        }
        if (kind != Kind.RSA) {
            zoneLines.add(write(DkimKeyPair.generateEd25519(random), kind == Kind.BOTH ? selector + "-ed" : selector));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        out.println("Publish, and wait for the old records' TTL before the first signature:");
        zoneLines.forEach(out::println);
        return Deliverability.OK;
    }

    private String write(DkimKeyPair pair, String name) throws IOException {
        Path file = directory.resolve(domain + "." + name + ".pem");
        try {
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserError("key file exists already, choose another selector or remove it: " + file, e);
        }
        Files.writeString(file, pair.privatePem(), StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
        spec.commandLine()
                .getOut()
                .println("wrote " + file + " (" + pair.algorithm().id() + ")");
        return pair.zoneLine(domain, name);
    }

    private static void checkName(String what, String value) {
        if (!value.matches("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")) {
            throw new UserError(what + " is not a DNS name: " + value);
        }
    }
}
