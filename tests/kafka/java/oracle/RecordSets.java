package oracle;

import static oracle.Schemas.*;
import static oracle.Wire.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.*;

import java.nio.ByteBuffer;
import java.util.*;

/** What a Java reader makes of the bytes of a record set. */
final class RecordSets {
    static final byte V2 = 2;
    static ObjectNode describe(MutableRecordBatch b, byte[] all, int pos) {
        ObjectNode n = N.objectNode();
        n.put("magic", b.magic());
        n.put("compression", b.compressionType().name);
        ByteBuffer bb = ByteBuffer.wrap(all);
        n.put("attributes", b.magic() >= 2 ? (int) bb.getShort(pos + 21) : (int) bb.get(pos + 17));
        n.put("sizeInBytes", b.sizeInBytes());
        if (b.magic() >= 2) n.put("baseOffset", b.baseOffset()); else n.put("headerOffset", bb.getLong(pos));
        n.put("lastOffset", b.lastOffset());
        n.put("producerId", b.producerId()).put("producerEpoch", b.producerEpoch()).put("baseSequence", b.baseSequence()).put("lastSequence", b.lastSequence());
        n.put("isControl", b.isControlBatch()).put("isTransactional", b.isTransactional());
        n.put("timestampType", b.timestampType().name);
        if (b instanceof DefaultRecordBatch) n.put("baseTimestamp", bb.getLong(pos + 27)); else n.putNull("baseTimestamp");
        n.put("maxTimestamp", b.maxTimestamp());
        if (b.deleteHorizonMs().isPresent()) n.put("deleteHorizonMs", b.deleteHorizonMs().getAsLong()); else n.putNull("deleteHorizonMs");
        n.put("partitionLeaderEpoch", b.partitionLeaderEpoch());
        n.put("crc", b.magic() >= 2 ? bb.getInt(pos + 17) & 0xffffffffL : bb.getInt(pos + 12) & 0xffffffffL);
        if (b.countOrNull() == null) n.putNull("count"); else n.put("count", b.countOrNull());
        return n;
    }
    static ObjectNode rec(Record r) {
        ObjectNode x = N.objectNode();
        x.put("offset", r.offset()).put("timestamp", r.timestamp()).put("sequence", r.sequence());
        if (r.hasKey()) x.put("key", hex(arr(r.key()))); else x.putNull("key");
        if (r.hasValue()) x.put("value", hex(arr(r.value()))); else x.putNull("value");
        ArrayNode hs = x.putArray("headers");
        for (Header h : r.headers()) { ArrayNode a = hs.addArray(); a.add(h.key()); if (h.value() == null) a.addNull(); else a.add(hex(h.value())); }
        return x;
    }
    static ObjectNode exc(String stage, int batch, Throwable t) {
        ObjectNode n = N.objectNode();
        n.put("stage", stage).put("batch", batch).put("exception", t.getClass().getSimpleName()).put("message", t.getMessage());
        if (t.getCause() != null) n.put("cause", t.getCause().getClass().getSimpleName() + ": " + t.getCause().getMessage());
        return n;
    }
    /** What a Java reader does: iterate batches, ensureValid (crc), stream the records. Stages: batches, ensureValid, records. */
    static ObjectNode javaOutcome(byte[] b) {
        ObjectNode n = N.objectNode();
        ArrayNode bs = n.putArray("batches");
        int pos = 0, i = 0;
        Iterator<MutableRecordBatch> it = MemoryRecords.readableRecords(ByteBuffer.wrap(b)).batches().iterator();
        while (true) {
            MutableRecordBatch mb;
            try { if (!it.hasNext()) break; mb = it.next(); } catch (Throwable t) { n.set("error", exc("batches", i, t)); break; }
            ObjectNode d = null;
            String stage = "ensureValid";
            try {
                mb.ensureValid();
                stage = "describe";
                d = describe(mb, b, pos);
                stage = "records";
                ArrayNode rs = d.putArray("records");
                try (CloseableIterator<Record> ri = mb.streamingIterator(BufferSupplier.NO_CACHING)) { while (ri.hasNext()) { Record r = ri.next(); r.ensureValid(); rs.add(rec(r)); } }
                bs.add(d);
            } catch (Throwable t) {
                if (d != null) bs.add(d);
                ObjectNode e = exc(stage, i, t);
                // RecordBatch.iterator() does not start a codec where the header says that there are no records.
                if (stage.equals("records")) try { int c = 0; for (Record r : mb) c++; e.put("iterator", c); } catch (Throwable x) { }
                n.set("error", e);
                break;
            }
            pos += mb.sizeInBytes(); i++;
        }
        n.put("bytesConsumed", pos).put("bytesTotal", b.length);
        return n;
    }
}
