import Platform

/// The few system calls that the ledger makes itself. Error texts are the system's own.
enum System {
  static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

  /// The path with the symbolic links in its directory resolved and the last component unchanged; SQLite refuses a path
  /// with a link in it. A relative path starts at the working directory.
  static func resolved(_ path: String) -> String {
    let (directory, name) = split(path)
    guard let real = realpath(directory, nil) else { return path }
    defer { free(real) }
    let resolved = String(cString: real)
    return (resolved == "/" ? "" : resolved) + "/" + name
  }

  /// The directory, `.` if the path has none, and the last component.
  static func split(_ path: String) -> (directory: String, name: String) {
    // By bytes, as the system does: to Swift, a slash with a combining mark after it is another character.
    let bytes = Array(path.utf8)
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    return (directory, String(decoding: bytes[(slash + 1)...], as: UTF8.self))
  }

  /// Creates a directory and its missing parents, mode 0700, and syncs each into its own parent.
  static func makeDirectory(_ path: String) throws(LedgerError) {
    if access(path, F_OK) == 0 { return }
    let parent = split(path).directory
    if parent != path { try makeDirectory(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .io(path: path, reason: "cannot create the directory: \(reason())")
    }
    try syncDirectory(parent)
  }

  /// Whether this user can create and remove files in a directory.
  static func canWrite(_ directory: String) -> Bool { access(directory, W_OK | X_OK) == 0 }

  static func syncDirectory(_ path: String) throws(LedgerError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .io(path: path, reason: "cannot open the directory: \(reason())") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .io(path: path, reason: "cannot sync the directory: \(reason())") }
  }

  /// Creates a file with these bytes, mode 0600, and syncs it. Throws if the name is taken.
  static func writeNew(_ path: String, _ bytes: [UInt8]) throws(LedgerError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .io(path: path, reason: "cannot create the file: \(reason())") }
    var failure: Int32 = 0
    var rest = bytes[...]
    while !rest.isEmpty, failure == 0 {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 { rest = rest.dropFirst(written) } else if errno != EINTR { failure = errno }
    }
    if failure == 0, fsync(descriptor) != 0 { failure = errno }
    close(descriptor)
    guard failure == 0 else {
      unlink(path)
      throw failure == ENOSPC ? .diskFull(path: path) : .io(path: path, reason: reason(failure))
    }
  }

  /// Bytes that an unprivileged user can still write in this file system; `nil` if it does not report them.
  static func freeBytes(at path: String) -> UInt64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }

  /// The names in a directory, sorted; none if it cannot be read.
  static func list(_ directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        })
    }
    return names.sorted()
  }
}
