import Deployer
import Ledger
import Platform

/// What `status --at` prints as text.
struct RecordedTable {
  let targets: [RecordedTarget]
  let moment: Date
  let appearance: Appearance

  /// That nobody looked, which no reader may miss.
  static func title(_ moment: Date, in appearance: Appearance) -> String {
    let offset = appearance.times == .local ? appearance.utcOffset(moment) : nil
    return "as of \(TimeText.short(moment, offset: offset)), by the ledger; no host was asked"
  }

  /// For a terminal. `isWide` has every column, however narrow the terminal is.
  func lines(isWide: Bool) -> [String] {
    let rows = targets.flatMap { target in
      target.services.enumerated().map { index, service in row(service, index == 0 ? target.target.name.value : "") }
    }
    let table = Table(columns: Self.columns, rows: rows)
    let width = isWide ? nil : appearance.width
    let names = targets.map(\.target.name.value)
    let bare = zip(names, targets).filter { $1.services.isEmpty }.map { name, target in
      Cell("\(name)  \(target.hasDeployment ? "no image recorded by then" : "no deployment by then")").forms[0]
    }
    return [Self.title(moment, in: appearance)] + (rows.isEmpty ? [] : table.lines(width: width, in: appearance)) + bare
  }

  private static let columns = [
    Column(title: "TARGET"), Column(title: "SERVICE"), Column(title: "TAG"),
    Column(title: "DIGEST", fit: .dropped(rank: 3)), Column(title: "#", isRightAligned: true),
    Column(title: "BY", fit: .dropped(rank: 4)), Column(title: "WHEN", fit: .dropped(rank: 2)),
    Column(title: "OUTCOME"), Column(title: "HOST", fit: .dropped(rank: 1)),
  ]

  private func row(_ service: RecordedService, _ target: String) -> [Cell] {
    let start = service.deployment.start
    let ran = service.image.map { Cell($0.tag ?? appearance.signs.absent, links: [appearance.link($0)]) }
    return [
      Cell(target, .bold), Cell(service.service), ran ?? Cell(service.state.rawValue, .yellow),
      Cell(service.image?.shortDigest ?? ""), Cell("\(service.deployment.id)"),
      Cell(forms: OperatorName.forms(start.operator)), Cell(TimeText.of(service.deployment.startedAt, in: appearance)),
      service.deployment.outcome == .succeeded ? Cell("succeeded", .green) : Cell(service.outcome, .yellow),
      Cell(start.host),
    ]
  }
}

/// The same for programs.
enum RecordedText {
  static let header = [
    "TARGET", "SERVICE", "STATE", "TAG", "DIGEST", "DEPLOYMENT", "OUTCOME", "OPERATOR", "STARTED", "HOST",
  ]

  /// A line for each service, and one for a target of which nothing was recorded by then. What is absent is `-`.
  static func tabSeparated(_ targets: [RecordedTarget], in appearance: Appearance) -> String {
    let rows = targets.flatMap { target -> [[String]] in
      let name = target.target.name.value
      let none = target.hasDeployment ? "no image" : "no deployment"
      guard !target.services.isEmpty else {
        return [[name, "-", none] + Array(repeating: "-", count: header.count - 3)]
      }
      return target.services.map { service in
        let deployment = service.deployment
        return [
          name, service.service, service.state.rawValue, service.image?.tag ?? "-", service.image?.shortDigest ?? "-",
          "\(deployment.id)", service.outcome, deployment.start.operator,
          TimeText.exact(deployment.startedAt, in: appearance), deployment.start.host,
        ]
      }
    }
    return TabSeparated.text(header, rows)
  }
}

extension RecordedService {
  /// How the deployment had ended by then.
  fileprivate var outcome: String { deployment.outcome?.rawValue ?? "running" }
}

/// One target in the JSON of `status --at`.
struct RecordedTargetRecord: Encodable {
  let target, at: String
  let deployed: Bool
  let services: [ServiceJSON]

  struct ServiceJSON: Encodable {
    let service, state: String
    let tag, digest, imageId: Nullable<String>
    let deployment: Int64
    let outcome: Nullable<String>
    let `operator`, startedAt, host: String
  }

  init(_ recorded: RecordedTarget, at moment: Date) {
    target = recorded.target.name.value
    at = moment.rfc3339
    deployed = recorded.hasDeployment
    services = recorded.services.map { service in
      let (deployment, image) = (service.deployment, service.image)
      return ServiceJSON(
        service: service.service, state: service.state.rawValue, tag: Nullable(image?.tag),
        digest: Nullable(image?.image.digest), imageId: Nullable(image?.image.id), deployment: deployment.id,
        outcome: Nullable(deployment.outcome?.rawValue), operator: deployment.start.operator,
        startedAt: deployment.startedAt.rfc3339, host: deployment.start.host)
    }
  }
}
