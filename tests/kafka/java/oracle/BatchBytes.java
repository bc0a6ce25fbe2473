package oracle;

import org.apache.kafka.common.compress.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.utils.internals.*;

import java.io.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.zip.*;

/** Record batches and their parts as bytes, also such as no builder of Kafka's would write. */
final class BatchBytes {
    static Compression comp(CompressionType t) { return Compression.of(t).build(); }
    static Header h(String k, byte[] v) { return new RecordHeader(k, v); }
    static byte[] u(String s) { return s == null ? null : s.getBytes(StandardCharsets.UTF_8); }
    static byte[] rnd(Random r, int n) { byte[] b = new byte[n]; r.nextBytes(b); return b; }
    static byte[] fixCrc(byte[] b) { CRC32C c = new CRC32C(); c.update(b, 21, b.length - 21); ByteBuffer.wrap(b).putInt(17, (int) c.getValue()); return b; }
    static byte[] fixLen(byte[] b) { ByteBuffer.wrap(b).putInt(8, b.length - 12); return b; }
    static byte[] cat(byte[]... a) { ByteArrayOutputStream o = new ByteArrayOutputStream(); for (byte[] x : a) o.writeBytes(x); return o.toByteArray(); }
    static void varint(ByteArrayOutputStream o, long v) { long u = (v << 1) ^ (v >> 63); while ((u & ~0x7fL) != 0) { o.write((int) (u & 0x7f) | 0x80); u >>>= 7; } o.write((int) u); }
    static byte[] vi(long v) { ByteArrayOutputStream o = new ByteArrayOutputStream(); varint(o, v); return o.toByteArray(); }
    /** batch header + payload with correct length and crc */
    static byte[] raw(int attributes, int lastDelta, int count, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(61 + payload.length);
        b.putLong(0).putInt(49 + payload.length).putInt(-1).put((byte) 2).putInt(0).putShort((short) attributes).putInt(lastDelta)
            .putLong(1000).putLong(2000).putLong(-1).putShort((short) -1).putInt(-1).putInt(count).put(payload);
        return fixCrc(b.array());
    }
    static byte[] recBytes(byte[] body) { return cat(vi(body.length), body); }
    /** standard record body: attrs, tsDelta, offDelta, key, value, headers */
    static byte[] body(int attrs, long ts, long off, byte[] key, byte[] val, byte[]... headers) {
        ByteArrayOutputStream o = new ByteArrayOutputStream();
        o.write(attrs); varint(o, ts); varint(o, off);
        if (key == null) varint(o, -1); else { varint(o, key.length); o.writeBytes(key); }
        if (val == null) varint(o, -1); else { varint(o, val.length); o.writeBytes(val); }
        varint(o, headers.length); for (byte[] x : headers) o.writeBytes(x);
        return o.toByteArray();
    }
    static SimpleRecord[] sample(Random r, int n) {
        SimpleRecord[] a = new SimpleRecord[n];
        for (int i = 0; i < n; i++) {
            byte[] k = r.nextInt(4) == 0 ? null : r.nextInt(5) == 0 ? new byte[0] : rnd(r, r.nextInt(20));
            byte[] v = r.nextInt(4) == 0 ? null : r.nextInt(5) == 0 ? new byte[0] : u("value-" + i + "-" + "x".repeat(r.nextInt(10) == 0 ? 300 : r.nextInt(30)));
            Header[] hs = new Header[r.nextInt(3) == 0 ? 1 + r.nextInt(3) : 0];
            for (int q = 0; q < hs.length; q++) hs[q] = h(new String[] {"", "h", "dup", "ключ", "k".repeat(64)}[r.nextInt(5)], r.nextInt(3) == 0 ? null : rnd(r, r.nextInt(6)));
            long ts = r.nextInt(15) == 0 ? -1 : r.nextInt(10) == 0 ? Long.MAX_VALUE - r.nextInt(3) : 1700000000000L + r.nextInt(100000) - 50000;
            a[i] = new SimpleRecord(ts, k, v, hs);
        }
        return a;
    }
    static MemoryRecordsBuilder builder(byte magic, CompressionType t, TimestampType tt, long baseOffset, long logAppend, long pid, short epoch, int seq, boolean txn, boolean control, int leaderEpoch, long deleteHorizon) {
        return new MemoryRecordsBuilder(new ByteBufferOutputStream(512), magic, comp(t), tt, baseOffset, logAppend, pid, epoch, seq, txn, control, leaderEpoch, Integer.MAX_VALUE, deleteHorizon);
    }
    static final long NOTS = RecordBatch.NO_TIMESTAMP;
    static byte[] gz(byte[] b) throws IOException { ByteArrayOutputStream o = new ByteArrayOutputStream(); try (GZIPOutputStream g = new GZIPOutputStream(o)) { g.write(b); } return o.toByteArray(); }
    static byte[] zs(byte[] b, boolean ck, boolean size) {
        try (com.github.luben.zstd.ZstdCompressCtx c = new com.github.luben.zstd.ZstdCompressCtx()) { c.setChecksum(ck); c.setContentSize(size); return c.compress(b); }
    }
    static byte[] lz4(byte[] b, net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE bs, int flags) throws IOException {
        List<net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits> l = new ArrayList<>();
        l.add(net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
        if ((flags & 1) != 0) l.add(net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits.BLOCK_CHECKSUM);
        if ((flags & 2) != 0) l.add(net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM);
        if ((flags & 4) != 0) l.add(net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits.CONTENT_SIZE);
        ByteArrayOutputStream o = new ByteArrayOutputStream();
        try (OutputStream x = new net.jpountz.lz4.LZ4FrameOutputStream(o, bs, (flags & 4) != 0 ? b.length : -1, l.toArray(new net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits[0]))) { x.write(b); }
        return o.toByteArray();
    }
    static byte[] put(byte[] b, int pos, int width, long val, boolean crc) {
        b = b.clone();
        for (int i = width - 1; i >= 0; i--) { b[pos + i] = (byte) val; val >>= 8; }
        return crc ? fixCrc(b) : b;
    }
}
