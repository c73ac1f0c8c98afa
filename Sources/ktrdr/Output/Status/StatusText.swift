import Deployer
import Ledger
import Platform

/// What `status` prints with every column: what should run next to what is running.
enum StatusText {
  static let header = [
    "TARGET", "SERVICE", "VERDICT", "SHOULD RUN", "SINCE DEPLOYMENT", "RUNS", "STATE", "STARTED",
    "COMMITS BEHIND HEAD",
  ]

  /// For programs.
  static func tabSeparated(_ targets: [TargetStatus], in appearance: Appearance) -> String {
    TabSeparated.text(header, rows(targets, appearance) { TimeText.exact($0, in: appearance) }.map(\.cells))
  }

  /// For `--wide` on a terminal: every column, however narrow the terminal is.
  static func wide(_ targets: [TargetStatus], in appearance: Appearance) -> [String] {
    let rows = rows(targets, appearance) { TimeText.of($0, in: appearance) }.map { row in
      row.cells.enumerated().map { Cell($1, $0 == 2 ? row.verdict.color : nil, links: [row.links[$0] ?? nil]) }
    }
    return Table(columns: header.map { Column(title: $0) }, rows: rows).lines(width: nil, in: appearance)
  }

  /// A row for each service, and one for a target without services.
  private static func rows(_ targets: [TargetStatus], _ appearance: Appearance, time: (Date) -> String) -> [Row] {
    targets.flatMap { target in
      let name = target.target.name.value
      let absent = Array(repeating: "-", count: header.count - 3)
      guard !target.services.isEmpty else {
        return [Row(verdict: target.verdict, cells: [name, "-", target.verdict.rawValue] + absent)]
      }
      return target.services.map { service in
        let links = [3: appearance.link(service.expected), 5: appearance.link(service.running)]
        return Row(verdict: service.verdict, cells: [name] + cells(service, time), links: links)
      }
    }
  }

  private struct Row {
    var verdict: Verdict
    var cells: [String]
    /// By the cell that they are in.
    var links: [Int: TextLink?] = [:]
  }

  private static func cells(_ status: ServiceStatus, _ time: (Date) -> String) -> [String] {
    let (expected, running) = (status.expected, status.running)
    return [
      status.service, status.verdict.rawValue, expected.map { [$0.tag, $0.shortDigest].joined } ?? "-",
      expected.map { "\($0.deployment.id) by \($0.deployment.start.operator), \(time($0.deployment.startedAt))" }
        ?? "-",
      running.map { [$0.tag, $0.shortDigest].joined } ?? "-",
      running.map(state(of:)) ?? "-", running?.since.map(time) ?? "-",
      status.commitsAhead.map { "\($0)" } ?? "-",
    ]
  }
}

extension StatusText {
  /// The container's state and health, and the secrets that it was started without.
  private static func state(of running: RunningImage) -> String {
    let missing = running.missingSecrets.joined(separator: " ")
    return ([running.state, running.health] + [missing.isEmpty ? nil : "without the secret in \(missing)"])
      .compactMap(\.self).joined(separator: ", ")
  }
}

extension ExpectedImage {
  var shortDigest: String { shortened(image.digest ?? image.id) }
}

extension RunningImage {
  var shortDigest: String { shortened(digest ?? imageID) }
}

/// The first 12 digits of a digest, as Docker abbreviates it.
private func shortened(_ digest: String) -> String {
  String((digest.split(separator: "@").last ?? "").drop { $0 != ":" }.dropFirst().prefix(12))
}

extension [String?] {
  fileprivate var joined: String { compactMap(\.self).joined(separator: " ") }
}

extension Verdict {
  var color: Color {
    switch self {
    case .inSync, .completed: .green
    case .unrecorded, .orphaned, .drifted: .yellow
    case .unhealthy, .stopped, .missing, .unreachable: .red
    }
  }

  func sign(in signs: Signs) -> String {
    switch self {
    case .inSync, .completed: signs.succeeded
    case .unrecorded, .orphaned, .drifted: signs.attention
    case .unhealthy, .stopped, .missing, .unreachable: signs.failed
    }
  }
}
