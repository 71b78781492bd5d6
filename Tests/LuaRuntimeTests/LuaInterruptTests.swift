import Foundation
import LuaRuntime
import Synchronization
import Testing

/// Interruptions, noticed by a hook or brought by a signal.
@Suite struct LuaInterruptTests {
    static let signals: [Int32?] = [nil, SIGURG]

    @Test(
        arguments: [
            "started() while true do end",
            "started() while true do pcall(function() while true do end end) end",
            "started() coroutine.wrap(function() while true do end end)()",
            "coroutine.wrap(function() started() while true do end end)()",
            "coroutine.resume(coroutine.create(function() started() while true do end end)) while true do end",
            "local co = coroutine.wrap(function() while true do coroutine.yield() end end) started() while true do co() end",
        ], signals)
    func interruptFromAnotherThreadStopsAScript(text: String, signal: Int32?) throws {
        let state = try LuaState(interruptSignal: signal)
        let interrupt = state.interrupt
        try state.setGlobal("started") { writer in
            writer.append(function: "started") { _, _ in Thread.detachNewThread { interrupt.raise() } }
        }
        let error = try luaError { try state.run(text, name: "@loop.lua") }
        #expect(error.kind == .interrupted)
        #expect(error.script == "loop.lua")
        #expect(!interrupt.isRaised)
        #expect(try state.evaluate("local n = 0 for i = 1, 1e5 do n = n + 1 end return n") == 100_000)
    }

    @Test(arguments: signals)
    func interruptBeforeARunStopsTheNext(signal: Int32?) throws {
        let state = try LuaState(interruptSignal: signal)
        state.interrupt.raise()
        #expect(try luaError { try state.run("while true do end", name: "=x") }.kind == .interrupted)
        #expect(try state.evaluate("return 1") == 1)
        state.interrupt.raise()
        state.interrupt.clear()
        #expect(try state.evaluate("local n = 0 for i = 1, 1e5 do n = n + 1 end return n") == 100_000)
    }

    /// Threads that run scripts come and go while others interrupt them.
    @Test(arguments: signals)
    func interruptsMayComeAtAnyTime(signal: Int32?) throws {
        let isDone = Atomic(false)
        let current = Mutex<LuaInterrupt?>(nil)
        let ended = DispatchSemaphore(value: 0)
        for _ in 0..<2 {
            Thread.detachNewThread {
                while !isDone.load(ordering: .relaxed) { current.withLock { $0 }?.raise() }
                ended.signal()
            }
        }
        for _ in 0..<200 {
            let isStopped = Mutex(false)
            let runner = Thread {
                defer { ended.signal() }
                guard let state = try? LuaState(interruptSignal: signal) else { return }
                current.withLock { $0 = state.interrupt }
                _ = try? state.run("for i = 1, 100 do end", name: "=x")
                _ = try? state.run("coroutine.wrap(function() for i = 1, 2000 do end end)()", name: "=x")
                do { try state.run("while true do end", name: "=x") } catch {
                    isStopped.withLock { $0 = (error as? LuaError)?.kind == .interrupted }
                }
            }
            runner.start()
            ended.wait()
            #expect(isStopped.withLock { $0 })
        }
        isDone.store(true, ordering: .relaxed)
        for _ in 0..<2 { ended.wait() }
    }

    /// A script that runs another on its own thread.
    @Test(arguments: signals)
    func interruptStopsTheScriptThatItIsFor(signal: Int32?) throws {
        let (outer, inner) = (try LuaState(interruptSignal: signal), try LuaState(interruptSignal: signal))
        let outcomes = Mutex<[LuaValue]>([])
        let (outerInterrupt, innerInterrupt) = (outer.interrupt, inner.interrupt)
        nonisolated(unsafe) let nested = inner
        try inner.setGlobal("interrupt_outer") { writer in
            writer.append(function: "interrupt_outer") { _, _ in outerInterrupt.raise() }
        }
        try inner.setGlobal("interrupt_inner") { writer in
            writer.append(function: "interrupt_inner") { _, _ in
                Thread.detachNewThread { innerInterrupt.raise() }
            }
        }
        try outer.setGlobal("nested") { writer in
            writer.append(function: "nested") { arguments, results in
                do throws(LuaError) {
                    let value = try nested.evaluate(arguments.string(arguments[1]))
                    outcomes.withLock { $0.append(value) }
                } catch {
                    outcomes.withLock { $0.append(.string(Array("\(error.kind)".utf8))) }
                }
            }
        }
        try outer.run("nested('interrupt_inner() while true do end') nested('return 1')", name: "=outer")
        #expect(outcomes.withLock { $0 } == [.string(Array("interrupted".utf8)), 1])
        let error = try luaError {
            try outer.run(
                "nested('interrupt_outer() local n = 0 for i = 1, 1e5 do n = n + 1 end return n') while true do end",
                name: "=outer")
        }
        #expect(error.kind == .interrupted && error.script == "outer")
        #expect(outcomes.withLock { $0 }.last == 100_000)
    }

    @Test func coroutinesAreMadeAsByLua() throws {
        let state = try LuaState(interruptSignal: SIGURG)
        #expect(try state.evaluate("return coroutine.wrap(function(a) return coroutine.yield(a + 1) end)(1)") == 2)
        #expect(
            try luaError { try state.run("coroutine.create(1)", name: "=x") }.message.contains(
                "bad argument #1 to 'create'"))
        #expect(try state.evaluate("return select('#', coroutine.create(print))") == 1)
    }
}
