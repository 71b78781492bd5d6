import CLuaShim

/// Why Lua refused a chunk or ended a call.
public struct LuaError: Error, Sendable {
    public enum Kind: Sendable, Equatable {
        /// The text does not compile.
        case syntax
        /// The script raised, or misused something.
        case runtime
        /// The state's memory limit was reached.
        case memory
        /// The state's time limit was reached.
        case timeout
        /// ``LuaInterrupt/raise()`` was called.
        case interrupted
    }

    public var kind: Kind
    /// What went wrong, without its position.
    public var message: String
    /// The name of the chunk as it was loaded, without the `@` or `=`.
    public var script: String?
    /// Counted from 1.
    public var line: Int?
    /// Lua's own, innermost call first; empty when there is none.
    public var traceback: String
    /// What was raised, when it was not a string: error objects keep their fields.
    public var value: LuaValue?
    /// Whether a chunk ended too early, so that more text may complete it.
    public var isIncomplete: Bool

    public init(
        _ kind: Kind,
        _ message: String,
        script: String? = nil,
        line: Int? = nil,
        traceback: String = "",
        value: LuaValue? = nil,
        isIncomplete: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.script = script
        self.line = line
        self.traceback = traceback
        self.value = value
        self.isIncomplete = isIncomplete
    }

    /// The error of a host function: its position is put in when it is raised.
    public init(_ message: String) {
        self.init(.runtime, message)
    }

    /// A field of the table that was raised.
    public subscript(field: String) -> LuaValue? {
        value?[field]
    }
}

extension LuaError: CustomStringConvertible {
    /// `script:line: message`, as Lua writes it.
    public var description: String {
        guard let script, let line else { return message }
        return "\(script):\(line): \(message)"
    }
}

extension LuaError.Kind {
    init(_ status: lk_status) {
        self =
            switch status {
            case LK_SYNTAX: .syntax
            case LK_MEMORY: .memory
            case LK_TIMEOUT: .timeout
            case LK_INTERRUPTED: .interrupted
            default: .runtime
            }
    }

    var status: lk_status {
        switch self {
        case .syntax, .runtime: LK_RUNTIME
        case .memory: LK_MEMORY
        case .timeout: LK_TIMEOUT
        case .interrupted: LK_INTERRUPTED
        }
    }
}

extension LuaError {
    /// No error object is copied beyond this: a script may raise one of any size.
    private static let mostBytes = 64 << 10
    static let valueLimits = LuaSnapshotLimits(depth: 4, items: 200, bytes: mostBytes)

    static let outOfMemory = LuaError(.memory, "not enough memory")

    /// The error of the call that failed last, with the value that it raised.
    init(lastOf vm: OpaquePointer, value: LuaValue?) {
        let error = lk_last_error(vm)
        let script = String(cString: error.script)
        self.init(
            Kind(error.status),
            Self.text(error.message, error.message_length),
            script: script.isEmpty ? nil : script,
            line: error.line > 0 ? Int(error.line) : nil,
            traceback: Self.text(error.traceback, error.traceback_length),
            value: value,
            isIncomplete: error.is_incomplete)
    }

    private static func text(_ bytes: UnsafePointer<CChar>?, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: min(length, mostBytes)), as: UTF8.self)
    }
}
