import ChildProcess
import DevBroker
import KafkaProducer
import TestSupport
import Testing

@testable import kafka_lua

@Suite struct ArgumentTests {
    private func parse<Command>(_ line: String, as type: Command.Type) throws -> Command {
        try #require(Entry.parse(Words.split(line)) as? Command)
    }

    @Test func withoutACommandItIsThePrompt() throws {
        let plain = try parse("", as: ReplCommand.self)
        #expect(plain.code == nil)
        let line = try parse("-b localhost:9092 -e 'return 1'", as: ReplCommand.self)
        #expect(line.code == "return 1")
        #expect(line.common.bootstrapServer == "localhost:9092")
    }

    @Test func whatFollowsTheScriptBelongsToIt() throws {
        let run = try parse("run -b h:1 script.lua -b --flag -- x", as: RunCommand.self)
        #expect(run.words == ["script.lua", "-b", "--flag", "--", "x"])
        #expect(run.common.bootstrapServer == "h:1")
        #expect(try parse("run -", as: RunCommand.self).words == ["-"])
        #expect(try parse("run -e 'x = 1' a b", as: RunCommand.self).words == ["a", "b"])
    }

    @Test func sendIsToldHowToReadItsInput() throws {
        let send = try parse("send -t orders -H a=1 -H b -H c= -p 3 -z lz4 v", as: SendCommand.self)
        var headers = Headers()
        headers.add("a", "1")
        headers.add("b", nil)
        headers.add("c", "")
        #expect(send.plan.line.frame == RecordFrame(topic: "orders", partition: 3, headers: headers))
        #expect(send.plan.format == .lines)
        #expect(send.values == ["v"])
        #expect(send.compression == "lz4")
        let table = try parse("send -t t --format csv --separator '\\t' --key-column id", as: SendCommand.self).plan
        #expect(table.format == .csv)
        #expect(table.separator == UInt8(ascii: "\t"))
        #expect(table.row.columns == .init(key: "id"))
    }

    @Test func pluginsAreKeysOfTheConfiguration() throws {
        let line = "send -t t --partitioner vip.lua --interceptor a.lua --interceptor b.lua"
        var configuration = ClientConfiguration()
        try parse(line, as: SendCommand.self).plugins.add(to: &configuration)
        #expect(configuration["partitioner.class"] == "vip.lua")
        #expect(configuration["interceptor.classes"] == "a.lua,b.lua")
    }

    @Test func perfIsToldWhatToSend() throws {
        let plain = try parse("perf -t load", as: PerfCommand.self)
        #expect(plain.request == LoadRequest(topic: "load", records: 1_000_000, size: 100))
        let full = try parse(
            "perf -t load --records 10 --size 0 --rate 2.5 --keys 3 --acks 1 --json -X linger.ms=1",
            as: PerfCommand.self)
        #expect(full.request == LoadRequest(topic: "load", records: 10, size: 0, rate: 2.5, keys: 3))
        #expect(full.acks == "1")
        #expect(full.json)
    }

