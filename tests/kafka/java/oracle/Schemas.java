package oracle;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.*;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.*;

import java.io.*;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.*;
import java.util.zip.*;

/** Kafka's message schemas, read out of the jar of kafka-clients, with the classes made from them. */
final class Schemas {
    static final ObjectMapper M = JsonMapper.builder()
        .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
    static final JsonNodeFactory N = JsonNodeFactory.instance;

    // ------------------------------------------------------------------ schema model
    static final class Ver {
        final int lo, hi;
        Ver(int lo, int hi) { this.lo = lo; this.hi = hi; }
        static Ver parse(String s) {
            if (s == null || s.equals("none") || s.isEmpty()) return new Ver(0, -1);
            if (s.endsWith("+")) return new Ver(Integer.parseInt(s.substring(0, s.length() - 1)), Short.MAX_VALUE);
            int d = s.indexOf('-');
            if (d > 0) return new Ver(Integer.parseInt(s.substring(0, d)), Integer.parseInt(s.substring(d + 1)));
            int x = Integer.parseInt(s);
            return new Ver(x, x);
        }
        boolean has(int v) { return v >= lo && v <= hi; }
    }
    static final class FieldSpec {
        String name, java, type, elem, def;
        Ver versions, nullable, tagged;
        int tag = -1;
        boolean ignorable, mapKey, zeroCopy, array;
        StructSpec struct;
    }
    static final class StructSpec { String name; Ver versions; List<FieldSpec> fields = new ArrayList<>(); Class<?> cls; }
    static final class Schema {
        String name, type; Integer apiKey; Ver valid, flexible; boolean unstable; JsonNode raw; StructSpec root;
        Class<?> cls; Method jsonWrite, jsonRead;
        Message fresh() { try { return (Message) cls.getDeclaredConstructor().newInstance(); } catch (Exception e) { throw new RuntimeException(e); } }
        JsonNode toJson(Message m, int v) throws Throwable {
            try { return (JsonNode) jsonWrite.invoke(null, m, (short) v); } catch (InvocationTargetException e) { throw e.getCause(); }
        }
        Message fromJson(JsonNode n, int v) throws Throwable {
            try { return (Message) jsonRead.invoke(null, n, (short) v); } catch (InvocationTargetException e) { throw e.getCause(); }
        }
    }
    static final String P = "org.apache.kafka.common.message.";
    static final TreeMap<String, Schema> SCHEMAS = new TreeMap<>();
    static final List<String> NO_VERSIONS = new ArrayList<>();

    static void load() throws Exception {
        File jar = new File(ApiMessageType.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (ZipFile z = new ZipFile(jar)) {
            for (Enumeration<? extends ZipEntry> e = z.entries(); e.hasMoreElements();) {
                ZipEntry en = e.nextElement();
                if (!en.getName().startsWith("common/message/") || !en.getName().endsWith(".json")) continue;
                Schema s = new Schema();
                s.raw = M.readTree(z.getInputStream(en).readAllBytes());
                s.name = s.raw.get("name").asText();
                s.type = s.raw.get("type").asText();
                s.apiKey = s.raw.has("apiKey") ? s.raw.get("apiKey").asInt() : null;
                s.valid = Ver.parse(s.raw.get("validVersions").asText());
                s.flexible = Ver.parse(s.raw.path("flexibleVersions").asText("none"));
                s.unstable = s.raw.path("latestVersionUnstable").asBoolean(false);
                SCHEMAS.put(s.name, s);
                if (s.valid.hi < s.valid.lo) { NO_VERSIONS.add(s.name); continue; }
                String cn = P + s.name + (s.type.equals("data") ? "" : "Data");
                s.cls = Class.forName(cn);
                Class<?> conv = Class.forName(cn + "JsonConverter");
                s.jsonWrite = conv.getMethod("write", s.cls, short.class);
                s.jsonRead = conv.getMethod("read", JsonNode.class, short.class);
                Map<String, StructSpec> common = new HashMap<>();
                for (JsonNode c : s.raw.path("commonStructs")) {
                    StructSpec st = new StructSpec();
                    st.name = c.get("name").asText();
                    common.put(st.name, st);
                }
                for (JsonNode c : s.raw.path("commonStructs")) fillStruct(common.get(c.get("name").asText()), cn, c.get("fields"), common, c.get("versions").asText());
                s.root = new StructSpec();
                s.root.cls = s.cls;
                s.root.name = s.name;
                s.root.versions = s.valid;
                for (JsonNode f : s.raw.path("fields")) s.root.fields.add(field(f, cn, common));
            }
        }
    }
    static void fillStruct(StructSpec st, String cn, JsonNode fields, Map<String, StructSpec> common, String versions) throws Exception {
        st.versions = Ver.parse(versions);
        st.cls = Class.forName(cn + "$" + st.name);
        for (JsonNode f : fields) st.fields.add(field(f, cn, common));
    }
    static FieldSpec field(JsonNode f, String cn, Map<String, StructSpec> common) throws Exception {
        FieldSpec x = new FieldSpec();
        x.name = f.get("name").asText();
        x.java = Character.toLowerCase(x.name.charAt(0)) + x.name.substring(1);
        x.type = f.get("type").asText();
        x.array = x.type.startsWith("[]");
        x.elem = x.array ? x.type.substring(2) : x.type;
        x.tagged = Ver.parse(f.path("taggedVersions").asText("none"));
        x.versions = f.has("versions") ? Ver.parse(f.get("versions").asText()) : x.tagged;
        x.nullable = Ver.parse(f.path("nullableVersions").asText("none"));
        x.def = f.has("default") ? f.get("default").asText() : null;
        x.tag = f.path("tag").asInt(-1);
        x.ignorable = f.path("ignorable").asBoolean(false);
        x.mapKey = f.path("mapKey").asBoolean(false);
        x.zeroCopy = f.path("zeroCopy").asBoolean(false);
        if (Character.isUpperCase(x.elem.charAt(0))) {
            if (f.has("fields")) {
                x.struct = new StructSpec();
                x.struct.name = x.elem;
                fillStruct(x.struct, cn, f.get("fields"), common, f.path("versions").asText("0+"));
            } else x.struct = Objects.requireNonNull(common.get(x.elem), x.elem);
        }
        return x;
    }
}
