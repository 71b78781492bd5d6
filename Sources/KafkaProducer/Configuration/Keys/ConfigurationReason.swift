/// Why a value cannot be. Never quotes the value, which may be a secret.
struct ConfigurationReason: Error, Equatable {
    var text: String
}
