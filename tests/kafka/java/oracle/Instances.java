package oracle;

import static oracle.Schemas.*;
import static oracle.Wire.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.*;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.utils.internals.*;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.*;

/** Random instances of a message, filled in by reflection along its schema. */
final class Instances {
    enum Mode { DEFAULT, ONE, NULLS, FULL, RANDOM }
    static final class Ctx {
        Random r; int v; boolean flex; Mode mode; boolean unknown; int budget = 700; int small = 0;
        boolean hasUnknown, nan, nonFinite;
        ArrayNode records = N.arrayNode(), unknownList = N.arrayNode();
        boolean chance(double p) { return r.nextDouble() < p; }
        <T> T pick(List<T> l) { return l.get(r.nextInt(l.size())); }
    }
    static final Map<String, Field> FC = new HashMap<>();
    static Field jf(Class<?> c, String n) {
        return FC.computeIfAbsent(c.getName() + "#" + n, k -> {
            try { Field f = c.getDeclaredField(n); f.setAccessible(true); return f; } catch (Exception e) { throw new RuntimeException(k, e); }
        });
    }
    static Object newStruct(Class<?> c) { try { return c.getDeclaredConstructor().newInstance(); } catch (Exception e) { throw new RuntimeException(e); } }

    static void fill(Object o, StructSpec st, Ctx c, String ptr) throws Exception {
        for (FieldSpec f : st.fields) {
            if (!f.versions.has(c.v)) continue;
            Field j = jf(st.cls, f.java);
            Object cur = j.get(o);
            boolean nullable = f.nullable.has(c.v), tagged = f.tagged.has(c.v);
            boolean mustSet = cur == null && !nullable;
            String p = ptr + "/" + f.java;
            Mode m = c.mode;
            boolean keep = false, nul = false;
            switch (m) {
                case DEFAULT: keep = true; break;
                case ONE: keep = !f.array && f.struct == null && c.chance(0.5); break;
                case NULLS: nul = nullable && (f.struct == null || c.chance(0.4)); keep = tagged && !nul && c.chance(0.5); break;
                case FULL: break;
                case RANDOM:
                    if (nullable && c.chance(0.25)) nul = true;
                    else if (c.chance(tagged ? 0.35 : 0.12)) keep = true;
                    break;
            }
            if (keep && !mustSet) {
                if (cur != null && f.struct != null && !f.array) { // inner fields may still need a value
                    Mode sm = c.mode; boolean su = c.unknown;
                    c.mode = Mode.DEFAULT; c.unknown = false;
                    fill(cur, f.struct, c, p);
                    c.mode = sm; c.unknown = su;
                }
                if (f.type.equals("records")) recNote(c, p, cur == null ? "null" : "default", cur == null ? null : new byte[0]);
                continue;
            }
            if (nul) { j.set(o, null); if (f.type.equals("records")) recNote(c, p, "null", null); continue; }
            Object val = value(f, j, c, p);
            if (m == Mode.FULL && !f.array && f.struct == null && !f.type.equals("records"))
                for (int i = 0; i < 20 && Objects.equals(val, cur); i++) val = value(f, j, c, p);
            j.set(o, val);
        }
        if (c.flex && c.unknown && c.chance(ptr.isEmpty() ? 0.75 : 0.3)) addUnknown(o, st, c, ptr);
    }
    static void recNote(Ctx c, String p, String kind, byte[] b) {
        ArrayNode a = c.records.addArray();
        a.add(p); if (b == null) a.addNull(); else a.add(hex(b)); a.add(kind);
    }
    static void addUnknown(Object o, StructSpec st, Ctx c, String ptr) throws Exception {
        TreeSet<Integer> known = new TreeSet<>();
        for (FieldSpec f : st.fields) if (f.tag >= 0) known.add(f.tag);
        int base = known.isEmpty() ? 0 : known.last() + 1;
        TreeSet<Integer> tags = new TreeSet<>();
        int n = 1 + c.r.nextInt(3);
        int[] cand = {base, base + 1, base + 5, 100, 127, 128, 16383, 16384, 2097152, Integer.MAX_VALUE - 1};
        while (tags.size() < n) { int t = cand[c.r.nextInt(c.small > 0 ? 3 : cand.length)]; if (!known.contains(t)) tags.add(t); }
        ArrayList<RawTaggedField> l = new ArrayList<>();
        ArrayNode note = N.arrayNode();
        note.add(ptr);
        ArrayNode arr = note.addArray();
        int[] lens = {0, 1, 5, 127, 128, 300};
        for (int t : tags) {
            byte[] d = new byte[lens[c.r.nextInt(c.small > 0 || c.chance(0.8) ? 3 : 6)]];
            c.r.nextBytes(d);
            l.add(new RawTaggedField(t, d));
            arr.addArray().add(t).add(hex(d));
        }
        jf(st.cls, "_unknownTaggedFields").set(o, l);
        c.hasUnknown = true;
        c.unknownList.add(note);
    }
    static int arrayLen(FieldSpec f, Ctx c) {
        if (c.mode == Mode.ONE) return 1;
        int w = f.struct == null ? 1 : 1 + f.struct.fields.size();
        int n;
        if (c.small > 0) n = c.r.nextInt(2);
        else {
            double d = c.r.nextDouble();
            if (c.mode == Mode.FULL) n = 1 + c.r.nextInt(3);
            else if (c.mode == Mode.NULLS) n = 2 + c.r.nextInt(2);
            else if (d < 0.05) { n = new int[] {126, 127, 128, 130}[c.r.nextInt(4)]; }
            else if (d < 0.2) n = 0;
            else if (d < 0.5) n = 1;
            else if (d < 0.75) n = 2;
            else n = 3;
        }
        if (n * w > c.budget) n = c.budget > w ? 1 : 0;
        c.budget -= n * w;
        return n;
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Object value(FieldSpec f, Field j, Ctx c, String p) throws Exception {
        if (f.array) {
            int n = arrayLen(f, c);
            Collection col = List.class.isAssignableFrom(j.getType()) && !ImplicitLinkedHashMultiCollection.class.isAssignableFrom(j.getType())
                ? new ArrayList() : (Collection) newStruct(j.getType());
            if (n > 10) c.small++;
            for (int i = 0; i < n; i++) {
                Object e;
                if (f.struct != null) { e = newStruct(f.struct.cls); fill(e, f.struct, c, p + "/" + i); }
                else e = scalar(f.elem, f, c, p + "/" + i);
                if (!col.add(e)) throw new IllegalStateException("add failed " + p);
            }
            if (n > 10) c.small--;
            return col;
        }
        if (f.struct != null) { Object e = newStruct(f.struct.cls); fill(e, f.struct, c, p); return e; }
        return scalar(f.elem, f, c, p);
    }
    static Object scalar(String t, FieldSpec f, Ctx c, String p) {
        Random r = c.r;
        switch (t) {
            case "bool": return c.mode == Mode.FULL && !f.array ? !"true".equalsIgnoreCase(f.def) : r.nextBoolean();
            case "int8": { byte[] e = {0, 1, -1, Byte.MIN_VALUE, Byte.MAX_VALUE, 2, 3, 4}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : (byte) r.nextInt(); }
            case "int16": { short[] e = {0, 1, -1, Short.MIN_VALUE, Short.MAX_VALUE, 255, 256, 3, 83}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : (short) r.nextInt(); }
            case "uint16": { int[] e = {0, 1, 65535, 32767, 32768, 9092, 256}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : r.nextInt(65536); }
            case "uint32": { long[] e = {0, 1, 0xffffffffL, 0x7fffffffL, 0x80000000L}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : r.nextInt() & 0xffffffffL; }
            case "int32": { int[] e = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 127, 128, 300, -2, 65536, 9092}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : r.nextInt(); }
            case "int64": { long[] e = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -2, 1700000000000L, (1L << 53) + 1}; return r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : r.nextLong(); }
            case "float64": { double[] e = {0.0, -0.0, 1.5, -1.0, Double.MAX_VALUE, Double.MIN_VALUE, 0.1, 1e21, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
                double x = r.nextInt(3) > 0 ? e[r.nextInt(e.length)] : Double.longBitsToDouble((r.nextLong() & 0x800fffffffffffffL) | ((long) (700 + r.nextInt(600)) << 52)); if (Double.isNaN(x)) c.nan = true; if (Double.isInfinite(x)) c.nonFinite = true; return x; }
            case "uuid": { switch (r.nextInt(5)) { case 0: return Uuid.ZERO_UUID; case 1: return new Uuid(0, 1); case 2: return new Uuid(-1, -1); default: return new Uuid(r.nextLong(), r.nextLong()); } }
            case "string": return str(c);
            case "bytes": { byte[] b = bytes(c); return f.zeroCopy ? ByteBuffer.wrap(b) : b; }
            case "records": return records(c, p);
            default: throw new IllegalStateException("type " + t);
        }
    }
    static byte[] bytes(Ctx c) {
        int[] ln = {0, 1, 3, 16, 126, 127, 128, 300};
        byte[] b = new byte[c.small > 0 ? c.r.nextInt(4) : c.chance(0.01) ? 16383 + c.r.nextInt(2) : ln[c.r.nextInt(c.chance(0.5) ? 4 : ln.length)]];
        c.r.nextBytes(b);
        return b;
    }
    static final String[] STR = {"", "a", "foo", "ünïcødé", "日本語", "😀🚀", "a\u0000b", "quote\"back\\slash/\t\r\n", "\u007f\u0080\u07ff\u0800\uffff\ufeff", "my-topic.1_x", " ", "null", "\ud800\udc00"};
    static String str(Ctx c) {
        if (c.small > 0) return STR[c.r.nextInt(7)];
        double d = c.r.nextDouble();
        if (c.mode == Mode.FULL) d = 0.2 + d * 0.8;
        if (d < 0.15) return "";
        if (d < 0.75) { String s = STR[c.r.nextInt(STR.length)]; return s.isEmpty() && c.mode == Mode.FULL ? "x" : s; }
        if (d < 0.79) return "x".repeat(126);
        if (d < 0.83) return "y".repeat(127);
        if (d < 0.87) return "z".repeat(128);
        if (d < 0.90) return "é".repeat(63) + "e"; // 127 bytes, 64 chars
        if (d < 0.93) return "é".repeat(64);       // 128 bytes, 64 chars
        if (d < 0.96) return "日".repeat(100);     // 300 bytes, 100 chars
        if (d < 0.995) { StringBuilder b = new StringBuilder(); int n = c.r.nextInt(40); for (int i = 0; i < n; i++) b.append((char) (0x20 + c.r.nextInt(0x5f))); return b.toString(); }
        if (d < 0.998) return "k".repeat(16382 + c.r.nextInt(3));
        return "m".repeat(32767);
    }
    static Object records(Ctx c, String p) {
        byte[] b; String kind;
        double d = c.r.nextDouble();
        if (d < 0.15) { b = new byte[0]; kind = "empty"; }
        else if (d < 0.70) {
            kind = "batch";
            List<SimpleRecord> l = new ArrayList<>();
            int n = 1 + c.r.nextInt(3);
            for (int i = 0; i < n; i++) l.add(new SimpleRecord(1000L + c.r.nextInt(1000), c.chance(0.3) ? null : ("k" + i).getBytes(), c.chance(0.2) ? null : ("value" + c.r.nextInt()).getBytes()));
            b = arr(MemoryRecords.withRecords((long) c.r.nextInt(100), c.chance(0.7) ? Compression.NONE : Compression.gzip().build(), l.toArray(new SimpleRecord[0])).buffer());
        } else { b = bytes(c); kind = b.length == 0 ? "empty" : "raw"; }
        recNote(c, p, kind, b);
        return MemoryRecords.readableRecords(ByteBuffer.wrap(b));
    }
}
