import Testing

@testable import Deployer

@Suite struct SecretTests {
  private static let text = "canary-in-a-coal-mine"
  private let secret = Secret(text)

  private struct Holder: Error, Sendable {
    var secret: Secret
    var others: [Secret?]
    var named: [String: Secret]
  }

  @Test func `no way of turning it into text gives the value`() {
    var dumped = ""
    dump(secret, to: &dumped)
    let holder = Holder(secret: secret, others: [secret, nil], named: ["x": secret])
    dump(holder, to: &dumped)
    let texts = [
      "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)",
      "\(["a": secret])", "\(holder)", String(reflecting: holder), "\(holder as any Error)", dumped,
    ]
    for text in texts {
      #expect(text.contains("REDACTED"))
      #expect(!text.contains("canary") && !text.contains("99, 97, 110"), "\(text)")
    }
  }

  @Test func `its mirror shows nothing`() {
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `it can be neither encoded nor decoded, neither compared nor hashed`() {
    let any: Any = secret
    #expect(!(any is any Encodable))
    #expect(!(any is any Decodable))
    #expect(!(any is any Equatable))
    #expect(!(any is any Hashable))
  }

  @Test func `its bytes are lent, every one of them`() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Secret(bytes).withBytes { Array($0) } == bytes)
    #expect(Secret("").withBytes { $0.count } == 0)
    #expect(secret.byteCount == Self.text.utf8.count)
  }

  /// What ``Secret`` calls when it goes. Reading its memory after that would be undefined, so the call is shown to work.
  @Test func `wiping leaves zeros`() {
    var bytes = Array(Self.text.utf8)
    bytes.withUnsafeMutableBytes { Wiping.wipe($0) }
    #expect(bytes == [UInt8](repeating: 0, count: Self.text.utf8.count))
    Wiping.wipe(UnsafeMutableRawBufferPointer(start: nil, count: 0))
  }

  @Test func `an array that is wiped leaves zeros in the memory that it had`() {
    var bytes = Array(Self.text.utf8)
    bytes.reserveCapacity(64)
    bytes.wipe()
    #expect(bytes.isEmpty)
  }
}
