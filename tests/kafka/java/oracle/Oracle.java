package oracle;

import static oracle.Batches.*;
import static oracle.Configs.*;
import static oracle.Messages.*;
import static oracle.RecordSets.*;
import static oracle.Schemas.*;
import static oracle.Tables.*;
import static oracle.Wire.*;

import org.apache.kafka.common.protocol.*;

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Kafka's own message and record classes as an oracle. */
public final class Oracle {
    public static void main(String[] a) throws Throwable {
        if (a.length == 0) { System.err.println("modes: gen --seed S --per-version K --out F [--only NAME] | errors [--out F] | schemas --out F | ignorable --out F | batches --seed S --n N --out F | configs --out F | check"); System.exit(2); }
        Map<String, String> o = new HashMap<>();
        for (int i = 1; i + 1 < a.length; i += 2) o.put(a[i].replaceFirst("^--", ""), a[i + 1]);
        long t0 = System.nanoTime();
        load();
        switch (a[0]) {
            case "gen": gen(o); break;
            case "errors": errors(o.containsKey("out") ? new PrintStream(new FileOutputStream(o.get("out")), false, "UTF-8") : new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8")); break;
            case "schemas": schemas(o); break;
            case "ignorable": ignorable(o); break;
            case "batches": batches(o); break;
            case "configs": configs(o); break;
            case "check": check(); return;
            default: throw new IllegalArgumentException(a[0]);
        }
        System.err.printf("%s: %.1fs%n", a[0], (System.nanoTime() - t0) / 1e9);
    }

    /** Live: a line in, a line out. */
    static void check() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16), false, "UTF-8");
        String line;
        while ((line = in.readLine()) != null) {
            String r;
            try { r = checkLine(line); }
            catch (Throwable t) { r = "err " + t.getClass().getSimpleName() + " " + String.valueOf(t.getMessage()).replaceAll("[\\r\\n]+", " "); }
            out.print(r); out.print('\n'); out.flush();
        }
    }
    static String checkLine(String line) throws Throwable {
        line = line.strip();
        if (line.startsWith("batch")) {          // batch HEX -> parse a records buffer
            String[] q = line.split(" +");
            return "ok " + M.writeValueAsString(javaOutcome(q.length > 1 ? unhex(q[1]) : new byte[0]));
        }
        if (line.startsWith("enc ")) {           // enc NAME VERSION JSON -> encode from JSON
            String[] q = line.split(" +", 4);
            Schema s = SCHEMAS.get(q[1]);
            if (s == null || s.cls == null) return "err UnknownMessage " + q[1];
            int v = Integer.parseInt(q[2]);
            Message m = s.fromJson(M.readTree(q[3]), v);
            byte[] b = encode(m, v);
            return "ok " + (b.length == 0 ? "-" : hex(b)) + " " + M.writeValueAsString(s.toJson(m, v));
        }
        String[] q = line.split(" +");
        Schema s = SCHEMAS.get(q[0]);
        if (s == null || s.cls == null) return "err UnknownMessage " + q[0];
        int v = Integer.parseInt(q[1]);
        if (!s.valid.has(v)) return "err InvalidVersion " + v;
        byte[] b = q.length > 2 ? unhex(q[2]) : new byte[0];
        Message m = s.fresh();
        int rem = decode(m, b, v);
        byte[] e = encode(m, v);
        return (rem > 0 ? "trailing " + rem + " " : "ok ") + (e.length == 0 ? "-" : hex(e)) + " " + M.writeValueAsString(s.toJson(m, v));
    }
}
