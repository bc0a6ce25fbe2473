package oracle;

import static oracle.Instances.*;
import static oracle.Schemas.*;
import static oracle.Wire.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.*;

import java.io.*;
import java.lang.reflect.Field;
import java.util.*;

/** Modes errors, schemas and ignorable: what Kafka's classes say of themselves. */
final class Tables {
    static void errors(PrintStream out) throws Exception {
        for (Errors e : Errors.values()) {
            ObjectNode n = N.objectNode();
            n.put("code", e.code()).put("name", e.name());
            Throwable t = e.exception();
            if (t == null) n.putNull("exception"); else n.put("exception", t.getClass().getSimpleName());
            n.put("retriable", t instanceof org.apache.kafka.common.errors.RetriableException);
            n.put("invalidMetadata", t instanceof org.apache.kafka.common.errors.InvalidMetadataException);
            n.put("refreshRetriable", t instanceof org.apache.kafka.common.errors.RefreshRetriableException);
            ArrayNode sup = n.putArray("superclasses");
            if (t != null) for (Class<?> c = t.getClass().getSuperclass(); c != null && c != RuntimeException.class; c = c.getSuperclass()) sup.add(c.getSimpleName());
            n.put("message", e.message());
            out.println(M.writeValueAsString(n));
        }
        out.flush();
    }
    static void schemas(Map<String, String> o) throws Exception {
        ObjectNode top = N.objectNode();
        ArrayNode a = top.putArray("schemas");
        for (Schema s : SCHEMAS.values()) a.add(s.raw);
        ArrayNode apis = top.putArray("apis");
        for (ApiMessageType t : ApiMessageType.values()) {
            ObjectNode n = apis.addObject();
            n.put("name", t.name).put("enum", t.name()).put("apiKey", t.apiKey()).put("latestVersionUnstable", t.latestVersionUnstable());
            int lo = t.lowestSupportedVersion(), hi = t.highestSupportedVersion(true);
            n.put("minVersion", lo).put("maxVersion", hi).put("maxStableVersion", t.highestSupportedVersion(false));
            n.put("lowestDeprecatedVersion", t.lowestDeprecatedVersion()).put("highestDeprecatedVersion", t.highestDeprecatedVersion());
            ArrayNode l = n.putArray("listeners");
            t.listeners().forEach(x -> l.add(x.name()));
            boolean clusterAction = false;
            for (ApiKeys k : ApiKeys.values()) if (k.id == t.apiKey()) { clusterAction = k.clusterAction; n.put("forwardable", k.forwardable).put("requiresDelayedAllocation", k.requiresDelayedAllocation); }
            n.put("clusterAction", clusterAction);
            ArrayNode hv = n.putArray("headers");
            for (int v = lo; v <= hi; v++) hv.addObject().put("version", v).put("request", t.requestHeaderVersion((short) v)).put("response", t.responseHeaderVersion((short) v));
        }
        M.writerWithDefaultPrettyPrinter().writeValue(new File(o.get("out")), top);
        System.err.println("schemas=" + a.size() + " apis=" + apis.size());
    }
    /** For every field that is absent in a version: set it to a non-default value and see what write() does. */
    static void ignorable(Map<String, String> o) throws Throwable {
        int n = 0, err = 0, ign = 0;
        try (PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(o.get("out"))), false, "UTF-8")) {
            for (Schema s : SCHEMAS.values()) {
                if (s.cls == null) continue;
                for (int v = s.valid.lo; v <= s.valid.hi; v++) {
                    List<String[]> paths = new ArrayList<>();
                    List<FieldSpec[]> chains = new ArrayList<>();
                    absent(s.root, v, new ArrayList<>(), chains);
                    for (FieldSpec[] ch : chains) {
                        Ctx c = new Ctx(); c.r = new Random(42); c.v = v; c.flex = s.flexible.has(v); c.mode = Mode.ONE;
                        Message m = s.fresh();
                        fill(m, s.root, c, "");
                        Object cur = m; StructSpec st = s.root; StringBuilder path = new StringBuilder();
                        for (int i = 0; i < ch.length; i++) {
                            FieldSpec f = ch[i];
                            path.append(i > 0 ? "." : "").append(f.java);
                            Field j = jf(st.cls, f.java);
                            if (i == ch.length - 1) {
                                Object def = j.get(newStruct(st.cls)), val;
                                int tries = 0;
                                Ctx g = new Ctx(); g.r = new Random(7); g.v = v; g.mode = Mode.FULL; g.small = 0;
                                if (f.struct != null && !f.array) { // make the struct non-default in its own right
                                    int vv = Math.max(f.versions.lo, 0); g.v = vv; g.flex = true;
                                }
                                do { val = value(f, j, g, "/x"); } while (Objects.equals(val, def) && tries++ < 50);
                                j.set(cur, val);
                            } else {
                                Object nx = j.get(cur);
                                if (nx instanceof Collection) nx = ((Collection<?>) nx).iterator().next();
                                cur = nx; st = f.struct;
                            }
                        }
                        String res, msg = null;
                        try { encode(m, v); res = "ignored"; ign++; } catch (Throwable t) { res = t.getClass().getSimpleName(); msg = t.getMessage(); err++; }
                        ObjectNode x = N.objectNode();
                        x.put("name", s.name).put("version", v).put("field", path.toString()).put("ignorable", ch[ch.length - 1].ignorable).put("write", res).put("message", msg);
                        out.println(M.writeValueAsString(x)); n++;
                    }
                }
            }
        }
        System.err.println("ignorable lines=" + n + " ignored=" + ign + " error=" + err);
    }
    static void absent(StructSpec st, int v, List<FieldSpec> pre, List<FieldSpec[]> out) {
        for (FieldSpec f : st.fields) {
            List<FieldSpec> p = new ArrayList<>(pre); p.add(f);
            if (!f.versions.has(v)) out.add(p.toArray(new FieldSpec[0]));
            else if (f.struct != null) absent(f.struct, v, p, out);
        }
    }
}
