import Testing

@testable import KafkaProducer

/// What Java's ListSerializer writes, byte by byte.
@Suite struct ListSerializerTests {
    @Test("7.2 Items of one size follow their count")
    func itemsOfOneSizeFollowTheirCount() throws {
        let serializer = Serializer<[Int16]>.list(of: .int16)
        #expect(try serializer.serialize([1, -1]) == [0] + [0, 0, 0, 0] + [0, 0, 0, 2] + [0, 1] + [0xff, 0xff])
        #expect(try serializer.serialize([]) == [0] + [0, 0, 0, 0] + [0, 0, 0, 0])
    }

    @Test func nullsOfItemsOfOneSizeAreListedFirst() throws {
        let serializer = Serializer<[Int32?]>.list(of: .int32)
        #expect(
            try serializer.serialize([nil, 7, nil])
                == [0] + [0, 0, 0, 2] + [0, 0, 0, 0] + [0, 0, 0, 2] + [0, 0, 0, 3] + [0, 0, 0, 7])
    }

    @Test("7.2 Other items have their size before them")
    func otherItemsHaveTheirSizeBeforeThem() throws {
        let serializer = Serializer<[String?]>.list(of: .string)
        #expect(
            try serializer.serialize(["ab", nil, ""])
                == [1] + [0, 0, 0, 3] + [0, 0, 0, 2, 0x61, 0x62] + [0xff, 0xff, 0xff, 0xff] + [0, 0, 0, 0])
        #expect(try Serializer<[String]>.list(of: .string).serialize([]) == [1] + [0, 0, 0, 0])
    }

    /// Java has a boolean's size nowhere, so that a list of them is one of items of any size.
    @Test func theStrategyIsJavasForEachSerializer() throws {
        #expect(try Serializer<[Int64]>.list(of: .int64).serialize([]).first == 0)
        #expect(try Serializer<[Float]>.list(of: .float).serialize([]).first == 0)
        #expect(try Serializer<[Double]>.list(of: .double).serialize([]).first == 0)
        #expect(try Serializer<[KafkaUUID]>.list(of: .uuid).serialize([]).first == 0)
        #expect(try Serializer<[Bool]>.list(of: .bool).serialize([true]) == [1, 0, 0, 0, 1, 0, 0, 0, 1, 1])
        #expect(try Serializer<[[UInt8]]>.list(of: .bytes).serialize([]).first == 1)
        #expect(try Serializer<[[Int16]]>.list(of: .list(of: .int16)).serialize([[]]).first == 1)
    }

    @Test func anItemsSerializerMayAddHeadersAndFail() throws {
        struct Odd: Error {}
        let tagging = Serializer<Int>(name: "tagging") { value, _, headers in
            if value == 0 { throw Odd() }
            headers.add("item", "\(value)")
            return [UInt8(value)]
        }
        var headers: [String] = []
        try Serializer<[Int]>.list(of: tagging).lend([1, 2], "t", Headers()) { _, extended in
            headers = extended.map(\.name)
        }
        #expect(headers == ["item", "item"])
        #expect(throws: Odd.self) { try Serializer<[Int]>.list(of: tagging).serialize([1, 0]) }
        let silent = Serializer<Int>(name: "silent", lending: { _, _, _, _ in })
        #expect(throws: KafkaError.noBytes(topic: "")) { try Serializer<[Int]>.list(of: silent).serialize([1]) }
    }
}
