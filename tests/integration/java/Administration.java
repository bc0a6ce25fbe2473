import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;

/** What Kafka's own admin client does to a cluster and is told of it: a line for each thing. */
public final class Administration {
    private final Admin admin;
    private final TopicPartition partition;

    private Administration(Admin admin, String topic) {
        this.admin = admin;
        this.partition = new TopicPartition(topic, 0);
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", args[0]);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(args[1], 0, null, "value")).get();
        }
        try (Admin admin = Admin.create(config)) {
            Administration it = new Administration(admin, args[1]);
            it.partitions();
            it.cluster();
            it.configs();
        }
    }

    /** What became of it. */
    private static String result(KafkaFuture<?> future) throws InterruptedException {
        try {
            Object value = future.get();
            return value == null ? "done" : value.toString();
        } catch (ExecutionException refused) {
            return refused.getCause().getClass().getSimpleName() + ": " + refused.getCause().getMessage();
        }
    }

    private void partitions() throws Exception {
        Node leader = admin.describeTopics(List.of(partition.topic())).allTopicNames().get()
            .get(partition.topic()).partitions().get(0).leader();
        admin.describeLogDirs(List.of(leader.id())).allDescriptions().get().get(leader.id()).values()
            .forEach(dir -> System.out.println("size " + dir.replicaInfos().get(partition).size()));
        System.out.println("elect " + admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions().get()
            .get(partition).map(error -> error.getClass().getSimpleName()).orElse("done"));
        System.out.println("reassign " + result(admin.alterPartitionReassignments(
            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(leader.id()))))).all()));
        System.out.println("reassign to nobody " + result(admin.alterPartitionReassignments(
            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(99))))).all()));
        System.out.println("call off " + result(admin.alterPartitionReassignments(Map.of(partition, Optional.empty())).all()));
        System.out.println("under way " + result(admin.listPartitionReassignments().reassignments()));
    }

    private void cluster() throws Exception {
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        System.out.println("led by a voter " + quorum.voters().stream().anyMatch(voter -> voter.replicaId() == quorum.leaderId()));
        FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
        System.out.print("supported");
        new TreeMap<>(features.supportedFeatures()).forEach((name, range) ->
            System.out.print(" " + name + " " + range.minVersion() + "-" + range.maxVersion()));
        System.out.print("\nfinalized");
        new TreeMap<>(features.finalizedFeatures()).forEach((name, range) ->
            System.out.print(" " + name + " " + range.maxVersionLevel()));
        System.out.println();
        UpdateFeaturesOptions tried = new UpdateFeaturesOptions().validateOnly(true);
        System.out.println("upgrade " + result(admin.updateFeatures(
            Map.of("share.version", new FeatureUpdate((short) 9, FeatureUpdate.UpgradeType.UPGRADE)), tried).all()));
        System.out.println("downgrade " + result(admin.updateFeatures(
            Map.of("share.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)), tried).all()));
    }

    private void configs() throws Exception {
        String name = partition.topic();
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name);
        System.out.println("group " + set(group, "consumer.session.timeout.ms", "50000"));
        System.out.println("group " + set(group, "consumer.session.timeout.ms", "1"));
        System.out.println("metrics " + set(metrics, "interval.ms", "1000"));
        show(group, "consumer.session.timeout.ms");
        show(metrics, "interval.ms");
        show(new ConfigResource(ConfigResource.Type.BROKER, admin.describeCluster().controller().get().idString()), "message.max.bytes");
        List<String> listed = new ArrayList<>();
        Set<ConfigResource.Type> types = Set.of(ConfigResource.Type.GROUP, ConfigResource.Type.CLIENT_METRICS, ConfigResource.Type.TOPIC);
        for (ConfigResource resource : admin.listConfigResources(types, new ListConfigResourcesOptions()).all().get())
            if (resource.name().equals(name)) listed.add(resource.type().name());
        listed.sort(null);
        System.out.println("listed " + listed);
    }

    private String set(ConfigResource resource, String name, String value) throws Exception {
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        return result(admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all());
    }

    /** Waits for what was set: real Kafka tells its brokers of a change a moment later. */
    private void show(ConfigResource resource, String name) throws Exception {
        DescribeConfigsOptions all = new DescribeConfigsOptions().includeDocumentation(true).includeSynonyms(true);
        ConfigEntry entry;
        do {
            entry = admin.describeConfigs(List.of(resource), all).all().get().get(resource).get(name);
        } while (entry.isDefault() && resource.type() != ConfigResource.Type.BROKER);
        System.out.println(entry.name() + "=" + entry.value() + " " + entry.source() + " " + entry.type()
            + " " + entry.synonyms().size() + " " + entry.documentation());
    }
}
