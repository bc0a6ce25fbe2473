import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group, until standard input ends. It says what it owns, and what it has
 * read once that is committed.
 */
public final class Member implements ConsumerRebalanceListener {
    private final TreeSet<Integer> owned = new TreeSet<>();
    private volatile boolean ended;

    public static void main(String[] args) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", args[0]);
        config.put("group.id", args[1]);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        for (String setting : List.of(args).subList(3, args.length)) {
            String[] pair = setting.split("=", 2);
            config.put(pair[0], pair[1]);
        }
        new Member().run(config, args[2]);
    }

    private void run(Map<String, Object> config, String topic) {
        Thread listener = new Thread(this::listen);
        listener.setDaemon(true);
        listener.start();
        StringDeserializer strings = new StringDeserializer();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config, strings, strings)) {
            consumer.subscribe(List.of(topic), this);
            while (!ended) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                if (!records.isEmpty()) {
                    consumer.commitSync();
                }
                records.forEach(record ->
                    System.out.println("record " + record.partition() + " " + record.offset() + " " + record.value()));
            }
        }
        System.out.println("closed");
    }

    private void listen() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            broken.printStackTrace();
        }
        ended = true;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> owned.add(partition.partition()));
        owns();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> owned.remove(partition.partition()));
        owns();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        System.err.println("lost: " + partitions);
    }

    private void owns() {
        System.out.println(owned.stream().map(partition -> " " + partition).collect(Collectors.joining("", "owns", "")));
    }
}
