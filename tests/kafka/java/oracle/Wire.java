package oracle;

import org.apache.kafka.common.protocol.*;

import java.nio.ByteBuffer;
import java.util.*;

/** Messages to bytes and back, and bytes as hex. */
final class Wire {
    static byte[] encode(Message m, int v) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = m.size(cache, (short) v);
        ByteBuffer bb = ByteBuffer.allocate(size);
        m.write(new ByteBufferAccessor(bb), cache, (short) v);
        if (bb.hasRemaining()) throw new IllegalStateException("size mismatch: size()=" + size + " written=" + bb.position());
        return bb.array();
    }
    static int decode(Message into, byte[] b, int v) {
        ByteBuffer bb = ByteBuffer.wrap(b);
        into.read(new ByteBufferAccessor(bb), (short) v);
        return bb.remaining();
    }
    static final HexFormat HX = HexFormat.of();
    static String hex(byte[] b) { return HX.formatHex(b); }
    static byte[] unhex(String s) { return s.equals("-") ? new byte[0] : HX.parseHex(s); }
    static byte[] arr(ByteBuffer b) { b = b.duplicate(); byte[] x = new byte[b.remaining()]; b.get(x); return x; }
}
