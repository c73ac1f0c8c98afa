@testable import Ledger

/// Damages one tree of a ledger's file so that no scan of it ends in practice: every entry of a page refers to the same page
/// of the next level, so a scan reads the leaf 40 to the power of 16 times.
struct EndlessTree {
  private static let depth = 16
  private static let children = 40
  private var bytes: [UInt8]
  private let root: Int

  /// `root` is the number of the tree's first page, from 1.
  static func damage(_ bytes: [UInt8], root: Int) -> [UInt8] {
    var tree = EndlessTree(bytes: bytes, root: root)
    tree.grow()
    return tree.bytes
  }

  private init(bytes: [UInt8], root: Int) {
    self.bytes = bytes
    self.root = root
  }

  private mutating func grow() {
    let leaf = firstLeaf()
    let isIndex = bytes[start(leaf)] == 10
    let content = Array(bytes[start(leaf)..<start(leaf) + Sample.pageSize])
    // An interior cell of a table holds a key, one of an index the entry itself.
    let key = isIndex ? firstCell(of: leaf) : [1]
    let next = bytes.count / Sample.pageSize + 1
    write(interior(kind: isIndex ? 2 : 5, child: next, key), at: root)
    for level in 0..<Self.depth {
      write(interior(kind: isIndex ? 2 : 5, child: next + level + 1, key), at: next + level)
    }
    write(content, at: next + Self.depth)
    let pages = UInt32(bytes.count / Sample.pageSize)
    bytes.replaceSubrange(28..<32, with: withUnsafeBytes(of: pages.bigEndian) { Array($0) })
  }

  private func start(_ page: Int) -> Int { (page - 1) * Sample.pageSize }

  private func number(at offset: Int, count: Int) -> Int {
    bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private func firstLeaf() -> Int {
    var page = root
    while bytes[start(page)] == 2 || bytes[start(page)] == 5 {
      page = number(at: start(page) + number(at: start(page) + 12, count: 2), count: 4)
    }
    return page
  }

  /// Up to its end, which SQLite finds in the cell itself.
  private func firstCell(of page: Int) -> ArraySlice<UInt8> {
    let offset = start(page) + number(at: start(page) + 8, count: 2)
    return bytes[offset..<min(offset + 180, start(page) + Sample.pageSize)]
  }

  /// A page that holds the same cell over and over.
  private func interior(kind: UInt8, child: Int, _ key: ArraySlice<UInt8>) -> [UInt8] {
    var page = [UInt8](repeating: 0, count: Sample.pageSize)
    let pointer = withUnsafeBytes(of: UInt32(child).bigEndian) { Array($0) }
    let cell = pointer + key
    var end = Sample.pageSize
    page[0] = kind
    for index in 0..<Self.children {
      end -= cell.count
      page.replaceSubrange(end..<end + cell.count, with: cell)
      page[12 + 2 * index] = UInt8(end >> 8)
      page[13 + 2 * index] = UInt8(end & 255)
    }
    page[4] = UInt8(Self.children)
    page[5] = UInt8(end >> 8)
    page[6] = UInt8(end & 255)
    page.replaceSubrange(8..<12, with: pointer)
    return page
  }

  private mutating func write(_ page: [UInt8], at number: Int) {
    let missing = start(number) + Sample.pageSize - bytes.count
    if missing > 0 { bytes += [UInt8](repeating: 0, count: missing) }
    bytes.replaceSubrange(start(number)..<start(number) + Sample.pageSize, with: page)
  }
}
