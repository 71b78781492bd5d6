import Testing

@testable import SCRAM

@Suite struct SASLprepTests {
    /// The examples of RFC 4013, section 3, and some texts of other scripts.
    @Test(arguments: [
        ("user", "user"), ("USER", "USER"), ("I\u{AD}X", "IX"), ("\u{AA}", "a"), ("\u{2168}", "IX"),
        ("a\u{A0}b", "a b"), ("e\u{301}", "é"), ("密码", "密码"), ("", ""),
        ("\u{FDFA}", "صلى الله عليه وسلم"),
    ])
    func textsAreBroughtToOneForm(text: String, prepared: String) throws {
        #expect(Array(try SASLprep.prepare(text).utf8) == Array(prepared.utf8))
    }

    @Test(arguments: ["\u{07}", "a\0b", "\u{627}1", "\u{E000}", "a\u{200E}"])
    func whatMustNotBeThereIsRefused(text: String) {
        #expect(throws: ScramError.self) { try SASLprep.prepare(text) }
    }
}
