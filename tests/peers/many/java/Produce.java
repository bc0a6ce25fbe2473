import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own producer as a candidate: the same arguments and the same line of figures as the
 * others. The CPU time is that of the second half of the records, or of the time that it may send
 * for, as if all of them had taken as much: during the first half it is compiled.
 *
 * <p>row candidate bootstrap topic partitions records threads lz4 seconds
 */
public class Produce {
    private static final int KEYS = 1 << 16;
    private static final int VALUES = 997;

    public static void main(String[] arguments) throws Exception {
        String topic = arguments[3];
        int records = Integer.parseInt(arguments[5]);
        boolean lz4 = Boolean.parseBoolean(arguments[7]);
        double sending = Double.parseDouble(arguments[8]);
        byte[][] keys = new byte[KEYS][];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ascii(String.format("user-%011d", i));
        }
        byte[][] values = new byte[VALUES][];
        for (int i = 0; i < VALUES; i++) {
            values[i] = value(i);
        }
        AtomicInteger failed = new AtomicInteger();
        Callback answered = (metadata, error) -> {
            if (error != null) {
                failed.incrementAndGet();
            }
        };
        try (var producer = new KafkaProducer<>(
                properties(arguments[2], lz4), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < 100; n++) {
                producer.send(new ProducerRecord<>(topic, key(keys, n), values[n % VALUES]), answered);
            }
            producer.flush();
            long started = System.nanoTime();
            double half = 0;
            int sent = 0;
            int sentByHalf = 0;
            while (sent < records) {
                if (sent % 256 == 0) {
                    double elapsed = (System.nanoTime() - started) / 1e9;
                    if (elapsed >= sending) {
                        break;
                    }
                    if (half == 0 && (sent >= records / 2 || elapsed >= sending / 2)) {
                        half = cpu();
                        sentByHalf = sent;
                    }
                }
                producer.send(new ProducerRecord<>(topic, key(keys, sent), values[sent % VALUES]), answered);
                sent++;
            }
            producer.flush();
            double seconds = (System.nanoTime() - started) / 1e9;
            double steady = (cpu() - half) * sent / (sent - sentByHalf);
            if (failed.get() > 0) {
                throw new IllegalStateException(failed + " records failed");
            }
            System.out.println(seconds + " " + steady + " " + peakMegabytes() + " 0 0 0 0 " + sent);
        }
    }

    private static Properties properties(String bootstrap, boolean lz4) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("acks", "all");
        properties.put("linger.ms", "5");
        properties.put("batch.size", "65536");
        properties.put("compression.type", lz4 ? "lz4" : "none");
        properties.put("buffer.memory", "67108864");
        return properties;
    }

    private static byte[] key(byte[][] keys, int n) {
        return keys[(n * 40503) & (KEYS - 1)];
    }

    private static byte[] value(int i) {
        var text = new StringBuilder(String.format(
                "user=%d,order=%d,status=pending,region=eu-west,price=%d,product=",
                i, i * 7919 % 100003, i * 31 % 9973));
        long random = i * 0x9e3779b97f4a7c15L | 1;
        while (text.length() < 100) {
            random ^= random << 13;
            random ^= random >>> 7;
            random ^= random << 17;
            text.append("w").append(Long.remainderUnsigned(random, 5000)).append(",");
        }
        return Arrays.copyOf(ascii(text.toString()), 100);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static double cpu() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static double peakMegabytes() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
            }
        }
        return Double.NaN;
    }
}
