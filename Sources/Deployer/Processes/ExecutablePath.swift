import Platform

/// Finds programs on the `PATH`.
enum ExecutablePath {
  /// The path of the first executable file called `name` in the directories of `path`, a `PATH` value; `nil` if there
  /// is none.
  ///
  /// swift-subprocess would start one process for each directory to find out. Relative and empty directories are
  /// skipped: what they mean depends on the working directory.
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
