import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Transactions of Kafka's own producer, and what its consumer makes of them: a line for each thing. */
public final class Transactions {
    private final String bootstrap;
    private final String topic;

    private Transactions(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    public static void main(String[] args) throws Exception {
        new Transactions(args[0], args[1]).run();
    }

    private void run() throws Exception {
        try (KafkaProducer<String, String> first = producer(); KafkaProducer<String, String> second = producer()) {
            first.initTransactions();
            transact(first, "committed", true);
            transact(first, "aborted", false);
            first.beginTransaction();
            first.send(new ProducerRecord<>(topic, 0, null, "with offsets")).get();
            try (KafkaConsumer<String, String> consumer = consumer("read_committed")) {
                first.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(42)),
                    consumer.groupMetadata());
            }
            first.commitTransaction();
            first.beginTransaction();
            first.send(new ProducerRecord<>(topic, 0, null, "of the fenced")).get();
            second.initTransactions();
            try {
                first.commitTransaction();
                System.out.println("not fenced");
            } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
                System.out.println("fenced");
            }
            transact(second, "committed too", true);
        }
        for (String isolation : List.of("read_uncommitted", "read_committed")) {
            read(isolation);
        }
    }

    private KafkaProducer<String, String> producer() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("transactional.id", topic);
        config.put("max.block.ms", 30_000);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private void transact(KafkaProducer<String, String> producer, String value, boolean commit) throws Exception {
        producer.beginTransaction();
        for (int partition = 0; partition < 2; partition++) {
            producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private KafkaConsumer<String, String> consumer(String isolation) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("isolation.level", isolation);
        config.put("group.id", topic);
        config.put("enable.auto.commit", false);
        config.put("auto.offset.reset", "earliest");
        StringDeserializer strings = new StringDeserializer();
        return new KafkaConsumer<>(config, strings, strings);
    }

    private void read(String isolation) {
        try (KafkaConsumer<String, String> consumer = consumer(isolation)) {
            for (int index = 0; index < 2; index++) {
                TopicPartition partition = new TopicPartition(topic, index);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                long deadline = System.currentTimeMillis() + 30_000;
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(record ->
                        System.out.println(isolation + " " + record.partition() + " " + record.offset() + " " + record.value()));
                    if (System.currentTimeMillis() > deadline) {
                        throw new KafkaException("at " + consumer.position(partition) + " of " + end);
                    }
                }
            }
            TopicPartition partition = new TopicPartition(topic, 0);
            System.out.println("offset " + consumer.committed(Set.of(partition)).get(partition).offset());
        }
    }
}
