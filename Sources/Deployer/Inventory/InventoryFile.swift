import Platform

extension InventoryLocation {
  /// Reads and validates the inventory. Throws ``InventoryErrors``, also if the file cannot be read, or is not to be believed.
  /// `environment` is this process's own.
  public func load(environment: [String: String]) throws(InventoryErrors) -> Inventory {
    switch self {
    case .builtIn:
      return try .builtIn()
    case .file(let path, let source):
      let bytes: [UInt8]
      do throws(ReadFailure) {
        bytes = try Self.read(path, trust: source.isNamed ? nil : .ofThisUser(environment))
      } catch {
        throw .whole(of: quotedPath(path), error.what, error.nextStep ?? source.nextStep)
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .whole(of: quotedPath(path), "not UTF-8", "save it as UTF-8")
      }
      return try .parse(text, origin: .file(path: path))
    }
  }

  /// Whether there is a file at `path`, for ``find(flag:environment:workingDirectory:exists:)``.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private struct ReadFailure: Error {
    var what: String
    /// `nil` if the next step depends on how the file was found.
    var nextStep: String?
  }

  /// Reads at most slightly more than ``Inventory/maximumBytes``, even if `path` is a device that never ends.
  private static func read(_ path: String, trust: InventoryTrust?) throws(ReadFailure) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw ReadFailure(what: "not a file name") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadFailure(what: reason(errno)) }
    defer { close(descriptor) }
    if let objection = trust?.objection(to: descriptor, at: path) {
      throw ReadFailure(
        what: objection,
        nextStep: "if it is the one that you mean, name it: --config \(quotedPath(path)), or $\(Self.variable)")
    }
    let limit = Inventory.maximumBytes
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count <= limit {
      let more = piece.withUnsafeMutableBytes { systemRead(descriptor, $0) }
      if more == 0 { return bytes }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw ReadFailure(what: reason(errno)) }
      bytes += piece[..<more]
    }
    throw ReadFailure(what: "larger than 1 MiB", nextStep: "check that it is an inventory")
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "no such file"
    case EISDIR: "is a directory"
    case EACCES: "permission denied"
    default: "cannot be read (\(String(cString: strerror(code))))"
    }
  }
}

extension InventoryTrust {
  /// The same for an open file, which nobody can replace any more.
  fileprivate func objection(to descriptor: Int32, at path: String) -> String? {
    var (file, link, directory) = (stat(), stat(), stat())
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard fstat(descriptor, &file) == 0, lstat(path, &link) == 0, stat(folder, &directory) == 0 else {
      return "its owner cannot be told"
    }
    // Where the path is a link, whoever made the link has chosen the file.
    if !trusted.contains(link.st_uid) { return objection(to: Node(link), in: Node(directory)) }
    return objection(to: Node(file), in: Node(directory))
  }
}

extension InventoryTrust.Node {
  fileprivate init(_ status: stat) { self.init(owner: status.st_uid, group: status.st_gid, mode: status.st_mode) }
}

extension InventoryLocation.Source {
  /// Whether a person has named the file.
  fileprivate var isNamed: Bool { self == .flag || self == .environment }

  /// The next step if the file cannot be read.
  var nextStep: String {
    switch self {
    case .flag: "correct --config"
    case .environment: "correct or unset $\(InventoryLocation.variable)"
    case .workingDirectory, .userConfiguration: "make it readable, or choose another file with --config"
    }
  }
}

/// The system's `read`, which the method above shadows.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

/// A path as messages show it: verbatim, but quoted if it is empty or has control characters.
private func quotedPath(_ path: String) -> String {
  path.isEmpty || path.unicodeScalars.contains(where: \.steersOutput) ? quoted(path) : path
}
