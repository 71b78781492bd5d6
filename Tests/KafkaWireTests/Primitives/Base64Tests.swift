import Testing

@testable import KafkaWire

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func isThatOfTheRFC(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func everyByteComesBack() {
        for count in 0..<4 {
            let bytes = (0...255).map(UInt8.init) + Array(repeating: 0xFF, count: count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v=", "Zm 9v", "Zm9-", "Zh==", "Zm9=", "Z=g=", "Zg==Zg==", "é===",
    ])
    func whatIsNotItsOwnIsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
