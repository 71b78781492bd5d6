import LuaRuntime

/// `csv([file], {header =, separator =, quote =, limit =})`: an iterator that gives each row and the line it begins on.
final class ScriptCSV {
    fileprivate enum Header {
        /// The first row has the names.
        case first
        case names([[UInt8]])
        /// Rows are lists.
        case none
    }

    private let input: ScriptInput
    private var parser: CSVParser
    private var header: Header
    private var bytes: ArraySlice<UInt8> = []
    private var isAtEnd = false

    private init(_ input: ScriptInput, _ parser: CSVParser, _ header: Header) {
        (self.input, self.parser, self.header) = (input, parser, header)
    }

    static func iterator(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        let input = try ScriptInput(arguments[1], in: arguments, environment.classes)
        var parser = CSVParser()
        var header = Header.first
        let options = arguments[2]
        if !arguments.isNil(options) {
            let limitField = try arguments.field("limit", of: options)
            let limit = arguments.isNil(limitField) ? Int64(parser.limit) : try arguments.integer(limitField)
            guard limit > 0, limit <= Int32.max else {
                throw arguments.invalid(limitField, "the limit of a row is from 1 to \(Int32.max) bytes")
            }
            parser = CSVParser(
                separator: try byte(try arguments.field("separator", of: options), in: arguments) ?? parser.separator,
                quote: try byte(try arguments.field("quote", of: options), in: arguments) ?? parser.quote,
                limit: Int(limit))
            guard parser.separator != parser.quote else {
                throw arguments.invalid(options, "separator and quote must differ")
            }
            header = try Header(try arguments.field("header", of: options), in: arguments)
        }
        let reader = ScriptCSV(input, parser, header)
        results.append(function: "csv") { [unowned environment] _, results in
            try reader.writeNext(to: &results, in: environment)
        }
    }

    private static func byte(_ slot: LuaSlot, in arguments: borrowing LuaFrame) throws(LuaError) -> UInt8? {
        if arguments.isNil(slot) { return nil }
        let bytes = try arguments.unsafeBytes(slot)
        guard bytes.count == 1, bytes[0] != UInt8(ascii: "\n"), bytes[0] != UInt8(ascii: "\r") else {
            throw arguments.invalid(slot, "one character expected, and not a line end")
        }
        return bytes[0]
    }

    // MARK: - Rows

    private func writeNext(to results: inout LuaWriter, in environment: ScriptEnvironment) throws(LuaError) {
        if case .first = header, let row = try next(in: environment) { header = .names(try names(row)) }
        guard let row = try next(in: environment) else { return results.appendNil() }
        if case .names(let names) = header {
            guard row.fields.count == names.count else {
                throw failure(row.line, "the row has \(row.fields.count) fields, the header has \(names.count)")
            }
            results.appendTable(fields: names.count) { writer in
                for (name, field) in zip(names, row.fields) {
                    writer.append(name)
                    writer.append(field)
                }
            }
        } else {
            results.appendTable(items: row.fields.count) { writer in
                for (index, field) in row.fields.enumerated() {
                    writer.append(index + 1)
                    writer.append(field)
                }
            }
        }
        results.append(row.line)
    }

    private func next(in environment: ScriptEnvironment) throws(LuaError) -> CSVParser.Row? {
        while !isAtEnd {
            do throws(CSVParser.Failure) {
                if let row = try parser.next(&bytes) { return row }
            } catch {
                isAtEnd = true
                throw failure(error.line, error.message)
            }
            let block = try input.read(in: environment)
            bytes = block[...]
            isAtEnd = block.isEmpty
            guard isAtEnd else { continue }
            do throws(CSVParser.Failure) { return try parser.finish() } catch {
                throw failure(error.line, error.message)
            }
        }
        return nil
    }

    private func names(_ row: CSVParser.Row) throws(LuaError) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        for name in row.fields where !seen.insert(name).inserted {
            throw failure(row.line, "the header has '\(String(decoding: name, as: UTF8.self))' twice")
        }
        return row.fields
    }

    private func failure(_ line: Int, _ message: String) -> LuaError { LuaError("\(input.name):\(line): \(message)") }
}

extension ScriptCSV.Header {
    /// Reads `true`, `false` or a list of names.
    fileprivate init(_ slot: LuaSlot, in arguments: borrowing LuaFrame) throws(LuaError) {
        switch arguments.type(slot) {
        case .absent, .nil: self = .first
        case .boolean: self = arguments.truth(slot) ? .first : .none
        case .table:
            var names: [[UInt8]] = []
            for number in 0..<(try arguments.itemCount(slot)) {
                let name = try arguments.item(number + 1, of: slot)
                guard arguments.type(name) == .string else {
                    throw arguments.invalid(slot, "item \(number + 1) must be a column's name")
                }
                names.append(Array(try arguments.unsafeBytes(name)))
            }
            guard Set(names).count == names.count else { throw arguments.invalid(slot, "a column is named twice") }
            self = .names(names)
        default: throw arguments.mismatch(slot, "boolean or list of names")
        }
    }
}
