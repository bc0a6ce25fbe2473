package org.apache.kafka.clients.producer.internals;

import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.internals.LogContext;

/** The built-in partitioner with dice of our own: its randomness is package-private. */
public final class Dice extends BuiltInPartitioner {
    private final int[] dice;
    private int next;

    /** Throws dice in turn, and then from the first again. */
    public Dice(String topic, int stickyBatchSize, boolean rackAware, String rack, int[] dice) {
        super(new LogContext(), topic, stickyBatchSize, rackAware, rack);
        this.dice = dice;
    }

    @Override
    int randomPartition() {
        return dice[next++ % dice.length];
    }

    /** Where the next record without a key goes, and that so many bytes were appended there. */
    public int append(int bytes, Cluster cluster, boolean enableSwitch) {
        StickyPartitionInfo info = peekCurrentPartitionInfo(cluster);
        int partition = info.partition();
        updatePartitionInfo(info, bytes, cluster, enableSwitch);
        return partition;
    }
}
