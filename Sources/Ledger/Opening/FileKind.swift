internal import CSQLite
import Platform

/// What is at a path, found without opening it: opening a FIFO would wait for ever.
enum FileKind: Equatable {
  case missing
  case regular(bytes: Int64)
  case other(String)

  init(path: String) throws(LedgerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .io(path: path, reason: System.reason()) }
      self = .missing
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular(bytes: Int64(status.st_size))
    case S_IFDIR: self = .other("a directory")
    case S_IFIFO: self = .other("a FIFO")
    case S_IFLNK: self = .other("a symbolic link")
    case S_IFSOCK: self = .other("a socket")
    default: self = .other("a device")
    }
  }
}

/// File systems whose locks and syncs are not reliable.
enum NetworkFilesystem {
  /// The file system types that statfs(2) reports, with their common names. The shim reports 1 on macOS.
  static let names: [Int64: String] = [
    1: "a network file system",
    0x6969: "NFS", 0x517b: "SMB", 0xff53_4d42: "SMB", 0xfe53_4d42: "SMB", 0x6573_5546: "FUSE", 0x0102_1997: "9P",
    0x00c3_6400: "Ceph", 0x5346_414f: "AFS", 0x7375_7245: "Coda", 0x0bd0_0bd0: "Lustre",
  ]

  /// The name of the network file system that holds `directory`; `nil` if the file system is local.
  static func type(under directory: String) -> String? {
    names[csqlite_filesystem_type(directory)]
  }
}
