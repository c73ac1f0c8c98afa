/// A value that must not be seen: it has no text form, and its memory is wiped when it goes.
public final class Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The length in bytes: the one thing about a value that may be shown.
  public let byteCount: Int
  private let storage: Storage

  /// Owns the memory; only `withBytes` and the end of life touch it.
  private struct Storage: Sendable {
    let address: UInt
  }

  public init(_ bytes: some Collection<UInt8>) {
    byteCount = bytes.count
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    buffer.copyBytes(from: bytes)
    storage = Storage(address: UInt(bitPattern: buffer.baseAddress))
  }

  public convenience init(_ text: String) {
    self.init(Array(text.utf8))
  }

  deinit {
    guard let memory = UnsafeMutableRawPointer(bitPattern: storage.address) else { return }
    Wiping.wipe(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
    memory.deallocate()
  }

  /// Lends the bytes for the length of the call.
  public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: storage.address), count: byteCount))
  }

  public var description: String { "[REDACTED]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
