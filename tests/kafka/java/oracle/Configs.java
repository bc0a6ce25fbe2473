package oracle;

import static oracle.Schemas.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.*;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

import java.io.*;
import java.lang.reflect.Field;
import java.util.*;
import java.util.stream.Collectors;

/** Mode configs: every configuration of brokers, topics, groups and client metrics. */
final class Configs {
    static void configs(Map<String, String> o) throws Exception {
        try (PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(o.get("out"))), false, "UTF-8")) {
            Map<String, String> modes = DynamicBrokerConfig.dynamicConfigUpdateModes();
            for (ConfigKey k : sorted(AbstractKafkaConfig.CONFIG_DEF)) {
                String mode = modes.getOrDefault(k.name, "read-only");
                if (DynamicBrokerConfig.DYNAMIC_SECURITY_CONFIGS.contains(k.name)) mode = "per-listener";
                write(out, "broker", k, mode, DynamicBrokerConfig.brokerConfigSynonyms(k.name, true));
            }
            for (ConfigKey k : sorted(LogConfig.configDefCopy())) {
                List<ConfigSynonym> s = ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(k.name, List.of());
                write(out, "topic", k, "", s.stream().map(ConfigSynonym::name).collect(Collectors.toList()));
            }
            for (ConfigKey k : sorted(GroupConfig.CONFIG_DEF))
                write(out, "group", k, "", GroupConfig.brokerSynonym(k.name).map(List::of).orElse(List.of()));
            for (ConfigKey k : sorted(ClientMetricsConfigs.configDef())) write(out, "client-metrics", k, "", List.of());
        }
    }
    static Collection<ConfigKey> sorted(ConfigDef def) { return new TreeMap<>(def.configKeys()).values(); }

    static void write(PrintStream out, String scope, ConfigKey k, String mode, List<String> synonyms) throws Exception {
        ObjectNode n = N.objectNode();
        n.put("scope", scope).put("name", k.name).put("type", k.type.name()).put("mode", mode).put("internal", k.internalConfig);
        ArrayNode s = n.putArray("synonyms");
        for (String name : synonyms) s.add(name);
        n.put("rule", rule(k.validator));
        // Null: there is none.
        n.put("default", k.hasDefault() ? ConfigDef.convertToString(k.defaultValue, k.type) : null);
        n.put("documentation", k.documentation);
        out.println(M.writeValueAsString(n));
    }

    /** What values a validator takes, in short; empty where that takes more words. */
    static String rule(ConfigDef.Validator v) throws Exception {
        if (v == null) return "";
        switch (v.getClass().getSimpleName()) {
            case "Range": {
                Object min = field(v, "min"), max = field(v, "max");
                return (min == null ? "" : min) + ".." + (max == null ? "" : max);
            }
            case "ValidString": return "one of " + String.join(",", strings(v));
            case "CaseInsensitiveValidString": return "one of any case " + String.join(",", new TreeSet<>(strings(v)));
            case "ValidList": return strings(v).isEmpty() ? "" : "items of " + String.join(",", strings(v));
            case "LambdaValidator": return v.toString();
            default: return "";
        }
    }
    static Object field(Object o, String name) throws Exception {
        Field f = o.getClass().getDeclaredField(name);
        f.setAccessible(true);
        return f.get(o);
    }
    @SuppressWarnings("unchecked")
    static List<String> strings(Object v) throws Exception {
        Object s;
        try { s = field(v, "validStrings"); } catch (NoSuchFieldException e) { s = field(field(v, "validString"), "validStrings"); }
        return new ArrayList<>((Collection<String>) s);
    }
}
