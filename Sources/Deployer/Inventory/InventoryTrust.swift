import Platform

/// Whether an inventory that nobody has named may decide which host gets the secrets. It is found by looking upwards from the
/// working directory, so it may be anybody's: like `ssh` and `git`, ktrdr believes only the files of its own user, of root, and
/// under `sudo` of the user who called it, which nobody else may change.
struct InventoryTrust: Sendable {
  /// The owner and the permissions of a file or directory.
  struct Node: Sendable, Equatable {
    var owner: uid_t
    var group: gid_t
    var mode: mode_t
  }

  /// The users whose files are believed.
  let trusted: Set<uid_t>
  /// The groups that have no member but one of these users, as many systems create them.
  let privateGroups: Set<gid_t>

  /// Why the file is not believed; `nil` if it is.
  func objection(to file: Node, in directory: Node) -> String? {
    if !trusted.contains(file.owner) { return "it was found here, but belongs to another user (\(file.owner))" }
    if !trusted.contains(directory.owner) {
      return "it was found here, in a directory that belongs to another user (\(directory.owner))"
    }
    if isOpen(file) { return "it was found here, but others may change it" }
    // In a directory with the sticky bit nobody replaces what is somebody else's.
    if isOpen(directory), directory.mode & S_ISVTX == 0 {
      return "it was found here, in a directory that others may change"
    }
    return nil
  }

  private func isOpen(_ node: Node) -> Bool {
    node.mode & S_IWOTH != 0 || (node.mode & S_IWGRP != 0 && !privateGroups.contains(node.group))
  }
}

extension InventoryTrust {
  /// That of this process's user.
  static func ofThisUser(_ environment: [String: String]) -> InventoryTrust {
    let user = geteuid()
    var trusted: Set<uid_t> = [0, user]
    if user == 0, let caller = environment["SUDO_UID"].flatMap({ uid_t($0) }) { trusted.insert(caller) }
    return InventoryTrust(trusted: trusted, privateGroups: Set(trusted.compactMap(privateGroup)))
  }

  /// Like OpenSSH on Debian: the user's own group, named like the user, without other members.
  private static func privateGroup(of user: uid_t) -> gid_t? {
    guard let entry = getpwuid(user) else { return nil }
    let (name, group) = (String(cString: entry.pointee.pw_name), entry.pointee.pw_gid)
    guard let found = getgrgid(group), String(cString: found.pointee.gr_name) == name else { return nil }
    var members = found.pointee.gr_mem
    while let member = members?.pointee {
      guard String(cString: member) == name else { return nil }
      members = members?.advanced(by: 1)
    }
    return group
  }
}
