#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads blocks as plain lines: from a pipe without a prompt, or from a terminal without escape sequences with one.
final class PlainReader: BlockReader {
    private let console: Console
    private let prompt: Prompt?
    private let descriptor: CInt
    private var lines: LineReader

    init(console: Console, prompt: Prompt?, descriptor: CInt = Descriptor.input) {
        self.console = console
        self.prompt = prompt
        self.descriptor = descriptor
        lines = LineReader(descriptor: descriptor)
    }

    func read(isComplete: (String) -> Bool, idle: () -> Void) -> BlockInput {
        var block: String?
        show(prompt?.first)
        while true {
            if let line = lines.bufferedLine() {
                let text = String(decoding: line, as: UTF8.self)
                let whole = block.map { $0 + "\n" + text } ?? text
                if isComplete(whole) { return .block(whole) }
                block = whole
                if !lines.hasBufferedLine { show(prompt?.continuation) }
            } else if lines.isFinished || console.isInputEnded {
                show(prompt == nil ? nil : "\n")
                return .end(unfinished: block)
            } else if waitIsInterrupted(idle: idle) {
                show(prompt == nil ? nil : "\n")
                return .interrupted
            }
        }
    }

    /// Waits and reads once; returns whether Ctrl-C came.
    private func waitIsInterrupted(idle: () -> Void) -> Bool {
        let ready = Descriptor.wait(
            for: [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: console.wakes.readEnd, events: Int16(POLLIN), revents: 0),
            ], milliseconds: -1)
        guard ready.count == 2 else { return false }
        if ready[1].revents != 0 {
            _ = console.wakes.drain()
            idle()
            return console.takeInterrupt()
        }
        // A line that cannot be taken ends the input like its end does.
        if (try? lines.fill()) == nil { lines.close() }
        return false
    }

    private func show(_ text: String?) {
        if let text { console.write(text) }
    }
}
