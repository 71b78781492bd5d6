import KafkaLua
import Synchronization

/// Makes records of what `send` is given, and hands them to a sender.
final class SendFeed: Sendable {
    private let sender: any RecordSender
    private let plan: SendPlan
    /// The part of a file that was read, in millionths; −1 where that is not known.
    private let readPart = Atomic(-1)

    init(sender: any RecordSender, plan: SendPlan) {
        (self.sender, self.plan) = (sender, plan)
    }

    /// How far it is. From any thread.
    var counts: ProgressCounts {
        var counts = sender.counts
        let part = readPart.load(ordering: .relaxed)
        counts.part = part < 0 ? nil : Double(part) / 1e6
        return counts
    }

    /// Sends the values, or what is read where there are none, and waits for all of them. Returns what went wrong.
    /// - Parameter isStopped: whether the input was ended before its end: then a transaction is not whole.
    func run(
        _ values: [String], input: consuming InputBuffer = InputBuffer(), isStopped: () -> Bool = { false }
    ) -> [Failure] {
        var failures: [Failure] = []
        do throws(Failure) { try send(values, input: input) } catch { failures.append(error) }
        return failures + sender.close(isComplete: failures.isEmpty && !isStopped())
    }

    private func send(_ values: [String], input: consuming InputBuffer) throws(Failure) {
        guard values.isEmpty else { return try send(values) }
        switch plan.format {
        case .lines: try sendLines(input)
        case .json: try sendObjects(input)
        case .csv: try sendRows(input)
        case .raw: try sendWhole(input)
        }
    }

    private func send(_ values: [String]) throws(Failure) {
        for value in values {
            let held = HeldBytes(Array(value.utf8))
            defer { withExtendedLifetime(held) {} }
            switch plan.format {
            case .json: try sender.send(plan.object.record(held.bytes))
            case .lines: try send(plan.line.parts(of: held.bytes))
            case .raw, .csv: try send(plan.line.value(of: held.bytes))
            }
        }
    }

    private func send(_ parts: (key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?)) throws(Failure) {
        try sender.send(key: parts.key, value: parts.value, plan.line.frame)
    }

    private func sendLines(_ input: consuming InputBuffer) throws(Failure) {
        let (line, sender, frame) = (plan.line, sender, plan.line.frame)
        try forEachLine(input) { (bytes) throws(Failure) in
            let (key, value) = line.parts(of: bytes)
            try sender.send(key: key, value: value, frame)
        }
    }

    private func sendObjects(_ input: consuming InputBuffer) throws(Failure) {
        try forEachLine(input) { (bytes) throws(Failure) in
            // Between objects there may be white space.
            guard !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
            try sender.send(plan.object.record(bytes))
        }
    }

    /// Calls `body` with each line, and says of its failures which line it was.
    private func forEachLine(
        _ input: consuming InputBuffer, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var number = 0
        do throws(Failure) {
            while !input.isAtEnd {
                try input.fill()
                note(input)
                while let line = input.nextLine() {
                    number += 1
                    try body(line)
                }
            }
        } catch {
            throw error.naming("line \(number) of standard input")
        }
    }

    private func sendRows(_ input: consuming InputBuffer) throws(Failure) {
        var parser = CSVParser(separator: plan.separator, limit: InputBuffer.lineLimit)
        var rows = plan.row
        func send(_ row: CSVParser.Row) throws(Failure) {
            do throws(Failure) {
                if let record = try rows.record(row.fields) { try sender.send(record) }
            } catch {
                throw error.naming("line \(row.line) of standard input")
            }
        }
        do {
            while !input.isAtEnd {
                try input.fill()
                note(input)
                var bytes = Array(input.takeRest())[...]
                while let row = try parser.next(&bytes) { try send(row) }
            }
            if let row = try parser.finish() { try send(row) }
        } catch let failure as CSVParser.Failure {
            throw Failure("line \(failure.line) of standard input: \(failure.message)")
        } catch {
            throw Failure(error)
        }
    }

    private func sendWhole(_ input: consuming InputBuffer) throws(Failure) {
        do throws(Failure) {
            while !input.isAtEnd { try input.fill() }
        } catch {
            throw error.naming("standard input")
        }
        try send(plan.line.value(of: input.takeRest()))
        withExtendedLifetime(input) {}
    }

    private func note(_ input: borrowing InputBuffer) {
        guard let total = input.total, total > 0 else { return }
        readPart.store(Int(Double(input.count) / Double(total) * 1e6), ordering: .relaxed)
    }
}

extension Failure {
    /// The failure with its place in front.
    fileprivate func naming(_ place: String) -> Failure {
        var failure = self
        failure.message = "\(place): \(message)"
        return failure
    }
}