    @Test func tailReadsFromWhereItIsTold() throws {
        let all = try parse("tail orders --from beginning -e -n 5 -p 0 -o json", as: TailCommand.self)
        #expect(
            all.request
                == TailRequest(topic: "orders", partition: 0, start: .beginning, stopsAtEnd: true, count: 5))
        #expect(all.output == .json)
        #expect(try parse("tail orders --from -10", as: TailCommand.self).request.start == .offset(-10))
        #expect(try parse("tail orders", as: TailCommand.self).request == TailRequest(topic: "orders"))
    }

    @Test func theBrokerHasDefaults() throws {
        #expect(try parse("broker", as: BrokerCommand.self).request == BrokerRequest())
        let broker = try parse("broker --port 0 --data /d --brokers 3 --partitions 6", as: BrokerCommand.self)
        #expect(broker.request == BrokerRequest(port: 0, dataFolder: "/d", brokers: 3, partitions: 6))
        let faulty = try parse("broker --faults errors=20,lost=10", as: BrokerCommand.self)
        #expect(faulty.request == BrokerRequest(faults: "errors=20,lost=10"))
        let older = try parse("broker --transaction-version 0", as: BrokerCommand.self)
        #expect(try older.request.configuration().transactionVersion == 0)
    }

    @Test func theBrokerKnowsWhoMayLogIn() throws {
        #expect(BrokerRequest.SASL.knownMechanisms == DevBrokerConfiguration.SASL.Mechanism.allCases.map(\.rawValue))
        try withTemporaryFolder { folder in
            let path = folder + "/users"
            let file = try #require(LockedFile(path: path))
            file.append(Array("# a comment\n\nbob:b:c\r\nalice:other\n".utf8))
            file.close()
            let line = "broker --user alice:wonderland --users-file \(path) --sasl-mechanisms PLAIN,OAUTHBEARER"
            let request = try parse(line + " --session-lifetime-ms 1000", as: BrokerCommand.self).request
            let sasl = try #require(try request.configuration().sasl)
            #expect(sasl.users == ["alice": "other", "bob": "b:c"])
            #expect(sasl.mechanisms == [.plain, .oauthBearer])
            #expect(sasl.sessionLifetimeMs == 1000)
            #expect(!"\(request)".contains("wonderland"))
            let second = try #require(LockedFile(path: path))
            second.append(Array("swordfish\n".utf8))
            second.close()
            #expect(throws: Failure("\(path):5: this is not NAME:PASSWORD", exitCode: 2)) {
                try request.configuration()
            }
        }
        let open = try parse("broker --user alice:wonderland", as: BrokerCommand.self).request.configuration()
        #expect(open.sasl?.mechanisms == [.plain, .scramSHA256, .scramSHA512])
    }

    @Test(arguments: ["swordfish", ":swordfish"]) func whatMayBeAPasswordIsNotRepeated(user: String) async throws {
        let outcome = try await Program.run("broker", "--user", user)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("NAME:PASSWORD"))
        #expect(!(outcome.output + outcome.errors).contains("swordfish"))
    }

    @Test func theBrokerSpeaksTLSOnDemand() throws {
        let plain = try parse("broker --tls-cert c.pem", as: BrokerCommand.self)
        #expect(plain.request.tls == BrokerRequest.TLS(certificateFile: "c.pem"))
        let strict = try parse("broker --tls-cert c.pem --tls-key k.pem --tls-client-ca a.pem", as: BrokerCommand.self)
        #expect(
            strict.request.tls
                == BrokerRequest.TLS(
                    certificateFile: "c.pem", keyFile: "k.pem", clientCAFile: "a.pem", clientAuthentication: "required"
                ))
        let lenient = try parse(
            "broker --tls-cert c.pem --tls-client-ca a.pem --tls-client-auth requested", as: BrokerCommand.self)
        #expect(lenient.request.tls?.clientAuthentication == "requested")
    }

    @Test(arguments: [
        "broker --tls-key k.pem", "broker --tls-client-ca a.pem", "broker --tls-cert c.pem --tls-client-auth always",
        "broker --tls-cert c.pem --tls-client-auth required",
        "bogus", "--bogus", "run", "run --bogus x", "send value", "send -t t -p -1 v", "send -t t -K '' v",
        "send -t t -H =x v", "tail", "tail t --from x", "tail t -n -1", "tail t -o xml", "broker --port 65536",
        "broker --brokers 0", "broker --partitions 0", "broker --discard --data /d", "broker extra",
        "broker --user alice", "broker --user alice:", "broker --sasl-mechanisms GSSAPI", "broker --sasl-mechanisms ''",
        "broker --session-lifetime-ms 5", "broker --user a:b --session-lifetime-ms 0",
        "broker --transaction-version 3", "send -t t --format xml", "send -t t --format csv v",
        "send -t t --key-column id", "send -t t --format json -K :", "send -t t --separator ab",
        "perf", "perf -t t --records 0", "perf -t t --size -1", "perf -t t --rate 0", "perf -t t --keys -1",
        "check", "check --as plugin x.lua", "completions", "completions tcsh",
    ])
    func aWrongCallIsRefused(line: String) {
        #expect(throws: (any Error).self) { try Entry.parse(Words.split(line)) }
    }

    @Test func laterSettingsCountAndTheOptionForBrokersCountsMost() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/client.properties"
            let file = try #require(LockedFile(path: path))
            file.append(Array("acks=1\nlinger.ms=5\nbootstrap.servers=file:1\n".utf8))
            file.close()
            let options = try parse("-F \(path) -X linger.ms=20 -X client.id=a=b -b option:2", as: ReplCommand.self)
                .common
            let configuration = try options.configuration()
            #expect(configuration["acks"] == "1")
            #expect(configuration["linger.ms"] == "20")
            #expect(configuration["client.id"] == "a=b")
            #expect(configuration["bootstrap.servers"] == "option:2")
            #expect(configuration.entries.count == 4)
        }
    }

    @Test func aBrokenConfigurationNamesFileAndLine() {
        var configuration = ClientConfiguration()
        #expect(throws: Failure("client.properties:2: \\u is not followed by four hexadecimal digits", exitCode: 2)) {
            try configuration.add(file: Array("a=1\nb=\\u12\n".utf8), path: "client.properties")
        }
        #expect(throws: Failure.self) { try configuration.add(assignment: "no value") }
        #expect(throws: Failure.self) { try configuration.add(assignment: "=value") }
    }
}
