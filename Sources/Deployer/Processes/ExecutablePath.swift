import Platform

/// Where a program is.
enum ExecutablePath {
  /// The first file `name` in the directories of `path`, a value of `PATH`, that may be executed; `nil` where none is.
  ///
  /// swift-subprocess finds out by starting a process for each directory. A directory that is relative, or empty, is
  /// passed over: what it means depends on where the operator happens to stand.
  static func find(_ name: String, in path: String) -> String? {
    for directory in path.split(separator: ":") where directory.hasPrefix("/") {
      let candidate = "\(directory)/\(name)"
      var status = stat()
      if access(candidate, X_OK) == 0, stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
        return candidate
      }
    }
    return nil
  }
}
