/// The texts that were killed last, newest first to be yanked.
struct KillRing {
    private static let limit = 32
    private var texts: [String] = []
    private var index = 0

    /// The text that a yank inserts.
    var current: String? { texts.isEmpty ? nil : texts[index] }

    /// Remembers a killed text.
    ///
    /// - Parameter joining: Whether the kill before this one had no other command between: then both are one text.
    /// - Parameter backward: Whether the text stood before the cursor.
    mutating func add(_ text: String, joining: Bool, backward: Bool) {
        guard !text.isEmpty else { return }
        if joining, let last = texts.last {
            texts[texts.count - 1] = backward ? text + last : last + text
        } else {
            texts.append(text)
            if texts.count > Self.limit { texts.removeFirst() }
        }
        index = texts.count - 1
    }

    /// Goes to the text before the current one, from the oldest back to the newest.
    mutating func rotate() {
        guard !texts.isEmpty else { return }
        index = (index + texts.count - 1) % texts.count
    }
}
