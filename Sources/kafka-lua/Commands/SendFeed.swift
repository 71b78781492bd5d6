/// Gives lines to a sender and says how far it is.
struct SendFeed {
    let sender: any RecordSender
    let recordLine: RecordLine
    let diagnostics: Diagnostics
    let showsProgress: Bool

    /// Sends the values, or the lines of standard input where there are none, and waits for them. Returns whether all
    /// were delivered.
    func run(_ values: [String], lines: LineReader = LineReader()) -> Bool {
        var progress = ProgressLine(start: .now)
        var failures: [Failure] = []
        do {
            for value in values { try sender.send(recordLine.record(Array(value.utf8))) }
            if values.isEmpty { try sendLines(lines, progress: &progress) }
        } catch {
            failures.append(error)
        }
        failures += sender.close(isComplete: failures.isEmpty)
        if showsProgress { Descriptor.write("\r\u{1B}[K", to: Descriptor.error) }
        if showsProgress || diagnostics.isVerbose {
            diagnostics.note(progress.summary(sender.counts, now: .now))
        }
        for failure in failures { diagnostics.report(failure) }
        return failures.isEmpty
    }

    private func sendLines(_ lines: LineReader, progress: inout ProgressLine) throws(Failure) {
        var lines = lines
        var count = 0
        while true {
            let line: [UInt8]?
            do {
                line = try lines.next()
            } catch {
                throw Failure("line \(count + 1) of standard input: \(error)")
            }
            guard let line else { return }
            try sender.send(recordLine.record(line))
            count += 1
            // The clock is read only now and then.
            if showsProgress, count % 64 == 0, let text = progress.text(sender.counts, now: .now) {
                Descriptor.write(text, to: Descriptor.error)
            }
        }
    }
}
