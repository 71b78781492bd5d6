/// Sixteen bytes that name a topic (KIP-516); Kafka prints them as URL-safe base64.
public struct KafkaUUID: Hashable, Sendable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Stands for "no id" on the wire.
    public static let zero = KafkaUUID(high: 0, low: 0)

    public static func random() -> KafkaUUID {
        KafkaUUID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public var description: String {
        // 128 bits are 21 sextets and two bits, which stand at the top of a last sextet.
        String(unsafeUninitializedCapacity: 22) { output in
            for index in 0..<22 {
                let shift = 122 - 6 * index
                let sextet: UInt64 =
                    if shift >= 64 {
                        high >> UInt64(shift - 64)
                    } else if shift >= 0 {
                        (shift > 58 ? high << UInt64(64 - shift) : 0) | low >> UInt64(shift)
                    } else {
                        low << UInt64(-shift)
                    }
                output[index] = Self.alphabet[Int(sextet & 63)]
            }
            return 22
        }
    }
}
