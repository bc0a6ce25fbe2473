import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Members of a group, a thread each: they join and leave when they are told to. */
public final class Members {
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", args[0]);
        config.put("group.id", args[1]);
        for (String setting : List.of(args).subList(5, args.length)) {
            String[] pair = setting.split("=", 2);
            config.put(pair[0], pair[1]);
        }
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[4]); i++) {
            members.add(new Member(config, args[2], args[3] + "-" + i));
        }
        say("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        while (true) {
            String command = commands.readLine();
            if ("join".equals(command)) {
                members.forEach(Thread::start);
            } else {
                for (Member member : members) {
                    member.leave();
                }
                for (Member member : members) {
                    member.join();
                }
                return;
            }
        }
    }

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static final class Member extends Thread implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, String> consumer;
        private final String topic;
        private final String name;
        private final Map<TopicPartition, Integer> claims = new HashMap<>();
        private volatile boolean ended;
        private int begun;

        Member(Map<String, Object> config, String topic, String name) {
            StringDeserializer strings = new StringDeserializer();
            this.consumer = new KafkaConsumer<>(config, strings, strings);
            this.topic = topic;
            this.name = name;
        }

        void leave() {
            ended = true;
            consumer.wakeup();
        }

        @Override
        public void run() {
            record("nemesis", ",\"what\":\"join\"");
            consumer.subscribe(List.of(topic), this);
            try {
                while (!ended) {
                    consumer.poll(Duration.ofMillis(1000));
                }
            } catch (WakeupException told) {
                // It is to leave.
            }
            record("nemesis", ",\"what\":\"leave\"");
            consumer.close();
            record("left", "");
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                claims.put(partition, ++begun);
                record("assigned", ",\"claim\":" + begun + ",\"topic\":\"" + partition.topic()
                    + "\",\"partition\":" + partition.partition());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                record("released", ",\"claim\":" + claims.remove(partition));
            }
        }

        private void record(String kind, String more) {
            long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            say("{\"t\":" + now + ",\"process\":\"" + name + "\",\"kind\":\"" + kind + "\"" + more + "}");
        }
    }
}
