import KafkaProducer
import LuaRuntime

extension TransactionOffsets {
    /// Reads `{ {topic =, partition =, offset = [, leader_epoch =] [, metadata =]}, … }` and the group: its id, or
    /// `{group_id =, generation_id =, member_id = [, group_instance_id =]}`.
    init(_ offsets: LuaSlot, group: LuaSlot, in frame: borrowing LuaFrame) throws {
        var entries: [TopicPartition: OffsetAndMetadata] = [:]
        for number in 0..<(try frame.itemCount(offsets)) {
            try frame.scoped { () throws(LuaError) in
                let item = try frame.item(number + 1, of: offsets)
                guard frame.type(item) == .table else {
                    throw frame.invalid(offsets, "item \(number + 1) must be {topic =, partition =, offset =}")
                }
                let partition = TopicPartition(
                    topic: try frame.string(try frame.field("topic", of: item)),
                    partition: try frame.int32(try frame.field("partition", of: item)))
                var offset = OffsetAndMetadata(try frame.integer(try frame.field("offset", of: item)))
                let epoch = try frame.field("leader_epoch", of: item)
                if !frame.isNil(epoch) { offset.leaderEpoch = try frame.int32(epoch) }
                let metadata = try frame.field("metadata", of: item)
                if !frame.isNil(metadata) { offset.metadata = try frame.string(metadata) }
                entries[partition] = offset
            }
        }
        let group = try ConsumerGroupMetadata(group, in: frame)
        try group.check(entries)
        self.init(entries, group: group)
    }
}

extension ConsumerGroupMetadata {
    fileprivate init(_ slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        guard frame.type(slot) == .table else {
            self.init(groupId: try frame.string(slot))
            return
        }
        self.init(groupId: try frame.string(try frame.field("group_id", of: slot)))
        let generation = try frame.field("generation_id", of: slot)
        if !frame.isNil(generation) { generationId = try frame.int32(generation) }
        let member = try frame.field("member_id", of: slot)
        if !frame.isNil(member) { memberId = try frame.string(member) }
        let instance = try frame.field("group_instance_id", of: slot)
        if !frame.isNil(instance) { groupInstanceId = try frame.string(instance) }
    }
}

extension LuaFrame {
    fileprivate func int32(_ slot: LuaSlot) throws(LuaError) -> Int32 {
        guard let number = Int32(exactly: try integer(slot)) else {
            throw invalid(slot, "must be from \(Int32.min) to \(Int32.max)")
        }
        return number
    }
}
