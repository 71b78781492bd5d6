// What a user of this module meets of the wire's types.
@_exported public import enum KafkaWire.Compression
@_exported public import struct KafkaWire.ErrorCode
@_exported public import struct KafkaWire.KafkaUUID
@_exported public import struct KafkaWire.RecordHeader
