import Testing

@testable import KafkaProducer

@Suite struct SecurityFormTests {
    private static let certificate = BadValues.pem("CERTIFICATE")

    @Test func aSecretIsShownByNothing() {
        var configuration = ProducerConfiguration()
        configuration.security.sasl.password = "hunter2"
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [dumped, "\(configuration)", String(reflecting: configuration.security.sasl)] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(Secret("hunter2"))" == "***")
        #expect(Secret("hunter2").value == "hunter2")
    }

    @Test(arguments: [
        certificate, certificate + certificate, "subject=CN\n" + certificate + "trailing",
        "-----BEGIN CERTIFICATE----- MIIB MIIC -----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\r\nMI+/\r\nAA==\r\n-----END CERTIFICATE-----",
    ])
    func certificatesAreTaken(text: String) throws {
        try PEM.check(text, named: ["CERTIFICATE"])
    }

    @Test(arguments: [
        ("", "must be PEM"), ("/etc/trust.pem", "must be PEM"), ("-----BEGIN CERTIFICATE-----\nMIIB", "must be PEM"),
        (BadValues.pem("PRIVATE KEY"), "another kind"), (certificate + BadValues.pem("X"), "another kind"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END X-----", "without its -----END"),
        ("-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----", "not base64"),
        (#"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"#, "not base64"),
    ])
    func whatIsNoCertificateIsRefused(text: String, reason: String) {
        let error = #expect(throws: ConfigurationReason.self) { try PEM.check(text, named: ["CERTIFICATE"]) }
        #expect(error?.text.contains(reason) == true)
    }

    @Test func aKeyMayBeEncrypted() throws {
        let labels = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
        for label in labels { try PEM.check(BadValues.pem(label), named: labels) }
    }

    private static let plain = "org.apache.kafka.common.security.plain.PlainLoginModule"

    @Test(arguments: [
        (
            #"\#(plain) required username="alice" password="a;b = \"c\"";"#,
            ["username": "alice", "password": #"a;b = "c""#]
        ),
        ("\(plain) required\n  username='alice'\n  password=secret ;", ["username": "alice", "password": "secret"]),
        ("\(plain) Required;", [:]), (#"\#(plain) required a = "" ;"#, ["a": ""]),
        (#"\#(plain) required a="\t\\\x";"#, ["a": "\t\\x"]),
    ])
    func loginModulesAreReadAsJavaWritesThem(text: String, options: [String: String]) throws {
        let entry = try JAASEntry(parsing: text)
        #expect(entry.loginModule == Self.plain)
        #expect(entry.options == options)
    }

    @Test(arguments: [
        ("", "begin with the class"), (";", "begin with the class"), ("M", "'required'"),
        ("M username=\"u\";", "'required'"),
        ("M required", "end with ';'"), ("M required a=\"b\"", "end with ';'"), ("M required a;", "key="),
        ("M required a=;", "key="), ("M required \"a\"=b;", "key="), ("M required a=\"b;", "not closed"),
        ("M required a=\"b\\", "not closed"), ("M required; N required;", "one login module"),
    ])
    func whatIsNoLoginModuleIsRefused(text: String, reason: String) {
        let error = #expect(throws: ConfigurationReason.self) { try JAASEntry(parsing: text) }
        #expect(error?.text.contains(reason) == true)
    }
}
