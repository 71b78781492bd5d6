import TestSupport
import Testing

@testable import KafkaProducer

/// What is said of certificates and keys that cannot be used, before anything is connected.
@Suite struct TLSConfigurationTests {
    let files: TLSFiles

    init() throws { files = try TLSFiles.shared() }

    @Test("8.21 A file that cannot be used is named", arguments: ["ssl.truststore.location", "ssl.keystore.location"])
    func aFileThatCannotBeUsedIsNamed(key: String) throws {
        #expect(
            refusal([key: "/no/such.pem"])
                == "\(key)=/no/such.pem: the file cannot be opened: No such file or directory")
        #expect(refusal([key: "/"]) == "\(key)=/: the file cannot be read: Is a directory")
        for (name, content, message) in [
            ("empty", "", "the file is empty"), ("text", "hello", "must be PEM: -----BEGIN CERTIFICATE----- …"),
            ("half", "-----BEGIN CERTIFICATE-----\nMIIB", "must be PEM"),
            ("jks", "", "the file is a JKS key store"), ("p12", "", "the file is a PKCS #12 key store or DER"),
            ("nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
        ] {
            // Both cases run at the same time, in the same folder.
            let file = "\(name)-\(key)"
            let path =
                switch name {
                case "jks": try files.write([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], to: file)
                case "p12": try files.write([0x30, 0x82, 0x0a, 0x02], to: file)
                default: try files.write(Array(content.utf8), to: file)
                }
            let said = refusal([key: path]) ?? "nothing"
            #expect(said.hasPrefix("\(key)=\(path): ") && said.contains(message), "\(said)")
        }
    }

    @Test("8.21 A trust store has certificates, and a key store a key besides")
    func eachStoreHasWhatItIsFor() {
        let trust = files.certificate("ca")
        #expect(refusal(["ssl.truststore.location": files.keystore("client")])?.contains("another kind") == true)
        #expect(refusal(["ssl.keystore.location": trust]) == "ssl.keystore.location=\(trust): has no private key")
        let key = files.key("client")
        #expect(refusal(["ssl.keystore.location": key]) == "ssl.keystore.location=\(key): has no certificate")
    }

    @Test("8.21 An encrypted key needs its password")
    func anEncryptedKeyNeedsItsPassword() throws {
        let store = files.keystore("client", isEncrypted: true)
        let prefix = "ssl.keystore.location=\(store): the private key "
        #expect(
            refusal(["ssl.keystore.location": store]) == prefix + "is encrypted: it needs ssl.key.password")
        #expect(
            refusal(["ssl.keystore.location": store, "ssl.key.password": "hunter2"])
                == prefix + "cannot be decrypted: ssl.key.password is not the one it needs")
        #expect(
            refusal(["ssl.keystore.location": store, "ssl.key.password": "käse"])
                == "ssl.key.password must be ASCII, and shorter than 1024 characters")
        #expect(
            refusal(["ssl.keystore.location": store, "ssl.key.password": String(repeating: "x", count: 2000)])
                == "ssl.key.password must be ASCII, and shorter than 1024 characters")
        let text = [
            "ssl.keystore.certificate.chain": try files.text(files.certificate("client")),
            "ssl.keystore.key": try files.text(files.encryptedKey("client")),
        ]
        #expect(refusal(text) == "ssl.keystore.key: the private key is encrypted: it needs ssl.key.password")
    }

    @Test("8.21 A key goes with its certificate")
    func aKeyGoesWithItsCertificate() throws {
        let keys = [
            "ssl.keystore.certificate.chain": try files.text(files.certificate("client")),
            "ssl.keystore.key": try files.text(files.key("server")),
        ]
        #expect(
            refusal(keys)
                == "ssl.keystore.certificate.chain: the private key does not go with the first certificate")
    }

    /// What older versions of OpenSSL write.
    @Test func keysOfOlderFormsAreReadFromFiles() throws {
        let chain = try files.text(files.certificate("client"))
        let key = try files.olderKey("client")
        #expect(key.contains("BEGIN EC PRIVATE KEY"))
        let path = try files.write(Array((chain + key).utf8), to: "older.pem")
        #expect(refusal(["ssl.keystore.location": path]) == nil)
    }

    @Test("8.21 No secret is in what is said")
    func noSecretIsInWhatIsSaid() throws {
        let key = try files.text(files.key("client"))
        let line = String(key.split(separator: "\n")[1])
        for keys in [
            ["ssl.keystore.certificate.chain": key, "ssl.keystore.key": key],
            ["ssl.truststore.certificates": key],
            ["ssl.keystore.key": key + "x"],
            ["ssl.keystore.location": files.keystore("client", isEncrypted: true), "ssl.key.password": line],
        ] {
            let said = try #require(refusal(keys))
            #expect(!said.contains(line), "\(said)")
        }
    }

    /// Reading begins when the first records are wanted.
    @Test func aReaderRefusesTheSame() async throws {
        let configuration = try ProducerConfiguration.encrypted(
            "localhost:1", ["ssl.truststore.location": "/no/such.pem"])
        let reader = TopicReader(configuration, topic: "t")
        let error = await #expect(throws: KafkaError.self) { try await reader.poll() }
        #expect(error?.kind == .configuration)
        #expect(error?.message.hasPrefix("ssl.truststore.location=/no/such.pem") == true)
        await reader.close()
    }

    /// What is said when a producer is made with these keys; nil if it can be.
    private func refusal(_ keys: [String: String]) -> String? {
        do {
            try Producer<String, String>(.encrypted("localhost:1", keys)).close()
            return nil
        } catch let error as KafkaError {
            #expect(error.kind == .configuration)
            return error.message
        } catch {
            return "\(error)"
        }
    }
}
