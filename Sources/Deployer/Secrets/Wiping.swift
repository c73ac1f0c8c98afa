import Platform

/// Overwrites memory that held a secret.
enum Wiping {
  /// Fills `memory` with zeros. Unlike a loop before a `free`, this call is never optimised away.
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
  /// Overwrites the bytes with zeros, then removes them. If the array shares storage with a copy, the copy keeps them.
  mutating func wipe() {
    withUnsafeMutableBytes { Wiping.wipe($0) }
    removeAll()
  }
}
