/// The partition that Java's producer gives a key: murmur2 of its bytes without the sign, modulo the partitions.
enum Murmur2Partition {
    static func of(_ key: String, among count: Int32) -> Int32 {
        let bytes = Array(key.utf8)
        let m: UInt32 = 0x5bd1_e995
        var hash: UInt32 = 0x9747_b28c ^ UInt32(bytes.count)
        var rest = bytes[...]
        while rest.count >= 4 {
            var k = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } &* m
            k = (k ^ k >> 24) &* m
            hash = (hash &* m) ^ k
            rest = rest.dropFirst(4)
        }
        if !rest.isEmpty { hash = (hash ^ rest.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) &* m }
        hash = (hash ^ hash >> 13) &* m
        hash ^= hash >> 15
        return Int32(hash & 0x7fff_ffff) % count
    }
}
