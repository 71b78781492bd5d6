/// The version of this software, as brokers are told it (KIP-511) and as `kafka-lua --version` prints it.
package enum SoftwareVersion {
    package static let current = "0.1.0"
}
