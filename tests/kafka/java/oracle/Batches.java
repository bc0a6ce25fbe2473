package oracle;

import static oracle.BatchBytes.*;
import static oracle.Corruptions.*;
import static oracle.RecordSets.*;
import static oracle.Schemas.*;
import static oracle.Wire.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.*;

import java.io.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Mode batches: record sets that are valid. */
final class Batches {
    static Writer BW; static int bl = 0, bc = 0;
    static void emit(String label, byte[] b) throws Exception {
        ObjectNode oc = javaOutcome(b);
        if (oc.has("error")) throw new IllegalStateException(label + ": " + oc.get("error"));
        if (oc.get("bytesConsumed").asInt() != b.length) throw new IllegalStateException(label + " not fully consumed");
        ObjectNode n = N.objectNode();
        n.put("label", label);
        ArrayNode bs = (ArrayNode) oc.get("batches");
        if (bs.size() == 1) n.setAll((ObjectNode) bs.get(0)); else n.set("batches", bs);
        n.put("hex", hex(b));
        BW.write(M.writeValueAsString(n)); BW.write('\n'); bl++;
    }
    static void emit(String label, ByteBuffer b) throws Exception { emit(label, arr(b)); }
    static void corrupt(String name, byte[] b) throws Exception {
        ObjectNode n = N.objectNode();
        n.put("corrupt", name);
        n.set("java", javaOutcome(b));
        n.put("hex", hex(b));
        BW.write(M.writeValueAsString(n)); BW.write('\n'); bc++;
    }
    static void batches(Map<String, String> o) throws Throwable {
        long seed = Long.parseLong(o.getOrDefault("seed", "1"));
        int n = Integer.parseInt(o.getOrDefault("n", "200"));
        BW = new BufferedWriter(new OutputStreamWriter(new FileOutputStream(o.get("out")), StandardCharsets.UTF_8), 1 << 20);
        Random r = new Random(seed * 31 + 5);
        CompressionType[] CT = CompressionType.values();
        // fixed set ---------------------------------------------------------
        for (CompressionType t : CT) {
            Header[] hs = {h("a", u("1")), h("a", u("2")), h("null", null), h("", new byte[0]), h("ключ-日本", u("v"))};
            SimpleRecord[] base = {new SimpleRecord(1700000000000L, u("k1"), u("v1"), hs), new SimpleRecord(1700000000005L, (byte[]) null, u("v2")),
                new SimpleRecord(1699999999990L, u("k3"), null), new SimpleRecord(1700000000001L, (byte[]) null, (byte[]) null), new SimpleRecord(-1L, new byte[0], new byte[0])};
            emit("basic-" + t.name, MemoryRecords.withRecords(comp(t), base).buffer());
            emit("offset-epoch-" + t.name, MemoryRecords.withRecords(123456789012L, comp(t), 42, base).buffer());
            MemoryRecordsBuilder b = builder(V2, t, TimestampType.LOG_APPEND_TIME, 7, 1711111111111L, -1, (short) -1, -1, false, false, 3, NOTS);
            for (SimpleRecord x : base) b.append(x);
            emit("logappend-builder-" + t.name, b.build().buffer());
            MemoryRecords mr = MemoryRecords.withRecords(comp(t), base);
            for (MutableRecordBatch mb : mr.batches()) { mb.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 1722222222222L); mb.setLastOffset(1004); mb.setPartitionLeaderEpoch(9); }
            emit("logappend-broker-rewrite-" + t.name, mr.buffer());
            emit("idempotent-" + t.name, MemoryRecords.withIdempotentRecords(5, comp(t), 9001L, (short) 3, 77, 11, base).buffer());
            emit("seq-wrap-" + t.name, MemoryRecords.withIdempotentRecords(comp(t), Long.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE - 2, base).buffer());
            emit("transactional-" + t.name, MemoryRecords.withTransactionalRecords(5, comp(t), 9002L, (short) 0, 0, 12, base).buffer());
            b = builder(V2, t, TimestampType.CREATE_TIME, 100, NOTS, 1, (short) 0, 0, false, false, 1, NOTS);
            b.appendWithOffset(103, base[0]); b.appendWithOffset(110, base[1]); b.appendWithOffset(999, base[2]);
            b.overrideLastOffset(2000);
            emit("offset-gaps-" + t.name, b.build().buffer());
            b = builder(V2, t, TimestampType.CREATE_TIME, 50, NOTS, -1, (short) -1, -1, false, false, 1, 1733333333333L);
            b.appendWithOffset(50, base[0]); b.appendWithOffset(52, base[2]);
            emit("delete-horizon-" + t.name, b.build().buffer());
            // compaction through filterTo (sets the delete horizon too)
            ByteBuffer dst = ByteBuffer.allocate(4096);
            MemoryRecords.FilterResult fr = MemoryRecords.withRecords(1000, comp(t), 8, base).filterTo(new MemoryRecords.RecordFilter(1744444444444L, 5000) {
                protected BatchRetentionResult checkBatchRetention(RecordBatch x) { return new BatchRetentionResult(BatchRetention.DELETE_EMPTY, true); }
                protected boolean shouldRetainRecord(RecordBatch x, Record y) { return y.offset() % 2 == 0 && y.offset() > 1000; }
            }, dst, BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
            ByteBuffer ob = fr.outputBuffer(); ob.flip();
            emit("compacted-" + t.name, ob);
            dst = ByteBuffer.allocate(4096);
            fr = MemoryRecords.withIdempotentRecords(1000, comp(t), 5, (short) 1, 3, 8, base).filterTo(new MemoryRecords.RecordFilter(0, 5000) {
                protected BatchRetentionResult checkBatchRetention(RecordBatch x) { return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false); }
                protected boolean shouldRetainRecord(RecordBatch x, Record y) { return false; }
            }, dst, BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
            ob = fr.outputBuffer(); ob.flip();
            emit("compacted-to-empty-" + t.name, ob);
            // big values: compressible, incompressible (several 64KB blocks), many records
            if (t != CompressionType.NONE) emit("big-compressible-" + t.name, MemoryRecords.withRecords(comp(t), new SimpleRecord(1L, u("k"), u("abcdefghij".repeat(7000)))).buffer());
            emit("big-random-" + t.name, MemoryRecords.withRecords(comp(t), new SimpleRecord(1L, rnd(r, 3), rnd(r, t == CompressionType.NONE ? 20000 : 70000)), new SimpleRecord(2L, null, rnd(r, 127))).buffer());
            SimpleRecord[] many = new SimpleRecord[300];
            for (int i = 0; i < many.length; i++) many[i] = new SimpleRecord(1700000000000L + i * 37L, u("key" + i % 7), u("v" + i));
            emit("many-" + t.name, MemoryRecords.withRecords(comp(t), many).buffer());
            for (int len : new int[] {62, 63, 64, 65, 8190, 8191, 8192, 8193}) // signed varint length boundaries
                if (t == CompressionType.NONE || len == 64) emit("len-" + len + "-" + t.name, MemoryRecords.withRecords(comp(t), new SimpleRecord(1L, "k".repeat(len).getBytes(), "v".repeat(len).getBytes())).buffer());
            emit("extreme-ts-" + t.name, MemoryRecords.withRecords(comp(t), new SimpleRecord(Long.MAX_VALUE, u("a"), u("b")), new SimpleRecord(0L, u("a"), u("b")), new SimpleRecord(-1L, u("a"), u("b"))).buffer());
            // delta wider than i32 and last offset close to the limit
            b = builder(V2, t, TimestampType.CREATE_TIME, Long.MAX_VALUE - Integer.MAX_VALUE, NOTS, -1, (short) -1, -1, false, false, Integer.MAX_VALUE, NOTS);
            b.appendWithOffset(Long.MAX_VALUE - Integer.MAX_VALUE, base[0]); b.appendWithOffset(Long.MAX_VALUE, base[1]);
            emit("max-offset-" + t.name, b.build().buffer());
            // single-record, all-null, no headers
            emit("one-null-" + t.name, MemoryRecords.withRecords(comp(t), new SimpleRecord(0L, (byte[]) null, (byte[]) null)).buffer());
        }
        // control batches
        for (ControlRecordType ct : new ControlRecordType[] {ControlRecordType.COMMIT, ControlRecordType.ABORT})
            for (int ce : new int[] {0, 1, -1, Integer.MAX_VALUE})
                emit("endtxn-" + ct.name().toLowerCase() + "-" + ce, MemoryRecords.withEndTransactionMarker(500, 1750000000000L, 4, 9003L, (short) 5, new EndTransactionMarker(ct, ce)).buffer());
        LeaderChangeMessage lc = new LeaderChangeMessage().setVersion((short) 0).setLeaderId(2).setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(1), new LeaderChangeMessage.Voter().setVoterId(2))).setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(2)));
        emit("leaderchange-v0", MemoryRecords.withLeaderChangeMessage(10, 1750000000001L, 6, ByteBuffer.allocate(512), lc).buffer());
        LeaderChangeMessage lc1 = new LeaderChangeMessage().setVersion((short) 1).setLeaderId(2).setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(1).setVoterDirectoryId(new Uuid(1, 2)), new LeaderChangeMessage.Voter().setVoterId(2).setVoterDirectoryId(new Uuid(3, 4)))).setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(2).setVoterDirectoryId(new Uuid(3, 4))));
        { // the builder always writes schema version 0; craft version 1 by hand
            MemoryRecordsBuilder b = builder(V2, CompressionType.NONE, TimestampType.CREATE_TIME, 10, NOTS, -1, (short) -1, -1, false, true, 6, NOTS);
            b.appendControlRecord(1750000000001L, ControlRecordType.LEADER_CHANGE, ByteBuffer.wrap(encode(lc1, 1)));
            emit("leaderchange-v1", b.build().buffer());
        }
        emit("snapshotheader", MemoryRecords.withSnapshotHeaderRecord(0, 1750000000002L, 6, ByteBuffer.allocate(512), new SnapshotHeaderRecord().setVersion((short) 0).setLastContainedLogTimestamp(99)).buffer());
        emit("snapshotfooter", MemoryRecords.withSnapshotFooterRecord(4, 1750000000003L, 6, ByteBuffer.allocate(512), new SnapshotFooterRecord().setVersion((short) 0)).buffer());
        emit("kraftversion", MemoryRecords.withKRaftVersionRecord(1, 1750000000004L, 6, ByteBuffer.allocate(512), new KRaftVersionRecord().setVersion((short) 0).setKRaftVersion((short) 1)).buffer());
        VotersRecord vr = new VotersRecord().setVersion((short) 0);
        VotersRecord.EndpointCollection ec = new VotersRecord.EndpointCollection();
        ec.add(new VotersRecord.Endpoint().setName("CONTROLLER").setHost("localhost").setPort(9093));
        vr.setVoters(List.of(new VotersRecord.Voter().setVoterId(1).setVoterDirectoryId(new Uuid(5, 6)).setEndpoints(ec).setKRaftVersionFeature(new VotersRecord.KRaftVersionFeature().setMinSupportedVersion((short) 0).setMaxSupportedVersion((short) 1))));
        emit("kraftvoters", MemoryRecords.withVotersRecord(2, 1750000000005L, 6, ByteBuffer.allocate(512), vr).buffer());
        { // unknown control record type
            // the builder refuses it ("Cannot append record with unknown control record type 99"), a reader does not
            emit("control-unknown-type", raw(0x20, 0, 1, recBytes(body(0, 0, 0, new byte[] {0, 0, 0, 99}, new byte[] {1, 2, 3}))));
        }
        // empty batches
        for (int i = 0; i < 6; i++) {
            ByteBuffer b = ByteBuffer.allocate(61);
            DefaultRecordBatch.writeEmptyHeader(b, V2, i % 2 == 0 ? -1 : 77, (short) (i % 2 == 0 ? -1 : 1), i % 2 == 0 ? -1 : 5, 40, 40 + i, i, i == 3 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME, i == 2 ? -1 : 1234, i >= 4, i == 5);
            b.flip();
            emit("empty-" + i, b);
        }
        // legacy magic 0 and 1
        for (byte magic = 0; magic <= 1; magic++) for (CompressionType t : CT) {
            if (t == CompressionType.ZSTD) continue;
            SimpleRecord[] base = {new SimpleRecord(magic == 0 ? -1 : 1000L, u("k1"), u("v1")), new SimpleRecord(magic == 0 ? -1 : 1005L, (byte[]) null, u("v2")), new SimpleRecord(magic == 0 ? -1 : 990L, u("k3"), null), new SimpleRecord(magic == 0 ? -1 : 991L, new byte[0], new byte[0])};
            emit("legacy" + magic + "-" + t.name, MemoryRecords.withRecords(magic, 100L, comp(t), base).buffer());
            emit("legacy" + magic + "-one-" + t.name, MemoryRecords.withRecords(magic, 7L, comp(t), base[0]).buffer());
            emit("legacy" + magic + "-big-" + t.name, MemoryRecords.withRecords(magic, 7L, comp(t), new SimpleRecord(magic == 0 ? -1 : 5, u("k"), u("0123456789".repeat(7000)).clone()), base[1]).buffer());
            MemoryRecordsBuilder b = builder(magic, t, TimestampType.CREATE_TIME, 200, NOTS, -1, (short) -1, -1, false, false, -1, NOTS);
            b.appendWithOffset(203, base[0]); b.appendWithOffset(209, base[1]);
            emit("legacy" + magic + "-gaps-" + t.name, b.build().buffer());
            if (magic == 1) {
                b = builder(magic, t, TimestampType.LOG_APPEND_TIME, 5, 1760000000000L, -1, (short) -1, -1, false, false, -1, NOTS);
                for (SimpleRecord x : base) b.append(x);
                emit("legacy1-logappend-" + t.name, b.build().buffer());
            }
        }
        // several batches in one buffer, mixed magics
        byte[] b0 = arr(MemoryRecords.withRecords((byte) 0, 0L, Compression.NONE, new SimpleRecord(-1, u("a"), u("b"))).buffer());
        byte[] b1 = arr(MemoryRecords.withRecords((byte) 1, 1L, comp(CompressionType.GZIP), new SimpleRecord(5, u("a"), u("b")), new SimpleRecord(6, u("c"), u("d"))).buffer());
        byte[] b2 = arr(MemoryRecords.withRecords(3L, comp(CompressionType.SNAPPY), 1, new SimpleRecord(7, u("a"), u("b")), new SimpleRecord(8, u("c"), u("d"))).buffer());
        byte[] b3 = arr(MemoryRecords.withEndTransactionMarker(5, 9, 1, 1L, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 1)).buffer());
        emit("multi-mixed-magic", cat(b0, b1, b2, b3));
        emit("multi-v2", cat(b2, b3, b2));
        // alternative but valid codings of the payload made by other clients (records r1,r2)
        byte[] pay = cat(recBytes(body(0, 0, 0, u("k"), u("hello hello hello hello hello"))), recBytes(body(0, 5, 1, null, u("world"), cat(vi(1), u("h"), vi(-1)))));
        byte[] big = recBytes(body(0, 0, 0, u("k"), u("abcdefgh".repeat(9000))));
        for (int z = 0; z < 2; z++) {
            byte[] pl = z == 0 ? pay : big; int cnt = z == 0 ? 2 : 1; String sx = z == 0 ? "" : "-big";
            emit("alt-none" + sx, raw(0, cnt - 1, cnt, pl));
            emit("alt-snappy-raw-block" + sx, raw(2, cnt - 1, cnt, org.xerial.snappy.Snappy.compress(pl)));
            for (int bs : new int[] {1024, 65536}) { ByteArrayOutputStream so = new ByteArrayOutputStream(); try (OutputStream x = new org.xerial.snappy.SnappyOutputStream(so, bs)) { x.write(pl); } emit("alt-snappy-xerial-" + bs + sx, raw(2, cnt - 1, cnt, so.toByteArray())); }
            int half = pl.length / 2;
            byte[] p1 = Arrays.copyOf(pl, half), p2 = Arrays.copyOfRange(pl, half, pl.length);
            emit("alt-gzip-two-members" + sx, raw(1, cnt - 1, cnt, cat(gz(p1), gz(p2))));
            emit("alt-zstd-two-frames" + sx, raw(4, cnt - 1, cnt, cat(zs(p1, false, true), zs(p2, false, true))));
            emit("alt-zstd-checksum-nosize" + sx, raw(4, cnt - 1, cnt, zs(pl, true, false)));
            emit("alt-zstd-checksum-size" + sx, raw(4, cnt - 1, cnt, zs(pl, true, true)));
            for (Object[] v : new Object[][] {
                {"b64k", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 0}, {"b4m", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_4MB, 0}, {"b256k-blockck", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB, 1},
                {"b1m-contentck", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_1MB, 2}, {"b64k-contentsize", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 4}, {"b64k-all", net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 7}}) {
                byte[] x = raw(3, cnt - 1, cnt, lz4(pl, (net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE) v[1], (Integer) v[2]));
                if (javaOutcome(x).has("error")) corrupt("alt-lz4-" + v[0] + sx, x); else emit("alt-lz4-" + v[0] + sx, x);
            }
            byte[] br = lz4(pl, net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 0);
            corrupt("alt-lz4-two-frames" + sx, raw(3, cnt - 1, cnt, cat(lz4(p1, net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 0), lz4(p2, net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, 0))));
            br = br.clone(); br[6] ^= 0x55;
            corrupt("lz4-bad-header-checksum" + sx, raw(3, cnt - 1, cnt, br));
            ByteArrayOutputStream bo = new ByteArrayOutputStream();
            try (Lz4BlockOutputStream x = new Lz4BlockOutputStream(bo, 4, 9, true, false)) { x.write(pl, 0, pl.length); }
            emit("alt-lz4-kafka-blockck" + sx, raw(3, cnt - 1, cnt, bo.toByteArray()));
            bo = new ByteArrayOutputStream();
            try (Lz4BlockOutputStream x = new Lz4BlockOutputStream(bo, 4, 9, false, true)) { x.write(pl, 0, pl.length); }
            corrupt("lz4-kafka-broken-hc-in-magic2" + sx, raw(3, cnt - 1, cnt, bo.toByteArray()));
        }
        // random set --------------------------------------------------------
        for (int i = 0; i < n; i++) {
            CompressionType t = CT[r.nextInt(CT.length)];
            boolean la = r.nextInt(4) == 0, pid = r.nextInt(2) == 0, txn = pid && r.nextBoolean();
            long baseOff = r.nextInt(3) == 0 ? 0 : r.nextInt(5) == 0 ? r.nextLong() & (Long.MAX_VALUE >> 2) : r.nextInt(1000000);
            MemoryRecordsBuilder b = builder(V2, t, la ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME, baseOff, la ? 1765000000000L + r.nextInt() : NOTS,
                pid ? r.nextLong() & Long.MAX_VALUE : -1, pid ? (short) r.nextInt(32768) : -1, pid ? (r.nextInt(4) == 0 ? Integer.MAX_VALUE - r.nextInt(3) : r.nextInt(100000)) : -1, txn, false, r.nextInt(5) == 0 ? -1 : r.nextInt(1000), !la && r.nextInt(6) == 0 ? 1700000000000L + r.nextInt(9999) : NOTS);
            long off = baseOff;
            boolean gaps = r.nextInt(4) == 0;
            for (SimpleRecord x : sample(r, 1 + r.nextInt(r.nextInt(10) == 0 ? 200 : 6))) { if (gaps) off += r.nextInt(20); b.appendWithOffset(off++, x); }
            if (gaps && r.nextBoolean()) b.overrideLastOffset(off + r.nextInt(50));
            emit("random-" + i, b.build().buffer());
        }
        corruptions(r);
        BW.close();
        System.err.println("batch lines=" + bl + " corrupt lines=" + bc);
    }
}
