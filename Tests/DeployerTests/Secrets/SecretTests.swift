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

  @Test func `no text form of a secret contains its value`() {
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

  @Test func `a secret's mirror has no children`() {
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `a secret cannot be encoded, decoded, compared or hashed`() {
    let any: Any = secret
    #expect(!(any is any Encodable))
    #expect(!(any is any Decodable))
    #expect(!(any is any Equatable))
    #expect(!(any is any Hashable))
  }

  @Test func `withBytes gives access to every byte`() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Secret(bytes).withBytes { Array($0) } == bytes)
    #expect(Secret("").withBytes { $0.count } == 0)
    #expect(secret.byteCount == Self.text.utf8.count)
  }

  /// ``Secret`` calls this when it is released. Reading its memory after that is undefined, so only the call is tested.
  @Test func `wiping overwrites memory with zeros`() {
    var bytes = Array(Self.text.utf8)
    bytes.withUnsafeMutableBytes { Wiping.wipe($0) }
    #expect(bytes == [UInt8](repeating: 0, count: Self.text.utf8.count))
    Wiping.wipe(UnsafeMutableRawBufferPointer(start: nil, count: 0))
  }

  @Test func `a wiped array is empty`() {
    var bytes = Array(Self.text.utf8)
    bytes.reserveCapacity(64)
    bytes.wipe()
    #expect(bytes.isEmpty)
  }
}
