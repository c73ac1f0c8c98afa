/// A secret value. It is never printed, and its memory is overwritten when it is released.
public final class Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The length in bytes, the only property of the value that may be shown.
  public let byteCount: Int
  private let storage: Storage

  /// The memory's address. Only `init`, `withBytes` and `deinit` access it.
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

  /// Gives access to the bytes for the duration of the call.
  public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: storage.address), count: byteCount))
  }

  public var description: String { "[REDACTED]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
