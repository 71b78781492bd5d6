import Testing

@testable import KafkaProducer

@Suite struct CertificateNamesTests {
    @Test(arguments: [
        ("broker.example", "broker.example"), ("BROKER.example", "broker.EXAMPLE"),
        ("broker.example.", "broker.example"), ("*.example.com", "b1.example.com"),
        ("b*.example.com", "b1.example.com"),
    ])
    func aHostMayHaveACertificateOfItsName(name: String, host: String) {
        #expect(CertificateNames(hosts: ["other", name]).mayBelong(to: host))
    }

    @Test(arguments: [
        ("broker.example", "example"), ("broker.example", "a.broker.example"), ("*.example.com", "example.com"),
        ("*.example.com", "a.b.example.com"), ("a.*.com", "a.b.com"), ("b*.example.com", "b.example.com"), ("", "a"),
        ("*", "a.b"),
    ])
    func noOtherHostMayHaveIt(name: String, host: String) {
        #expect(!CertificateNames(hosts: [name]).mayBelong(to: host))
    }

    @Test("8.23 An address in a certificate is not that of a name")
    func anAddressIsNotThatOfAName() {
        let names = CertificateNames(addresses: ["127.0.0.1"])
        #expect(!names.mayBelong(to: "localhost"))
        // swift-nio-ssl has compared it with the address of the connection.
        #expect(names.mayBelong(to: "127.0.0.1"))
        #expect(names.mayBelong(to: "::1"))
    }

    @Test func aCertificateThatNamesNobodyIsLeftToItsSubject() {
        #expect(CertificateNames().mayBelong(to: "localhost"))
    }

    @Test func namesAreShownOnOneLineAndNotAllOfThem() {
        #expect("\(CertificateNames())" == "no host")
        #expect("\(CertificateNames(hosts: ["a\nb"], addresses: ["::1"]))" == "a\\u000Ab, ::1")
        let many = CertificateNames(hosts: (0..<10).map { "host\($0)" })
        #expect("\(many)".hasSuffix("host7 and 2 more"))
    }
}
