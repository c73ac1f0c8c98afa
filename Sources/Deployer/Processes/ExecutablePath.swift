import Platform

/// Finds programs on the `PATH`.
enum ExecutablePath {
  /// The program that has the kernel end another one with its parent: util-linux' setpriv. That of busybox cannot.
  static let leash = find("setpriv", in: "/usr/bin:/bin").flatMap { path -> String? in
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real).hasSuffix("/busybox") ? nil : path
  }

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
