import Platform
import TestSupport

/// An operator whose deployment can be held up at a moment, on a host whose Compose can be, too (`ComposeGates`).
struct Rig: Sendable {
  var person: Operator
  /// What the valve in front of ssh is told, and tells.
  let valve: String
  let host: String

  var lab: Lab { person.lab }
  private static let tools = "\(Lab.checkout)/Tests/lab/faults"

  /// `healthTimeout` is how long reconciliation and the health of a service are waited for, `stableFor` how long a service
  /// without a health check has to stay up.
  init(healthTimeout: String = "6s", stableFor: String = "1s") async throws {
    person = try await Operator()
    host = "\(person.lab.root)/hosts/core"
    valve = "\(person.lab.root)/valve-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: valve, withIntermediateDirectories: true)
    let short = "services:\n  backend:\n    stop_grace_period: 3s\n"
    try Data(short.utf8).write(to: URL(filePath: "\(host)/stack/short-grace.yml"))
    person.environment["KTRDR_VALVE"] = valve
    person.environment["PATH"] = "\(Self.tools)/client:\(person.environment["PATH"] ?? "")"
    try person.rewriteInventory {
      $0.replacing("health_timeout: 20s", with: "health_timeout: \(healthTimeout)")
        .replacing("stable_for: 1s", with: "stable_for: \(stableFor)")
        .replacing("[docker-compose.core.yml]", with: "[docker-compose.core.yml, short-grace.yml]")
    }
  }

  /// The image that every case starts from, and the one that it deploys.
  var old: String { lab.facts.tags_good[0] }
  var new: String { lab.facts.tags_good[1] }

  func deploy(
    _ tag: String, _ more: [String] = [], during: @escaping @Sendable (pid_t) async -> Void = { _ in }
  ) async throws -> Programs.Result {
    try await person.ktrdr(words: ["deploy", "core", "backend", "--tag", tag] + more, during: during)
  }

  /// The image's tag that backend was made from.
  func running() async throws -> String {
    let image = try await lab.docker("inspect", "--format", "{{.Config.Image}}", "ktrdr-backend")
    return image.split(separator: ":").last.map(String.init) ?? ""
  }

  /// Makes sure that `tag` runs before the fault, without a trace in this operator's ledger.
  func prepare(_ tag: String) async throws {
    guard try await running() != tag else { return }
    var before = try await Operator()
    before.environment["KTRDR_CONFIG"] = person.environment["KTRDR_CONFIG"]
    let result = try await before.ktrdr("deploy", "core", "backend", "--tag", tag)
    guard result.status == 0 else { throw Lab.CannotStart(description: "cannot deploy \(tag): \(result.error)") }
  }

  func write(_ name: String, _ text: String = "") {
    try? Data(text.utf8).write(to: URL(filePath: name))
  }

  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: name) }

  /// Waits until something is so, for at most 30 seconds; false where it never was.
  func eventually(_ isSo: () async -> Bool) async -> Bool {
    for _ in 0..<1000 {
      if await isSo() { return true }
      try? await Task.sleep(for: .milliseconds(30))
    }
    return false
  }

  /// Waits for a file to be there.
  func appears(_ file: String) async -> Bool {
    await eventually { FileManager.default.fileExists(atPath: file) }
  }

  /// Runs a line of shell in the lab's environment; returns its output.
  @discardableResult
  func shell(_ line: String) async -> String {
    let result = try? await Programs.run("/bin/sh", ["-c", line], environment: lab.environment)
    return result?.output.trimmed ?? ""
  }

  /// The processes of ssh sessions on core's sshd: those of sshd itself, without the one that listens.
  func sessions() async -> [String] {
    let listener = await shell("cat \(host)/sshd.pid")
    let line = "for p in $(pgrep -x -P \(listener) sshd); do echo $p; pgrep -x -P $p sshd; done"
    return await shell(line).split(separator: "\n").map(String.init)
  }

  /// Another client with the same inventory, whose connection nothing holds up; with this ledger, or one of its own.
  func another(_ ledger: String?) async throws -> Rig {
    var other = try await Rig()
    if let ledger { other.person.environment["KTRDR_LEDGER"] = ledger }
    return other
  }

  /// An image that is healthy as soon as a file is made in its container. Returns its tag.
  func pushSlow() async throws -> String {
    _ = try await lab.push("kpiteira/ktrdr-backend", "sha-510d510", kind: "slow", marker: "slow")
    return "sha-510d510"
  }
}
