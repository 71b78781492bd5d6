import Testing

@testable import SCRAM

@Suite struct ScramMessageTests {
    @Test(arguments: ["a,b=c", "=", ",", "=3D", "=\u{301}x", "\u{301}", "名前"])
    func anyNameComesThrough(name: String) throws {
        let first = ScramClientFirst(username: name, nonce: "abc")
        #expect(try ScramClientFirst(parsing: first.text) == first)
        #expect(!first.bare.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "r") }.dropLast().contains(UInt8(ascii: ",")))
    }

    @Test func extensionsComeThrough() throws {
        var first = ScramClientFirst(username: "u", nonce: "abc")
        first.extensions = ["tokenauth": "true", "a": "x=y"]
        #expect(first.text == "n,,n=u,r=abc,a=x=y,tokenauth=true")
        #expect(try ScramClientFirst(parsing: first.text) == first)
    }

    @Test(arguments: [
        ("", "does not begin with a GS2 header"), ("n,", "does not begin with a GS2 header"),
        ("p=tls-unique,,n=u,r=x", "wants channel binding, which there is not"),
        ("n,,m=1,n=u,r=x", "asks for an extension that is not known (m=)"),
        ("n,,r=x,n=u", "does not have n= where it must be"), ("n,,n=u", "does not have r= where it must be"),
        ("n,,n=u,r=", "has an empty nonce"), ("n,,n=,r=x", "has an empty name"),
        ("n,,n=a=b,r=x", "has a = in its name that is not escaped"),
        ("n,a=other,n=u,r=x", "wants to act for somebody else"),
        ("n,,n=\(String(repeating: "u", count: 20_000)),r=x", "is longer than 16384 bytes"),
    ])
    func badFirstMessagesAreRefused(text: String, reason: String) {
        #expect(throws: ScramError(reason)) { try ScramClientFirst(parsing: text) }
    }

    @Test func whoActsForItselfMaySaySo() throws {
        #expect(try ScramClientFirst(parsing: "n,a=u=2Cv,n=u=2Cv,r=x").username == "u,v")
    }

    @Test(arguments: [
        ("r=x", "does not have s= where it must be"), ("r=x,s=!,i=1", "has a s= that is not base64"),
        ("r=x,s=,i=1", "has an empty salt"), ("r=x,s=AA==,i=", "has an i= that is not a number of iterations"),
        ("r=x,s=AA==,i=0", "has an i= that is not a number of iterations"),
        ("r=x,s=AA==,i=-5", "has an i= that is not a number of iterations"),
        ("r=x,s=AA==,i=99999999999999999999", "has an i= that is not a number of iterations"),
        ("m=x,r=x,s=AA==,i=4096", "asks for an extension that is not known (m=)"),
    ])
    func badAnswersAreRefused(text: String, reason: String) {
        #expect(throws: ScramError(reason)) { try ScramServerFirst(parsing: text) }
    }

    @Test func aRefusalTellsWhy() throws {
        #expect(try ScramServerFinal(parsing: "e=invalid-proof") == .refused("invalid-proof"))
        #expect(throws: ScramError("does not have v= where it must be")) { try ScramServerFinal(parsing: "x=1") }
        #expect(throws: ScramError("does not have p= where it must be")) { try ScramClientFinal(parsing: "c=biws,r=x") }
    }
}
