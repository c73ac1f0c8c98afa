import Platform

extension InventoryLocation {
  /// Reads and checks the inventory. Throws ``InventoryErrors``, also when the file cannot be read.
  public func load() throws(InventoryErrors) -> Inventory {
    switch self {
    case .builtIn:
      return try .builtIn()
    case .file(let path, let source):
      let bytes: [UInt8]
      do throws(ReadFailure) {
        bytes = try Self.read(path)
      } catch {
        throw .whole(of: shownPath(path), error.what, error.nextStep ?? source.nextStep)
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .whole(of: shownPath(path), "it is not UTF-8 text", "save it as UTF-8")
      }
      return try .parse(text, origin: .file(path: path))
    }
  }

  /// Whether something is at `path`; for ``find(flag:environment:workingDirectory:exists:)``.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private struct ReadFailure: Error {
    var what: String
    /// `nil` means that how the file was named decides what to do.
    var nextStep: String?
  }

  /// Hardly more than the largest inventory, whatever `path` turns out to be.
  private static func read(_ path: String) throws(ReadFailure) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw ReadFailure(what: "it names no file") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadFailure(what: reason(errno)) }
    defer { close(descriptor) }
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
    throw ReadFailure(what: "it is larger than 1 MiB", nextStep: "check that it is the inventory")
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file"
    case EISDIR: "it is a directory"
    case EACCES: "you may not read it"
    default: "it cannot be read (\(String(cString: strerror(code))))"
    }
  }
}

extension InventoryLocation.Source {
  /// What to do about a file that cannot be read.
  var nextStep: String {
    switch self {
    case .flag: "correct '--config'"
    case .environment: "correct or unset $\(InventoryLocation.variable)"
    case .workingDirectory, .userConfiguration: "make it readable, or name another with '--config'"
    }
  }
}

/// The system's `read`, which has the name of the function above.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

/// A path as messages show it: as it is, unless it would disturb a terminal.
private func shownPath(_ path: String) -> String {
  path.isEmpty || path.unicodeScalars.contains { $0.properties.generalCategory == .control } ? shown(path) : path
}
