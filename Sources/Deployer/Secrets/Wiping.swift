import Platform

/// Overwrites memory that held a secret.
enum Wiping {
  /// Fills `memory` with zeros, by a call that the compiler may not leave out as a plain loop before a free.
  static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    guard let address = memory.baseAddress, memory.count > 0 else { return }
    #if canImport(Darwin)
      memset_s(address, memory.count, 0, memory.count)
    #else
      explicit_bzero(address, memory.count)
    #endif
  }
}

extension [UInt8] {
  /// Overwrites these bytes with zeros and forgets them. Bytes that the array shares with a copy stay in the copy.
  mutating func wipe() {
    withUnsafeMutableBytes { Wiping.wipe($0) }
    removeAll()
  }
}
