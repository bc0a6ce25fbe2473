package oracle;

import static oracle.Instances.*;
import static oracle.Schemas.*;
import static oracle.Wire.*;

import com.fasterxml.jackson.databind.*;
import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.*;

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Mode gen: random instances of every message in every version. */
final class Messages {
    static void gen(Map<String, String> o) throws Throwable {
        long seed = Long.parseLong(o.getOrDefault("seed", "1"));
        int K = Integer.parseInt(o.getOrDefault("per-version", "6"));
        String only = o.get("only");
        TreeMap<String, int[]> counts = new TreeMap<>();
        int lines = 0, jsonRt = 0, jsonRtOk = 0, unk = 0, rec = 0, msgs = 0, vers = 0; long bytes = 0;
        try (Writer w = new BufferedWriter(new OutputStreamWriter(new FileOutputStream(o.get("out")), StandardCharsets.UTF_8), 1 << 20)) {
            for (Schema s : SCHEMAS.values()) {
                if (s.cls == null || (only != null && !only.equals(s.name))) continue;
                msgs++;
                for (int v = s.valid.lo; v <= s.valid.hi; v++) {
                    vers++;
                    for (int k = 0; k < K; k++) {
                        Ctx c = new Ctx();
                        c.r = new Random((seed * 1000003L) ^ ((long) s.name.hashCode() << 20) ^ (v * 7919L + k * 104729L));
                        c.r.nextInt(); c.v = v; c.flex = s.flexible.has(v);
                        c.mode = k == 0 ? Mode.DEFAULT : k == 1 ? Mode.ONE : k == 2 ? Mode.NULLS : k == 3 ? Mode.FULL : Mode.RANDOM;
                        c.unknown = k >= 4 && (k % 2 == 0);
                        Message m = s.fresh();
                        fill(m, s.root, c, "");
                        byte[] b; JsonNode js;
                        try {
                            b = encode(m, v);
                            js = s.toJson(m, v);
                            Message back = s.fresh();
                            int rem = decode(back, b, v);
                            if (rem != 0) throw new IllegalStateException("trailing " + rem);
                            if (!c.nan && (!back.equals(m) || !m.equals(back))) throw new IllegalStateException("not equal after read back:\n" + m + "\n" + back);
                            if (back.hashCode() != m.hashCode()) throw new IllegalStateException("hashCode differs");
                            if (!Arrays.equals(encode(back, v), b)) throw new IllegalStateException("re-encode differs");
                            if (!M.writeValueAsString(s.toJson(back, v)).equals(M.writeValueAsString(js))) throw new IllegalStateException("json differs");
                            if (!c.hasUnknown && c.records.isEmpty() && !c.nan && !c.nonFinite) {
                                jsonRt++;
                                String why = null;
                                try { if (Arrays.equals(encode(s.fromJson(M.readTree(M.writeValueAsString(js)), v), v), b)) jsonRtOk++; else why = "bytes differ"; }
                                catch (Throwable t) { why = t.toString(); }
                                if (why != null) System.err.println("json round trip: " + s.name + " v" + v + " k" + k + ": " + why);
                            }
                        } catch (Throwable t) { throw new RuntimeException(s.name + " v" + v + " k" + k + "\n" + m, t); }
                        ObjectNode n = N.objectNode();
                        n.put("name", s.name).put("type", s.type);
                        if (s.apiKey == null) n.putNull("apiKey"); else n.put("apiKey", s.apiKey);
                        n.put("version", v).put("flexible", c.flex);
                        Integer hv = headerVersion(s, v);
                        if (hv == null) n.putNull("headerVersion"); else n.put("headerVersion", hv);
                        n.put("mode", c.mode.name().toLowerCase());
                        n.put("latestUnstable", s.unstable && v == s.valid.hi);
                        n.set("json", js);
                        if (c.nan || c.nonFinite) n.put("nonFinite", true);
                        n.put("unknownTags", c.hasUnknown);
                        if (c.hasUnknown) { n.set("unknown", c.unknownList); unk++; }
                        if (!c.records.isEmpty()) { n.set("records", c.records); rec++; }
                        n.put("hex", hex(b));
                        w.write(M.writeValueAsString(n)); w.write('\n');
                        lines++; bytes += b.length;
                        counts.computeIfAbsent(s.type, x -> new int[1])[0]++;
                    }
                }
            }
        }
        StringBuilder sb = new StringBuilder();
        counts.forEach((a, b) -> sb.append(a).append('=').append(b[0]).append(' '));
        System.err.println("lines=" + lines + " messages=" + msgs + " message-versions=" + vers + " " + sb + "unknownTagLines=" + unk + " recordsLines=" + rec
            + " bodyBytes=" + bytes + " jsonRoundTrip=" + jsonRtOk + "/" + jsonRt + " noVersions=" + NO_VERSIONS);
    }
    static Integer headerVersion(Schema s, int v) {
        if (s.type.equals("request")) return (int) ApiMessageType.fromApiKey((short) (int) s.apiKey).requestHeaderVersion((short) v);
        if (s.type.equals("response")) return (int) ApiMessageType.fromApiKey((short) (int) s.apiKey).responseHeaderVersion((short) v);
        return null;
    }
}
