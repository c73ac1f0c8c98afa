import Deployer

/// What containers print, always the same.
enum Text {
  static func log(_ size: Int, leaking secrets: [Secret]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(size + 4096)
    var number = 0
    while text.count < size {
      number += 1
      text += Array(
        """
        2026-11-24T10:15:\(number % 60)Z INFO backend.orders: order \(number) of client \(number * 7919 % 10007) filled \
        at \(number % 997).25, GET /api/v1/strategies/\(number % 31)?page=2 200 \(number % 13)ms {"level": "info"}\n
        """.utf8)
      if number % 10 == 0, !secrets.isEmpty {
        text += secrets[number / 10 % secrets.count].withBytes { Array($0) } + [0x0A]
      }
    }
    return Array(text.prefix(size))
  }
}

/// The least that any program does with each byte.
enum Plain {
  @inline(never)
  static func copied(_ text: [UInt8]) -> Int {
    var copy = [UInt8](repeating: 0, count: Bench.piece)
    var total = 0
    var start = 0
    while start < text.count {
      let end = min(start + Bench.piece, text.count)
      text.withUnsafeBytes { source in
        copy.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<end])) }
      }
      total += Int(copy[0])
      start = end
    }
    return total
  }

  @inline(never)
  static func sum(_ text: [UInt8]) -> UInt64 { text.reduce(0) { $0 &+ UInt64($1) } }

  /// Looks for a byte that is not there, and keeps where the last newline was, so that it is a loop and no `memchr`.
  @inline(never)
  static func findsRare(_ text: [UInt8]) -> Int {
    var newline = 0
    for (index, byte) in text.enumerated() {
      if byte == 0x0A { newline = index }
      if byte == 0xFF { return index }
    }
    return newline
  }
}
