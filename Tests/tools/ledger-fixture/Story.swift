import Ledger
import Platform

/// One deployment of the fixture, the same one each time for a number.
struct Story {
  var number: Int

  private static let targets = [
    ("core", "backend.ktrdr.home.mynerd.place", "/opt/ktrdr-core", ["backend", "db"]),
    (
      "workers-b", "workers-b.ktrdr.home.mynerd.place", "/opt/ktrdr-workers-b",
      ["backtest-worker-1", "training-worker-1"]
    ),
    (
      "workers-c", "workers-c.ktrdr.home.mynerd.place", "/opt/ktrdr-workers-c",
      ["backtest-worker-1", "training-worker-1"]
    ),
    ("gpu", "gpu.ktrdr.home.mynerd.place", "/opt/ktrdr-gpu", ["training-worker-1"]),
  ]
  private static let operators = ["ada@example.org", "grace@example.org", "ci", "kpiteira@example.org"]
  private static let steps = [
    "check", "lock", "look", "login", "pull", "changing", "up", "health", "logs", "scale-down",
  ]

  /// A number that looks random and always is the same.
  private func mixed(_ salt: UInt64) -> UInt64 {
    var value = UInt64(number) &+ salt &* 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  private func hex(_ salt: UInt64, digits: Int) -> String {
    var text = ""
    for part in 0..<4 {
      let word = String(mixed(salt &+ UInt64(part)), radix: 16)
      text += String(repeating: "0", count: 16 - word.count) + word
    }
    return String(text.prefix(digits))
  }

  private var outcome: Outcome {
    switch mixed(1) % 1000 {
    case 0..<900: .succeeded
    case 900..<970: .failed
    case 970..<990: .cancelled
    case 990..<999: .interrupted
    default: .unknown
    }
  }

  func tell(to ledger: isolated DeploymentLedger, _ clock: Clock) throws(LedgerError) {
    let (target, host, directory, known) = Self.targets[Int(mixed(2) % UInt64(Self.targets.count))]
    let services = mixed(3) % 4 == 0 ? known : [known[Int(mixed(4) % UInt64(known.count))]]
    let sha = hex(100, digits: 40)
    let tag = "sha-" + sha.prefix(7)
    let start = DeploymentStart(
      batch: target.hasPrefix("workers") ? "batch-\(number / 2)" : nil, kind: mixed(5) % 20 == 0 ? .rollback : .deploy,
      target: target, host: host, directory: directory, services: services, tag: tag, gitSHA: sha,
      gitDirty: mixed(6) % 10 == 0, operator: Self.operators[Int(mixed(7) % 4)], client: "ktrdr 1.0.0",
      secretVersions: [SecretVersion(item: "ktrdr-homelab-core", version: 1 + number / 1000)], registry: "ghcr.io")
    let id = try ledger.begin(start).id
    for name in Self.steps {
      clock.move(2)
      let text = name == "pull" || name == "up" ? "\(name) \(tag): done in \(mixed(8) % 9000) ms" : nil
      let step = StepRecord(
        name: name, startedAt: clock.now() - 2, durationMS: 2000, exitStatus: 0, outcome: .succeeded, output: text)
      try ledger.append(step, to: id)
    }
    for service in services {
      try ledger.append(
        ImageRecord(service: service, before: image(service, 200), after: image(service, 300)), to: id)
    }
    let reason = outcome == .succeeded ? nil : "the service did not become healthy within 120 s"
    try ledger.finish(
      id, Finish(outcome: outcome, reason: reason, durationMS: 20_000, composeDigest: hex(400, digits: 64)))
    clock.move(580)
  }

  private func image(_ service: String, _ salt: UInt64) -> ImageIdentity {
    let repository = "ghcr.io/kpiteira/ktrdr-\(service)"
    return ImageIdentity(
      reference: "\(repository):sha-\(hex(salt, digits: 7))", id: "sha256:\(hex(salt + 10, digits: 64))",
      digest: "\(repository)@sha256:\(hex(salt + 20, digits: 64))")
  }
}
