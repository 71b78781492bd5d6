import CLuaShim

// A record's hooks run one after the other on the thread that sends it, called by parts of the producer that know nothing
// of each other: the first one leaves word of its version for those after it.
extension PluginSlot {
    private var identity: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()) }

    /// The first hook of a record: its version, which the others use then.
    func beginPinned() -> Int {
        let version = begin()
        let isHeld = hasLaterHooks
        let before = lk_pin(identity, Int64(version), isHeld)
        // A record that has not come as far as its partition.
        if before >= 0 { end(Int(before)) }
        if !isHeld { end(version) }
        return version
    }

    /// The version that this thread's record has met, if it has.
    var pinned: Int? {
        let version = lk_pinned(identity)
        return version < 0 ? nil : Int(version)
    }

    /// What the earlier hooks have begun is for the caller to end.
    func takePin() -> Int? {
        let version = lk_take_pin(identity)
        return version < 0 ? nil : Int(version)
    }

    /// The record does not come to its other hooks.
    func unpin() { if let version = takePin() { end(version) } }
}
