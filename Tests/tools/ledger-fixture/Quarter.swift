import Ledger
import Platform

/// Three months of a small team, for pictures of reports: deployments on weekdays, a few that fail and go back by themselves, some
/// that are rolled back by hand, and what else happens. The same each time.
struct Quarter {
  private static let sites: [(target: String, services: [String], everyDays: Int)] = [
    ("core", ["backend", "db"], 2), ("workers-b", ["backtest-worker-1", "training-worker-1"], 4),
    ("workers-c", ["backtest-worker-1", "training-worker-1"], 4), ("shop", ["web", "worker"], 3),
  ]
  private static let people = ["ana@example.org", "ben@example.org", "ci", "ana@example.org"]

  let ledger: DeploymentLedger
  let clock: Clock
  /// What runs on each target.
  private var tags: [String: String] = [:]
  private var count = 0

  init(ledger: DeploymentLedger, clock: Clock) {
    self.ledger = ledger
    self.clock = clock
  }

  /// Begins on Monday, 2026-08-31, 07:00 UTC.
  mutating func tell() async throws(LedgerError) {
    clock.move(1_788_159_600 - clock.now().timeIntervalSince1970)
    for day in 0..<89 {
      // Nobody deploys at the weekend, nor in the last week of September.
      if day % 7 < 5, day / 7 != 4 {
        for (place, site) in Self.sites.enumerated() where (day + place) % site.everyDays == 0 {
          try await deploy(site.target, site.services)
          clock.move(1800)
        }
      }
      clock.move(1_788_159_600 + Double(day + 1) * 86_400 - clock.now().timeIntervalSince1970)
    }
  }

  private mutating func deploy(_ target: String, _ services: [String]) async throws(LedgerError) {
    count += 1
    let tag = "sha-\(hex(count, 7))"
    let chosen = count % 3 == 0 ? services : [services[0]]
    switch count {
    case 9, 34, 71:
      let failed = try await run(
        target, chosen, tag, .failed,
        "\(chosen[0]) is unhealthy by its own health check: connection refused on port 8000")
      try await run(target, chosen, tags[target] ?? tag, .succeeded, undoes: failed)
      return
    case 22, 58:
      let bad = try await run(target, chosen, tag, .succeeded)
      clock.move(count == 22 ? 5400 : 19_000)
      try await run(target, chosen, tags[target] ?? tag, .succeeded, undoes: bad)
      return
    case 15:
      try await run(target, chosen, tag, .failed, "no image \(tag) in the registry ghcr.io: has CI finished?", steps: 1)
    case 40: try await run(target, chosen, tag, .cancelled, "stopped by the operator")
    case 49:
      try await run(target, chosen, tag, .interrupted, "the client died after 'up' had begun; see 'ktrdr status'")
    case 64:
      try await run(
        target, chosen, tag, .unknown, "the connection to \(target).example.org was lost while the host was changing")
    default:
      try await run(target, chosen, tag, .succeeded)
      tags[target] = tag
    }
  }

  @discardableResult
  private func run(
    _ target: String, _ services: [String], _ tag: String, _ outcome: Outcome, _ reason: String? = nil,
    undoes: Int64? = nil, steps: Int = 5
  ) async throws(LedgerError) -> Int64 {
    let start = DeploymentStart(
      kind: undoes == nil ? .deploy : .rollback, target: target, host: "\(target).example.org",
      directory: "/opt/\(target)", services: services, tag: tag, gitSHA: undoes == nil ? hex(count, 40) : nil,
      gitDirty: undoes == nil ? count % 17 == 0 : nil, operator: Self.people[count % 4], client: "ktrdr/0.1.0 desk",
      undoes: undoes, secretVersions: [SecretVersion(item: "homelab", version: 3 + count / 40)], registry: "ghcr.io")
    let id = try await ledger.begin(start).id
    let isTimeout = outcome == .failed && steps > 1
    let times: [(name: String, milliseconds: Int)] = [
      ("login", 180 + count * 7 % 90), ("pull", undoes == nil ? 3200 + count * 977 % 21_000 : 150), ("changing", 0),
      ("up", 1400 + count * 331 % 2600), ("health", isTimeout ? 120_000 : 4200 + count * 613 % 9000),
    ]
    var total = 900
    for time in times.prefix(steps) {
      let startedAt = clock.now()
      clock.move(Double(time.milliseconds) / 1000)
      total += time.milliseconds
      let step = StepRecord(
        name: time.name, startedAt: startedAt, durationMS: Int64(time.milliseconds), exitStatus: 0, outcome: .succeeded)
      try await ledger.append(step, to: id)
    }
    for service in services where steps > 1 {
      try await ledger.append(
        ImageRecord(service: service, before: image(service, -1), after: image(service, 0)), to: id)
    }
    let finish = Finish(
      outcome: outcome, reason: reason, durationMS: Int64(total), composeDigest: hex(count / 30, 64))
    try await ledger.finish(id, finish)
    clock.move(40)
    return id
  }

  private func image(_ service: String, _ offset: Int) -> ImageIdentity {
    let repository = "ghcr.io/example/\(service)"
    return ImageIdentity(
      reference: "\(repository):sha-\(hex(count + offset, 7))", id: "sha256:\(hex(count + offset + 500, 64))",
      digest: "\(repository)@sha256:\(hex(count + offset + 900, 64))")
  }

  /// Digits that look random and always are the same for a number.
  private func hex(_ number: Int, _ digits: Int) -> String {
    var state = UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15
    var text = ""
    while text.count < digits {
      state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9 &+ 0x94D0_49BB_1331_11EB
      let word = String(state ^ (state >> 31), radix: 16)
      text += String(repeating: "0", count: 16 - word.count) + word
    }
    return String(text.prefix(digits))
  }
}
