package oracle;

import static oracle.BatchBytes.*;
import static oracle.Batches.*;
import static oracle.Wire.*;

import org.apache.kafka.common.compress.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.*;

import java.nio.ByteBuffer;
import java.util.*;
import java.util.zip.*;

/** Mode batches: record sets that are malformed or odd. */
final class Corruptions {
    static void corruptions(Random r) throws Exception {
        byte[] g = arr(MemoryRecords.withIdempotentRecords(100, Compression.NONE, 9, (short) 1, 5, 7,
            new SimpleRecord(1000, u("k1"), u("v1"), new Header[] {h("h", u("x")), h("n", null)}), new SimpleRecord(1001, null, u("v2")), new SimpleRecord(1002, u("k3"), null)).buffer());
        corrupt("control-valid", g);
        Object[][] fields = {{"baseOffset", 0, 8}, {"length", 8, 4}, {"leaderEpoch", 12, 4}, {"magic", 16, 1}, {"crc", 17, 4}, {"attributes", 21, 2}, {"lastOffsetDelta", 23, 4}, {"baseTimestamp", 27, 8}, {"maxTimestamp", 35, 8}, {"producerId", 43, 8}, {"producerEpoch", 51, 2}, {"baseSequence", 53, 4}, {"count", 57, 4}, {"payload-first", 61, 1}, {"payload-last", g.length - 1, 1}};
        for (Object[] f : fields) { byte[] x = g.clone(); x[(Integer) f[1] + (Integer) f[2] - 1] ^= 1; corrupt("bitflip-" + f[0], x); }
        for (int i = 0; i < 10; i++) { byte[] x = g.clone(); int p = 21 + r.nextInt(x.length - 21); x[p] ^= (byte) (1 << r.nextInt(8)); corrupt("bitflip-at-" + p, x); }
        for (int c : new int[] {0, 1, 8, 11, 12, 13, 16, 17, 18, 21, 57, 60, 61, 62, g.length / 2 + 20, g.length - 1}) corrupt("truncated-" + c, Arrays.copyOf(g, c));
        corrupt("good-then-truncated-12", cat(g, Arrays.copyOf(g, 12)));
        corrupt("good-then-truncated-17", cat(g, Arrays.copyOf(g, 17)));
        corrupt("good-then-truncated-half", cat(g, Arrays.copyOf(g, g.length / 2)));
        corrupt("good-then-truncated-5", cat(g, Arrays.copyOf(g, 5)));
        byte[] bad = g.clone(); bad[bad.length - 1] ^= 1;
        corrupt("good-then-badcrc", cat(g, bad));
        corrupt("badcrc-then-good", cat(bad, g));
        corrupt("good-then-zeros-64", cat(g, new byte[64]));
        corrupt("all-zeros-64", new byte[64]);
        byte[] ff = new byte[64]; Arrays.fill(ff, (byte) -1); corrupt("all-ff-64", ff);
        for (long l : new long[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 13, 14, 5, 48, 49, 50, g.length - 13, g.length - 11}) corrupt("length-" + l, put(g, 8, 4, l, false));
        for (int m : new int[] {-1, 0, 1, 3, 127}) corrupt("magic-" + m, put(g, 16, 1, m, false));
        // crc repaired from here on
        for (int t : new int[] {5, 6, 7}) corrupt("crcok-compression-id-" + t, put(g, 21, 2, t, true));
        for (int t : new int[] {1, 2, 3, 4}) corrupt("crcok-wrong-compression-" + t, put(g, 21, 2, t, true));
        corrupt("crcok-unused-attribute-bits", put(g, 21, 2, 0xff80, true));
        corrupt("crcok-control-bit-on-data", put(g, 21, 2, 0x20, true));
        corrupt("crcok-delete-horizon-bit", put(g, 21, 2, 0x40, true));
        for (long c : new long[] {0, 1, 2, 4, 5, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) corrupt("crcok-count-" + c, put(g, 57, 4, c, true));
        for (long c : new long[] {0, 1, 3, -1, Integer.MAX_VALUE}) corrupt("crcok-lastOffsetDelta-" + c, put(g, 23, 4, c, true));
        corrupt("crcok-baseOffset-negative", put(g, 0, 8, -5, true));
        corrupt("crcok-producer-id-without-sequence", put(g, 53, 4, -1, true));
        corrupt("crcok-trailing-bytes-after-records", fixCrc(fixLen(cat(g, new byte[] {1, 2, 3}))));
        corrupt("crcok-header-only-count-0", raw(0, 0, 0, new byte[0]));
        corrupt("crcok-header-only-count-1", raw(0, 0, 1, new byte[0]));
        for (int t = 1; t <= 4; t++) { corrupt("crcok-empty-payload-count-0-c" + t, raw(t, 0, 0, new byte[0])); corrupt("crcok-empty-payload-count-1-c" + t, raw(t, 0, 1, new byte[0])); }
        // record level
        byte[] ok = body(0, 0, 0, u("k"), u("v"), cat(vi(1), u("h"), vi(1), u("x")));
        Map<String, byte[]> p = new LinkedHashMap<>();
        p.put("record-ok", recBytes(ok));
        p.put("record-length-plus1", cat(vi(ok.length + 1), ok));
        p.put("record-length-minus1", cat(vi(ok.length - 1), ok));
        p.put("record-length-plus1-with-pad", cat(vi(ok.length + 1), ok, new byte[] {0}));
        p.put("record-length-0", cat(vi(0), ok));
        p.put("record-length-negative", cat(vi(-1), ok));
        p.put("record-length-huge", cat(vi(Integer.MAX_VALUE), ok));
        p.put("record-length-varint-overlong-5", cat(new byte[] {(byte) ((ok.length << 1) & 0x7f | 0x80), (byte) ((ok.length >> 6) | 0x80), (byte) 0x80, (byte) 0x80, 0}, ok));
        p.put("record-length-varint-6bytes", cat(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1}, ok));
        p.put("record-length-varint-5th-byte-high-bits", cat(new byte[] {(byte) ((ok.length << 1) & 0x7f | 0x80), (byte) ((ok.length >> 6) | 0x80), (byte) 0x80, (byte) 0x80, 0x70}, ok));
        p.put("record-attributes-nonzero", recBytes(body(0x7f, 0, 0, u("k"), u("v"))));
        p.put("timestamp-delta-negative", recBytes(body(0, -5000, 0, u("k"), u("v"))));
        p.put("timestamp-delta-min", recBytes(body(0, Long.MIN_VALUE, 0, u("k"), u("v"))));
        p.put("timestamp-delta-max", recBytes(body(0, Long.MAX_VALUE, 0, u("k"), u("v"))));
        p.put("timestamp-delta-varlong-11bytes", recBytes(cat(new byte[] {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, vi(0), vi(-1), vi(-1), vi(0))));
        p.put("offset-delta-negative", recBytes(body(0, 0, -3, u("k"), u("v"))));
        p.put("offset-delta-beyond-last", recBytes(body(0, 0, 77, u("k"), u("v"))));
        p.put("offset-delta-varint-6bytes", recBytes(cat(new byte[] {0, 0, -1, -1, -1, -1, -1, 1}, vi(-1), vi(-1), vi(0))));
        for (long kl : new long[] {-2, -100, Integer.MIN_VALUE, 100, Integer.MAX_VALUE}) {
            p.put("key-length-" + kl, recBytes(cat(new byte[] {0, 0, 0}, vi(kl), u("k"), vi(1), u("v"), vi(0))));
            p.put("value-length-" + kl, recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(kl), u("v"), vi(0))));
            p.put("header-count-" + kl, recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(kl))));
            p.put("header-key-length-" + kl, recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(1), vi(kl), u("h"), vi(1), u("x"))));
            p.put("header-value-length-" + kl, recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(1), vi(1), u("h"), vi(kl), u("x"))));
        }
        p.put("header-count-minus1", recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(-1))));
        p.put("header-key-length-minus1", recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(1), vi(-1), vi(1), u("x"))));
        p.put("header-key-invalid-utf8", recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"), vi(1), vi(3), new byte[] {(byte) 0xff, (byte) 0xc3, 0x41}, vi(1), u("x"))));
        p.put("headers-missing", recBytes(cat(new byte[] {0, 0, 0}, vi(1), u("k"), vi(1), u("v"))));
        p.put("key-overlaps-record-end", recBytes(cat(new byte[] {0, 0, 0}, vi(4), u("k"), vi(1), u("v"), vi(0))));
        CompressionType[] cts = CompressionType.values();
        for (Map.Entry<String, byte[]> e : p.entrySet()) {
            corrupt("crcok-" + e.getKey(), raw(0, 0, 1, e.getValue()));
            corrupt("crcok-lz4-" + e.getKey(), raw(3, 0, 1, lz4(e.getValue(), net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 0)));
        }
        corrupt("crcok-record-then-short-second", raw(0, 1, 2, cat(recBytes(ok), new byte[] {(byte) 0x80})));
        corrupt("crcok-key-null-vs-control-batch", raw(0x20, 0, 1, recBytes(body(0, 0, 0, null, u("v")))));
        corrupt("crcok-control-key-short", raw(0x20, 0, 1, recBytes(body(0, 0, 0, new byte[] {0, 0}, u("v")))));
        // compressed payload damage (crc repaired)
        for (CompressionType t : cts) {
            if (t == CompressionType.NONE) continue;
            byte[] c = arr(MemoryRecords.withRecords(comp(t), new SimpleRecord(1, u("key"), u("value value value value value ".repeat(40))), new SimpleRecord(2, null, rnd(r, 100))).buffer());
            for (int cut : new int[] {1, 4, 8, (c.length - 61) / 2, c.length - 61 - 1}) corrupt("crcok-" + t.name + "-cut-" + cut, fixCrc(fixLen(Arrays.copyOf(c, c.length - cut))));
            for (int pos : new int[] {61, 62, 65, 68, 70, 80, 61 + (c.length - 61) / 2, c.length - 1}) { byte[] x = c.clone(); x[pos] ^= 0x10; corrupt("crcok-" + t.name + "-flip-" + pos, fixCrc(x)); }
            corrupt("crcok-" + t.name + "-count-plus1", put(c, 57, 4, 3, true));
            corrupt("crcok-" + t.name + "-count-minus1", put(c, 57, 4, 1, true));
            corrupt("crcok-" + t.name + "-trailing", fixCrc(fixLen(cat(c, new byte[] {1, 2, 3, 4, 5}))));
            corrupt("crcok-" + t.name + "-garbage", raw(t.id, 0, 1, rnd(r, 50)));
        }
        // legacy
        for (byte magic = 0; magic <= 1; magic++) {
            byte[] l = arr(MemoryRecords.withRecords(magic, 10L, Compression.NONE, new SimpleRecord(magic == 0 ? -1 : 5, u("key"), u("value"))).buffer());
            byte[] lc = arr(MemoryRecords.withRecords(magic, 10L, comp(CompressionType.GZIP), new SimpleRecord(magic == 0 ? -1 : 5, u("key"), u("value")), new SimpleRecord(magic == 0 ? -1 : 6, u("key2"), u("value2"))).buffer());
            for (byte[] x : new byte[][] {l, lc}) {
                String s = "legacy" + magic + (x == l ? "" : "-gzip");
                byte[] y = x.clone(); y[y.length - 1] ^= 1; corrupt(s + "-bitflip-last", y);
                y = x.clone(); y[12] ^= 1; corrupt(s + "-bitflip-crc", y);
                corrupt(s + "-truncated-minus1", Arrays.copyOf(x, x.length - 1));
                corrupt(s + "-truncated-17", Arrays.copyOf(x, 17));
                y = x.clone(); y[17] |= 4; CRC32 c = new CRC32(); c.update(y, 16, y.length - 16); ByteBuffer.wrap(y).putInt(12, (int) c.getValue()); corrupt(s + "-crcok-zstd-attr", y);
                y = x.clone(); y[17] |= 7; c = new CRC32(); c.update(y, 16, y.length - 16); ByteBuffer.wrap(y).putInt(12, (int) c.getValue()); corrupt(s + "-crcok-compression-7", y);
            }
        }
    }
}
