package groups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.*;
import org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.clients.producer.internals.Dice;
import org.apache.kafka.common.*;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.api.assignor.*;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/** A line in, a line out: "VERB JSON" gives "ok JSON" or "err CLASS MESSAGE". */
public final class Groups {
    static final ObjectMapper M = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        for (String line; (line = in.readLine()) != null;) {
            try {
                int space = line.indexOf(' ');
                JsonNode q = M.readTree(line.substring(space + 1));
                out.println("ok " + M.writeValueAsString(answer(line.substring(0, space), q)));
            } catch (Throwable e) {
                out.println("err " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }

    static JsonNode answer(String verb, JsonNode q) throws Exception {
        switch (verb) {
            case "partition": return M.getNodeFactory().numberNode(BuiltInPartitioner.partitionForKey(hex(q.get("key").asText()), q.get("partitions").asInt()));
            case "murmur2": return M.getNodeFactory().numberNode(Utils.murmur2(hex(q.get("key").asText())));
            case "keyless": return keyless(q);
            case "assign": return assign(q);
            case "server": return server(q);
            default: throw new IllegalArgumentException(verb);
        }
    }

    /** {"topics":{"t":[["a","b"],[]]}, "members":{"m":{"topics":["t"],"owned":[["t",0]],"generation":5,"rack":"a","instance":"i","userData":"00.."}}, "assignor":"sticky"}; each partition is the list of the racks of its replicas, and without userData a member sends what its own assignor makes of owned and generation */
    static JsonNode assign(JsonNode q) {
        ConsumerPartitionAssignor assignor = client(q.get("assignor").asText());
        Map<String, Subscription> members = new TreeMap<>();
        Map<String, String> sent = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        q.get("members").fields().forEachRemaining(e -> {
            JsonNode m = e.getValue();
            List<String> topics = new ArrayList<>();
            m.get("topics").forEach(t -> topics.add(t.asText()));
            List<TopicPartition> owned = partitions(m.get("owned"));
            int generation = m.path("generation").asInt(AbstractStickyAssignor.DEFAULT_GENERATION);
            // What the member itself would say: its assignor is told what it got, then asked.
            ConsumerPartitionAssignor own = client(q.get("assignor").asText());
            if (!owned.isEmpty() || generation >= 0)
                own.onAssignment(new Assignment(owned), new ConsumerGroupMetadata("g", generation, e.getKey(), Optional.empty()));
            ByteBuffer userData = m.hasNonNull("userData")
                ? ByteBuffer.wrap(hex(m.get("userData").asText()))
                : own.subscriptionUserData(new TreeSet<>(topics));
            // Before the leader's assignor reads it to its end.
            sent.put(e.getKey(), userData == null ? null : hex(userData));
            Optional<String> rack = m.hasNonNull("rack") ? Optional.of(m.get("rack").asText()) : Optional.empty();
            Subscription s = new Subscription(topics, userData, owned, generation, rack);
            metadata.put(e.getKey(), hex(ConsumerProtocol.serializeSubscription(s)));
            if (m.hasNonNull("instance")) s.setGroupInstanceId(Optional.of(m.get("instance").asText()));
            members.put(e.getKey(), s);
        });
        ConsumerPartitionAssignor.GroupAssignment result = assignor.assign(cluster(q.get("topics")), new GroupSubscription(members));
        ObjectNode answer = M.createObjectNode();
        new TreeMap<>(result.groupAssignment()).forEach((member, a) -> {
            ObjectNode one = answer.putObject(member);
            ArrayNode list = one.putArray("partitions");
            a.partitions().forEach(p -> list.addArray().add(p.topic()).add(p.partition()));
            one.put("userData", sent.get(member));
            one.put("metadata", metadata.get(member));
        });
        return answer;
    }

    static ConsumerPartitionAssignor client(String name) {
        switch (name) {
            case "range": return new RangeAssignor();
            case "roundrobin": return new RoundRobinAssignor();
            case "sticky": return new StickyAssignor();
            case "cooperative-sticky": return new CooperativeStickyAssignor();
            default: throw new IllegalArgumentException(name);
        }
    }

    static Cluster cluster(JsonNode topics) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        List<PartitionInfo> infos = new ArrayList<>();
        topics.fields().forEachRemaining(e -> {
            for (int p = 0; p < e.getValue().size(); p++) {
                List<Node> replicas = new ArrayList<>();
                for (JsonNode r : e.getValue().get(p)) {
                    String rack = r.isNull() ? null : r.asText();
                    replicas.add(nodes.computeIfAbsent(String.valueOf(rack), k -> new Node(nodes.size(), "h" + nodes.size(), 9092, rack)));
                }
                Node[] all = replicas.toArray(new Node[0]);
                infos.add(new PartitionInfo(e.getKey(), p, all.length == 0 ? null : all[0], all, all));
            }
        });
        return new Cluster("c", nodes.values(), infos, Set.of(), Set.of());
    }

    /**
     * {"batch":16384,"rackAware":false,"rack":"a","dice":[0,1],"steps":[..]}; a step is one of
     * {"cluster":[["a",true],["b",false]]} (the rack of each partition's leader, and whether it has one),
     * {"load":{"queues":[0,3],"ids":[0,1],"racks":["a","b"]}} or {"load":null}, and
     * {"append":[bytes,switch]}, for each of which the answer has a partition.
     */
    static JsonNode keyless(JsonNode q) {
        int[] dice = ints(q.get("dice"));
        Dice partitioner = new Dice("t", q.get("batch").asInt(), q.get("rackAware").asBoolean(), q.get("rack").asText(), dice);
        Cluster cluster = null;
        ArrayNode answer = M.createArrayNode();
        for (JsonNode step : q.get("steps")) {
            if (step.has("cluster")) {
                cluster = leaders(step.get("cluster"));
            } else if (step.has("load")) {
                JsonNode load = step.get("load");
                if (load.isNull()) {
                    partitioner.updatePartitionLoadStats(null, null, null, 0);
                    continue;
                }
                int[] queues = ints(load.get("queues"));
                String[] racks = new String[queues.length];
                for (int i = 0; i < racks.length; i++) racks[i] = load.get("racks").get(i).asText();
                int available = load.path("available").asInt(queues.length);
                partitioner.updatePartitionLoadStats(queues, ints(load.get("ids")), racks, available);
            } else {
                JsonNode append = step.get("append");
                answer.add(partitioner.append(append.get(0).asInt(), cluster, append.get(1).asBoolean()));
            }
        }
        return answer;
    }

    static Cluster leaders(JsonNode partitions) {
        List<Node> nodes = new ArrayList<>();
        List<PartitionInfo> infos = new ArrayList<>();
        for (int p = 0; p < partitions.size(); p++) {
            Node node = new Node(p, "h" + p, 9092, partitions.get(p).get(0).asText());
            nodes.add(node);
            Node[] all = {node};
            infos.add(new PartitionInfo("t", p, partitions.get(p).get(1).asBoolean() ? node : null, all, all));
        }
        return new Cluster("c", nodes, infos, Set.of(), Set.of());
    }

    static int[] ints(JsonNode node) {
        int[] all = new int[node.size()];
        for (int i = 0; i < all.length; i++) all[i] = node.get(i).asInt();
        return all;
    }

    /** As the group coordinator assigns (KIP-848, KIP-932): {"assignor":"uniform","topics":{"t":3},"members":{"m":{"topics":["t"],"owned":[["t",0]],"rack":null,"instance":null}}} */
    static JsonNode server(JsonNode q) throws Exception {
        Map<String, Uuid> ids = new TreeMap<>();
        Map<Uuid, String> names = new HashMap<>();
        Map<Uuid, Integer> counts = new HashMap<>();
        q.get("topics").fields().forEachRemaining(e -> {
            Uuid id = new Uuid(1, ids.size() + 1);
            ids.put(e.getKey(), id); names.put(id, e.getKey()); counts.put(id, e.getValue().asInt());
        });
        Map<String, MemberSubscriptionAndAssignmentImpl> members = new TreeMap<>();
        Map<Uuid, Map<Integer, String>> inverted = new HashMap<>();
        Set<Set<Uuid>> kinds = new HashSet<>();
        q.get("members").fields().forEachRemaining(e -> {
            JsonNode m = e.getValue();
            Set<Uuid> topics = new HashSet<>();
            m.get("topics").forEach(t -> topics.add(ids.get(t.asText())));
            kinds.add(topics);
            Map<Uuid, Set<Integer>> owned = new HashMap<>();
            for (TopicPartition p : partitions(m.get("owned"))) {
                owned.computeIfAbsent(ids.get(p.topic()), k -> new HashSet<>()).add(p.partition());
                inverted.computeIfAbsent(ids.get(p.topic()), k -> new HashMap<>()).put(p.partition(), e.getKey());
            }
            Optional<String> rack = m.hasNonNull("rack") ? Optional.of(m.get("rack").asText()) : Optional.empty();
            Optional<String> instance = m.hasNonNull("instance") ? Optional.of(m.get("instance").asText()) : Optional.empty();
            members.put(e.getKey(), new MemberSubscriptionAndAssignmentImpl(rack, instance, topics, new org.apache.kafka.coordinator.group.modern.Assignment(owned)));
        });
        SubscriptionType type = kinds.size() <= 1 ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        SubscribedTopicDescriber topics = new SubscribedTopicDescriber() {
            @Override public int numPartitions(Uuid id) { return counts.getOrDefault(id, -1); }
            @Override public Set<String> racksForPartition(Uuid id, int p) { return Set.of(); }
        };
        PartitionAssignor assignor;
        switch (q.get("assignor").asText()) {
            case "uniform": assignor = new org.apache.kafka.coordinator.group.assignor.UniformAssignor(); break;
            case "range": assignor = new org.apache.kafka.coordinator.group.assignor.RangeAssignor(); break;
            case "simple": assignor = new org.apache.kafka.coordinator.group.assignor.SimpleAssignor(); break;
            default: throw new IllegalArgumentException(q.get("assignor").asText());
        }
        GroupAssignment result = assignor.assign(new GroupSpecImpl(members, type, inverted), topics);
        ObjectNode answer = M.createObjectNode();
        new TreeMap<>(result.members()).forEach((member, a) -> {
            ArrayNode list = answer.putArray(member);
            TreeMap<String, Set<Integer>> sorted = new TreeMap<>();
            a.partitions().forEach((id, ps) -> sorted.put(names.get(id), ps));
            sorted.forEach((topic, ps) -> new TreeSet<>(ps).forEach(p -> list.addArray().add(topic).add(p)));
        });
        return answer;
    }

    static List<TopicPartition> partitions(JsonNode node) {
        List<TopicPartition> all = new ArrayList<>();
        if (node != null) node.forEach(p -> all.add(new TopicPartition(p.get(0).asText(), p.get(1).asInt())));
        return all;
    }

    static byte[] hex(String s) {
        byte[] b = new byte[s.length() / 2];
        for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(s.substring(2 * i, 2 * i + 2), 16);
        return b;
    }

    static String hex(ByteBuffer b) {
        StringBuilder s = new StringBuilder();
        ByteBuffer c = b.duplicate();
        while (c.hasRemaining()) s.append(String.format("%02x", c.get()));
        return s.toString();
    }
}
