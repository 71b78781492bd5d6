/// What is wrong with a message of SCRAM, or with a name or a password, as the end of a sentence. Tells no secret.
package struct ScramError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
