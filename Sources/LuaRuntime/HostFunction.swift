import CLuaShim

/// A Swift function for Lua: it reads its arguments, which are borrowed, and writes its results.
///
/// What it throws is raised in Lua after it has returned, so its defers have run: a ``LuaError`` with its value or
/// message, a ``LuaRaisable`` with its table, any other error with its description.
///
/// It calls back into Lua by ``LuaFrame/state``. Capturing the state would keep both alive forever, as the state keeps
/// the function.
public typealias LuaHostFunction = (borrowing LuaFrame, inout LuaWriter) throws -> Void

/// An error that scripts see as a table.
public protocol LuaRaisable: Error {
    var luaValue: LuaValue { get }
}

/// What Lua holds of a Swift function.
final class HostFunction {
    // Not counted: the state outlives what its Lua holds.
    private unowned(unsafe) let state: LuaState
    private let vm: OpaquePointer
    private let name: String
    /// 1 for a method, whose first argument is the object.
    private let offset: Int32
    private let body: LuaHostFunction
    /// A shorter way, where there is one.
    let strings: LuaStringMethod?

    init(
        _ state: LuaState, name: String, isMethod: Bool, strings: LuaStringMethod? = nil,
        body: @escaping LuaHostFunction
    ) {
        self.state = state
        self.vm = state.vm
        self.name = name
        self.offset = isMethod ? 1 : 0
        self.strings = strings
        strings?.state = .passUnretained(state)
        self.body = body
    }

    fileprivate func call(_ count: Int32) -> lk_status {
        let frame = LuaFrame(
            state: state, vm: vm, function: name, firstIndex: 1 + offset, count: max(0, Int(count - offset)))
        var results = LuaWriter(state)
        let mark = lk_mark(vm)
        do {
            try body(frame, &results)
            return LK_OK
        } catch {
            return results.fail(error, from: mark)
        }
    }
}

extension LuaWriter {
    /// Writes what is to be raised instead of the results that were written since the mark.
    mutating func fail(_ error: any Error, from mark: Int) -> lk_status {
        lk_drop(vm, mark)
        switch error {
        case let error as LuaError:
            if case .table(let table)? = error.value {
                append(.table(table))
            } else {
                append(error.description)
            }
            return lk_fail(vm, error.kind.status, error.line != nil)
        case let error as any LuaRaisable:
            append(error.luaValue)
        default:
            append("\(error)")
        }
        return lk_fail(vm, LK_RUNTIME, false)
    }
}

/// What the shim calls. It is not a closure, so that it belongs to no actor.
func callHostFunction(_ context: UnsafeMutableRawPointer?, _ vm: OpaquePointer?, _ count: Int32) -> lk_status {
    guard let context else { return LK_RUNTIME }
    return Unmanaged<HostFunction>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.call(count) }
}

/// Lets go of what Lua held: a function's context or a host object.
func releaseHostObject(_ object: UnsafeMutableRawPointer?) {
    guard let object else { return }
    Unmanaged<AnyObject>.fromOpaque(object).release()
}
