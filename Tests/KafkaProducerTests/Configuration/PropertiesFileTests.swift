import KafkaProducer
import Testing

@Suite struct PropertiesFileTests {
    private func pairs(_ text: String) throws -> [[String]] {
        try PropertiesFile(parsing: text).properties.map { [$0.key, $0.value] }
    }

    @Test(arguments: ["acks=all", "acks:all", "acks all", "  acks\t=  all", "acks : all", "acks\u{0C}all"])
    func everySeparatorEndsTheKey(line: String) throws {
        #expect(try pairs(line) == [["acks", "all"]])
    }

    @Test func onlyOneSeparatorIsTaken() throws {
        #expect(try pairs("a==b\nc= :d\ne = f=g : h ") == [["a", "=b"], ["c", ":d"], ["e", "f=g : h "]])
    }

    @Test func commentsAndBlankLinesAreLeftOut() throws {
        #expect(
            try pairs("# one\n ! two\n\n \t \na=1 # not a comment\n#b=2\\\nc=3")
                == [["a", "1 # not a comment"], ["c", "3"]])
    }

    @Test func aBackslashContinuesTheLineAndDropsTheIndentation() throws {
        #expect(
            try pairs("servers = one:1,\\\n    two:2,\\\r\n\tthree:3\nnext=4")
                == [["servers", "one:1,two:2,three:3"], ["next", "4"]])
    }

    @Test func anEvenNumberOfBackslashesDoesNotContinue() throws {
        #expect(try pairs("path=C:\\\\\nnext=1") == [["path", "C:\\"], ["next", "1"]])
    }

    @Test func aContinuedLineMayBeginLikeAComment() throws {
        #expect(try pairs("a=b\\\n#c") == [["a", "b#c"]])
    }

    @Test func aBlankLineEndsAContinuation() throws {
        #expect(try pairs("a=b\\\n\nc=d") == [["a", "b"], ["c", "d"]])
    }

    @Test func aBackslashAtTheEndOfTheFileIsDropped() throws {
        #expect(try pairs("a=b\\") == [["a", "b"]])
    }

    @Test func everyLineTerminatorCounts() throws {
        let file = try PropertiesFile(parsing: "a=1\rb=2\r\nc=3\nd=4")
        #expect(file.properties.map(\.line) == [1, 2, 3, 4])
    }

    @Test func escapesAreResolvedInKeysAndValues() throws {
        #expect(try pairs(#"k\ e\=y\:=a\tb\nc\rd\fe\z\"\\"#) == [["k e=y:", "a\tb\nc\rd\u{0C}ez\"\\"]])
    }

    @Test func unicodeEscapesMayFormASurrogatePair() throws {
        #expect(try pairs(#"greeting=\u4f60\u597D \uD83D\uDE00"#) == [["greeting", "你好 😀"]])
    }

    @Test func aKeyWithoutAValueHasAnEmptyOne() throws {
        #expect(try pairs("alone\nempty=\n=value") == [["alone", ""], ["empty", ""], ["", "value"]])
    }

    @Test func theLastOfTwoCounts() throws {
        let file = try PropertiesFile(parsing: "a=1\nb=2\na=3")
        #expect(file["a"] == "3")
        #expect(file["missing"] == nil)
        #expect(file.properties.count == 3)
    }

    @Test(arguments: [
        #"a=\u12"#, #"a=\u12g4"#, #"a=\u"#, #"a=\uD83D"#, #"a=\uD83Dx"#, #"a=\uD83D\u0041"#, #"a=\uDE00"#,
    ])
    func aBrokenUnicodeEscapeNamesItsLine(line: String) {
        #expect { try PropertiesFile(parsing: "# comment\n\nok=1\n\(line)\n") } throws: { error in
            (error as? PropertiesError)?.line == 4
        }
    }

    @Test func bytesAreUTF8OrElseLatin1() throws {
        #expect(try PropertiesFile(parsing: Array("name=Zoë".utf8))["name"] == "Zoë")
        #expect(try PropertiesFile(parsing: Array("name=Zo".utf8) + [0xEB])["name"] == "Zoë")
    }

    @Test func aByteOrderMarkIsNotPartOfTheFirstKey() throws {
        #expect(try PropertiesFile(parsing: "\u{FEFF}acks=1")["acks"] == "1")
    }

    /// What `java.util.Properties` of Java 17 made of the same text.
    @Test(arguments: [
        ("#a=1\\\nb=2", [["b", "2"]]), ("a=1\\\n   \nb=2", [["a", "1"], ["b", "2"]]),
        ("a\\\n  b=1", [["ab", "1"]]), ("a=\\u0020x \t", [["a", " x \t"]]), ("a \t\u{0C}=\t\u{0C} b", [["a", "b"]]),
        ("a : = b", [["a", "= b"]]), ("a=b\\\r\n  c\r\rd", [["a", "bc"], ["d", ""]]),
        ("\\u0061\\u003D=b", [["a=", "b"]]),
        ("a=\\\\\\\nb", [["a", "\\b"]]), ("\\#a=1\n\\!b=2", [["#a", "1"], ["!b", "2"]]),
        ("a=\\b\\a\\0\\'", [["a", "ba0'"]]),
        (":", [["", ""]]), ("a\u{0B}b=\u{A0}c", [["a\u{0B}b", "\u{A0}c"]]), ("a=1\\", [["a", "1"]]),
        ("\\\n\\\na=1", [["a", "1"]]),
        ("\\\n#a=1\nb=2", [["b", "2"]]), ("\\\r\n\n b", [["b", ""]]), (" \\\n\t!", []), ("\\\n ", []),
        ("a=1\n\\", [["a", "1"], ["", ""]]),
    ])
    func itIsReadAsJavaReadsIt(text: String, expected: [[String]]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test func aPropertyIsWrittenInASCIIAndReadBack() throws {
        let property = PropertiesFile.Property(key: " a=b:c#", value: "  x=\\y\n\tZoë 😀 ", line: 1)
        #expect(property.text == ##"\ a\=b\:c\#=\  x=\\y\n\tZo\u00EB \uD83D\uDE00 "##)
        #expect(try PropertiesFile(parsing: property.text).properties == [property])
    }

    @Test func whateverIsEscapedIsReadBack() throws {
        let alphabet: [Unicode.Scalar] = Array("ab=: \t#!\\uz\n\r\u{0C}é你😀".unicodeScalars)
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        func randomText() -> [Unicode.Scalar] { (0..<random(12)).map { _ in alphabet[random(alphabet.count)] } }
        func escaped(_ text: [Unicode.Scalar]) -> String {
            text.map { scalar in
                switch scalar {
                case "\n": #"\n"#
                case "\r": #"\r"#
                case "\u{0C}": #"\f"#
                default: scalar.isASCII ? "\\\(scalar)" : String(scalar)
                }
            }.joined().replacing(#"\u"#, with: "u").replacing(#"\t"#, with: "t")
        }
        for _ in 0..<500 {
            let (key, value) = (randomText().filter { $0 != "\t" }, randomText().filter { $0 != "\t" })
            let file = try PropertiesFile(parsing: escaped(key) + "\\\n  =" + escaped(value))
            #expect(file.properties.map { Array($0.key.unicodeScalars) } == [key])
            #expect(file.properties.map { Array($0.value.unicodeScalars) } == [value])
        }
    }
}
