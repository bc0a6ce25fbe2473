import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Kafka's own consumer as a candidate: the same arguments and the same line of figures as the
 * others. The CPU time includes the start and the compiling.
 *
 * <p>row candidate bootstrap topic partitions records threads lz4
 */
public class Consume {
    public static void main(String[] arguments) throws Exception {
        boolean isMember = arguments[1].endsWith("group");
        String topic = arguments[3];
        int partitions = Integer.parseInt(arguments[4]);
        int records = Integer.parseInt(arguments[5]);
        long started = System.nanoTime();
        double before = cpu();
        double half = 0;
        long sum = 0;
        int count = 0;
        try (var consumer = new KafkaConsumer<>(
                properties(arguments[2], isMember), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (isMember) {
                consumer.subscribe(List.of(topic));
            } else {
                var all = new ArrayList<TopicPartition>();
                for (int partition = 0; partition < partitions; partition++) {
                    all.add(new TopicPartition(topic, partition));
                }
                consumer.assign(all);
                consumer.seekToBeginning(all);
            }
            while (count < records) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    byte[] key = record.key();
                    byte[] value = record.value();
                    sum ^= record.offset() ^ record.timestamp() ^ key[key.length - 1] ^ value[value.length - 1];
                    count++;
                }
                if (half == 0 && count >= records / 2) {
                    half = cpu();
                }
            }
            double now = cpu();
            double seconds = (System.nanoTime() - started) / 1e9;
            System.err.println("sum " + sum);
            System.out.println(seconds + " " + (now - before) + " " + peakMegabytes() + " 0 0 " + (now - half));
        }
    }

    private static Properties properties(String bootstrap, boolean isMember) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", "10000");
        properties.put("max.partition.fetch.bytes", "1048576");
        if (isMember) {
            properties.put("group.id", "group-" + ProcessHandle.current().pid());
            properties.put("group.protocol", "consumer");
        } else {
            properties.put("enable.auto.commit", "false");
        }
        return properties;
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
