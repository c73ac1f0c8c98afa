import Platform
import TestSupport
import Testing

/// Things that a test breaks, and that are mended again however it ends.
extension Lab {
  /// Runs `body` while a part of a host is down.
  func without(_ host: String, _ part: String, body: () async throws -> Void) async throws {
    try await control("kill-host", root, host, part)
    try await mending({ try await control("start-host", root, host, part) }, body)
  }

  /// Runs `body` while `op` fails as the lab's documentation says.
  func failing(_ failure: String, body: () async throws -> Void) async throws {
    let file = URL(filePath: "\(root)/op/fail")
    try Data().write(to: URL(filePath: "\(root)/op/calls.log"))
    try Data("\(failure)\n".utf8).write(to: file)
    try await mending({ try FileManager.default.removeItem(at: file) }, body)
  }

  func mending(_ mend: () async throws -> Void, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      try await mend()
      throw error
    }
    try await mend()
  }

  /// The registry, to be stopped and continued by signals.
  func registryProcess() throws -> pid_t {
    let text = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/registry/pid")), as: UTF8.self)
    guard let process = pid_t(text.trimmed) else { throw CannotStart(description: "the registry's pid is '\(text)'") }
    return process
  }

  /// Ends what a program has started, as its `ssh`.
  func killChildren(of process: pid_t) async throws {
    let listed = try await Programs.run(
      "/bin/sh", ["-c", "cat /proc/\(process)/task/*/children"], environment: environment)
    for child in listed.output.split(whereSeparator: \.isWhitespace).compactMap({ pid_t($0) }) { kill(child, SIGKILL) }
  }

  /// Until `op` was asked for the item since ``failing(_:body:)`` began.
  func waitForRead() async throws { try await waitForCall("item get") }

  /// Until `op` was called with these words since ``failing(_:body:)`` began.
  func waitForCall(_ words: String) async throws {
    try await eventually("op \(words)") {
      String(decoding: try Data(contentsOf: URL(filePath: "\(root)/op/calls.log")), as: UTF8.self).contains(words)
    }
  }

  /// Until nobody deploys to core any more.
  func waitForLock() async throws {
    try await eventually("core's lock") {
      let lock = "\(facts.directories["core"] ?? "")/.ktrdr-lock"
      return try await Programs.run("flock", ["-n", lock, "true"], environment: environment).status == 0
    }
  }
}

extension Operator {
  /// The outcomes in the ledger, newest first.
  func history() async throws -> [String] {
    let listed = try await ktrdr("history", "--format", "csv")
    let lines = listed.output.split(whereSeparator: \.isNewline).dropFirst()
    return lines.filter { $0.first?.isNumber == true }.map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return fields.count < 17 || fields[16].isEmpty ? "running" : String(fields[16])
    }
  }

  /// Until the ledger has this step of a deployment.
  func waitForStep(_ step: String, of deployment: Int) async throws {
    try await eventually("step \(step) of \(deployment)") {
      try await ktrdr("show", "\(deployment)", "--format", "json").output.contains("\"name\" : \"\(step)\"")
    }
  }
}

/// Asks every 50 ms whether something has come to be; after 30 s that is an error.
func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
  for _ in 0..<600 {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw Lab.CannotStart(description: "waited 30 s for \(what)")
}

extension Lab {
  /// Runs `body` while a host's sshd lives in mounts of its own, which `preparation`, a shell command, has changed.
  func withHost(_ host: String, _ preparation: String, body: () async throws -> Void) async throws {
    let directory = "\(root)/hosts/\(host)"
    let start = """
      KTRDR_LAB_OWNED_BY=\(root) setsid unshare --mount sh -c "$1" >>\(directory)/sshd.log 2>&1 </dev/null &
      echo $! >\(directory)/sshd.pid
      """
    let inside = "{ \(preparation)\n} && exec /usr/sbin/sshd -D -e -f \(directory)/sshd_config"
    try await without(host, "sshd") {
      let started = try await Programs.run("/bin/sh", ["-c", start, "sh", inside], environment: environment)
      guard started.status == 0 else { throw CannotStart(description: started.error) }
      do {
        try await eventually("the changed sshd of \(host)") {
          try await Programs.run("ssh", ["\(host).ktrdr.lab", "true"], environment: environment).status == 0
        }
        try await body()
      } catch {
        try await control("kill-host", root, host, "sshd")
        throw error
      }
      try await control("kill-host", root, host, "sshd")
    }
  }
}

extension Operator {
  /// A clone of the lab's repository, to be changed at will.
  func clone() async throws -> String {
    let path = "\(lab.root)/state/\(UUID().uuidString)"
    let cloned = try await Programs.run(
      "git", ["clone", "-q", "\(lab.root)/origin.git", path], environment: environment)
    guard cloned.status == 0 else { throw Lab.CannotStart(description: cloned.error) }
    return path
  }

  func git(_ words: String...) async throws {
    let result = try await Programs.run("git", words, environment: environment, in: directory)
    guard result.status == 0 else { throw Lab.CannotStart(description: "git \(words): \(result.error)") }
  }

  /// The same operator with another `known_hosts`, and that file's path.
  func knowing(_ hosts: String) throws -> (Operator, String) {
    let own = "\(lab.root)/state/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(own)/bin", withIntermediateDirectories: true)
    let config = String(decoding: try Data(contentsOf: URL(filePath: "\(lab.root)/ssh_config")), as: UTF8.self)
    let files = [
      ("known_hosts", hosts), ("ssh_config", config.replacing("\(lab.root)/known_hosts", with: "\(own)/known_hosts")),
      ("bin/ssh", "#!/bin/sh\nexec /usr/bin/ssh -F \(own)/ssh_config \"$@\"\n"),
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(own)/\(name)")) }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(own)/bin/ssh")
    var stranger = self
    stranger.environment["PATH"] = "\(own)/bin:\(environment["PATH"] ?? "")"
    return (stranger, "\(own)/known_hosts")
  }
}

extension Lab {
  /// The directories of logins that stay on the hosts. Other labs, and tests of the shell alone, have theirs in `/dev/shm` as well:
  /// this lab's name its registry, or link to a home of its hosts.
  func loginsLeft() async throws -> [String] {
    let line = """
      find \(root)/hosts -name 'ktrdr.????????' 2>/dev/null
      for each in /dev/shm/ktrdr.????????; do
        if grep -qsF '\(facts.registry)' "$each/config.json" || readlink "$each"/* | grep -qF '\(root)/'; then echo "$each"; fi
      done 2>/dev/null
      true
      """
    return try await shell(line).split(separator: "\n").map(String.init)
  }
}
