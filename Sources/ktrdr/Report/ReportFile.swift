import Platform

/// Writes a report: the whole file, or none of it.
enum ReportFile {
  /// Writes `text` beside `path` first, so that whoever opens the file sees the old report or the new one. A symbolic link is
  /// followed. `ledger` is the file that must not be replaced.
  static func write(_ text: String, to path: String, keeping ledger: String) throws(Failure) {
    let path = try destination(path, keeping: ledger)
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let scratch = "\(directory).ktrdr-report-\(UUID().uuidString.prefix(8))"
    let descriptor = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path) }
    var isKept = false
    defer { if !isKept { unlink(scratch) } }
    let reason = Console.write(text, to: descriptor)
    let isSynced = fsync(descriptor) == 0
    let syncReason = String(cString: strerror(errno))
    let isClosed = close(descriptor) == 0
    if let reason { throw unwritable(path, reason) }
    guard isSynced, isClosed else { throw unwritable(path, syncReason) }
    guard rename(scratch, path) == 0 else { throw unwritable(path) }
    isKept = true
  }

  /// The file to replace or to create. Throws for whatever a report must not replace.
  static func destination(_ path: String, keeping ledger: String) throws(Failure) -> String {
    guard !path.isEmpty, !path.hasSuffix("/") else { throw directory(path) }
    var found = stat()
    guard stat(path, &found) == 0 else { return path }
    switch found.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw directory(path)
    default:
      throw Failure.usage("\(path) is not a regular file", next: "name a file, or use --output - for standard output")
    }
    var own = stat()
    if stat(ledger, &own) == 0, own.st_dev == found.st_dev, own.st_ino == found.st_ino {
      throw Failure.usage("\(path) is the ledger", next: "name another file with --output")
    }
    guard let resolved = realpath(path, nil) else { throw unwritable(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func directory(_ path: String) -> Failure {
    .usage("\(path) is a directory", next: "name a file with --output, such as report.html")
  }

  private static func unwritable(_ path: String, _ reason: String = String(cString: strerror(errno))) -> Failure {
    Failure(
      status: ExitStatus.notSucceeded, "could not write the report \(path): \(reason)",
      next: "free space, fix the permissions of its directory, or name another file with --output")
  }
}
