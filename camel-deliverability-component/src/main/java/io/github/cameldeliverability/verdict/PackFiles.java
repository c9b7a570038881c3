package io.github.cameldeliverability.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Finds packs: the built-in ones on the class path, a user's in files and directories. */
final class PackFiles {

    private static final long MAX_BYTES = 4L << 20;

    private PackFiles() {}

    static List<RulePack> builtIn() {
        List<RulePack> packs = new ArrayList<>();
        for (String name : resource("packs/index.txt").lines().toList()) {
            if (!name.isBlank() && !name.startsWith("#")) {
                packs.add(new RulePackReader(name.strip()).read(resource("packs/" + name.strip())));
            }
        }
        return List.copyOf(packs);
    }

    private static String resource(String name) {
        try (InputStream in = PackFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new RulePackException("built-in rule pack resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RulePackException("cannot read built-in rule pack resource " + name, e);
        }
    }

    static List<RulePack> read(Collection<Path> paths) {
        List<RulePack> packs = new ArrayList<>();
        for (Path path : paths) {
            try {
                for (Path file : filesOf(path)) {
                    if (Files.size(file) > MAX_BYTES) {
                        throw new RulePackException(file + ": larger than " + MAX_BYTES + " bytes");
                    }
                    packs.add(new RulePackReader(file.toString(), Layer.USER).read(Files.readString(file)));
                }
            } catch (IOException e) {
                throw new RulePackException(path + ": cannot be read: " + e, e);
            }
        }
        return packs;
    }

    private static List<Path> filesOf(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(
                            f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
    }
}
