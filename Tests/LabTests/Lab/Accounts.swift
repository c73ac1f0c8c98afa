import Platform
import TestSupport

extension Lab {
  /// Runs `body` while `ann` and `bob` can log in to workers-b and deploy in the directory that it is given, which a group
  /// of both owns; and while `carl` has an account that nobody may log in to, and the login shell of `dora` never ends.
  func withAccounts(body: (_ directory: String) async throws -> Void) async throws {
    let host = "\(root)/hosts/workers-b"
    let directory = "\(host)/shared"
    let preparation = """
      printf '#!/bin/sh\\nexec sleep 600\\n' >\(host)/endless && chmod 755 \(host)/endless &&
      sed '/^AllowUsers/d' \(host)/sshd_config >\(host)/sshd_config.own &&
      { cat /etc/passwd; echo 'ann:x:7001:7000::/nonexistent:/bin/sh'; echo 'bob:x:7002:7003::/nonexistent:/bin/sh'
        echo 'carl:x:7004:7003::/nonexistent:/usr/sbin/nologin'; echo 'dora:x:7005:7003::/nonexistent:\(host)/endless'
      } >\(host)/passwd &&
      { cat /etc/group; echo 'ktrdrann:x:7000:bob'; echo 'ktrdrbob:x:7003:'; } >\(host)/group &&
      { cat /etc/shadow; for each in ann bob carl dora; do echo "$each:*:19000:0:99999:7:::"; done; } >\(host)/shadow &&
      chmod 600 \(host)/shadow && mount --bind \(host)/passwd /etc/passwd && mount --bind \(host)/group /etc/group &&
      mount --bind \(host)/shadow /etc/shadow && mount --bind \(host)/sshd_config.own \(host)/sshd_config
      """
    let stack = """
      name: shared
      services:
        web:
          image: \(facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
      """
    try await withHost("workers-b", preparation) {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data(stack.utf8).write(to: URL(filePath: "\(directory)/compose.yaml"))
      try await shell("chgrp 7000 \(directory) \(host)/docker.sock && chmod 2775 \(directory)")
      do {
        try await body(directory)
      } catch {
        try await removeShared(directory)
        throw error
      }
      try await removeShared(directory)
    }
  }

  private func removeShared(_ directory: String) async throws {
    _ = try await docker(on: "workers-b", ["rm", "--force", "shared-web-1"])
    try await shell("chgrp 0 \(root)/hosts/workers-b/docker.sock; rm -rf \(directory)")
  }

  /// Runs a line of shell in the lab's environment, and returns its output.
  @discardableResult
  func shell(_ line: String) async throws -> String {
    let result = try await Programs.run("/bin/sh", ["-c", line], environment: environment)
    guard result.status == 0 else { throw CannotStart(description: "\(line): \(result.error)") }
    return result.output.trimmed
  }
}

extension Operator {
  /// This operator with a configuration of ssh, and a few lines of shell that run before it, of their own.
  func connecting(
    _ change: (_ config: String) -> String = { $0 }, before lines: String = ""
  ) throws -> Operator {
    let own = "\(lab.root)/state/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(own)/bin", withIntermediateDirectories: true)
    let config = String(decoding: try Data(contentsOf: URL(filePath: "\(lab.root)/ssh_config")), as: UTF8.self)
    try Data(change(config).utf8).write(to: URL(filePath: "\(own)/ssh_config"))
    try Data("#!/bin/sh\n\(lines)\nexec /usr/bin/ssh -F \(own)/ssh_config \"$@\"\n".utf8)
      .write(to: URL(filePath: "\(own)/bin/ssh"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(own)/bin/ssh")
    var changed = self
    changed.environment["PATH"] = "\(own)/bin:\(environment["PATH"] ?? "")"
    return changed
  }

  /// A path for something of this operator alone.
  func ownPath(_ name: String) -> String { "\(lab.root)/state/\(UUID().uuidString.prefix(8))-\(name)" }
}
