import Deployer
import Ledger
import Platform

/// What `status` prints on a terminal: target by target, what needs somebody first, the rest in a line.
struct StatusReport {
  let targets: [TargetStatus]
  /// The names of the targets with a deployment that is running.
  var busy: Set<String> = []
  let appearance: Appearance

  func lines() -> [String] { blocks().flatMap(\.self) }

  /// The lines of each target.
  func blocks() -> [[String]] {
    zip(targets, headings()).map { target, heading -> [String] in
      guard target.error == nil else { return [heading] }
      // If all is well, the heading says so.
      let rest = target.needy.isEmpty ? [] : [Verdict.inSync, .completed].flatMap { good($0, of: target) }
      let isBusy = busy.contains(target.target.name.value)
      let next = target.nextSteps(isBusy: isBusy).map { "  next: \($0.line.escapedForPeople())" }
      return [heading] + troubles(of: target) + rest + next
    }
  }

  /// A line for each target: its name, its host where there is room, and how it is.
  private func headings() -> [String] {
    let columns = [Column(title: ""), Column(title: "", fit: .dropped(rank: 1)), Column(title: "")]
    let names = targets.map(\.target.name.value)
    let widest = names.map(\.displayWidth).max() ?? 0
    let table = Table(
      columns: columns,
      rows: targets.map { target in
        let name = Cell(target.target.name.value, .bold)
        return target.error == nil ? [name, Cell(target.target.host.value), summary(of: target)] : [name, "", ""]
      })
    return zip(targets, table.body(width: appearance.width, in: appearance)).map { target, line in
      guard let error = target.error else { return line }
      let lead = String(repeating: " ", count: widest - target.target.name.value.displayWidth + 2)
      let room = (appearance.width ?? .max) - widest - 2
      let what = "unreachable: \(error.reason(on: target.target))".escapedForPeople()
      return line + lead + appearance.painted(what.cut(to: room, mark: appearance.signs.ellipsis), .red)
    }
  }

  private func summary(of target: TargetStatus) -> Cell {
    let needy = target.needy.count
    let count = target.services.count
    guard count > 0 else { return Cell("nothing recorded, nothing runs", target.verdict.color) }
    let age = target.distance.map { ", \($0)" } ?? ""
    guard needy == 0 else {
      let short = "\(needy) of \(count) \(needy == 1 ? "needs" : "need") you"
      return Cell(forms: [short + age, short], target.verdict.color)
    }
    let links = target.services.map { appearance.link($0.expected?.tag, toCommit: $0.expected?.commit?.value) }
    let done = target.services.filter { $0.verdict == .completed }.count
    let parts = [(count - done, Verdict.inSync), (done, .completed)].filter { $0.0 > 0 }
    let short = parts.map { "\($0) \($1.rawValue)" }.joined(separator: ", ")
    let version = version(of: target)
    return Cell(forms: [short + version + age, short + version, short], .green, links: links)
  }

  /// The tag that most services have, of those that come from commits: a database's says little. Then the services that have
  /// another one.
  private func version(of target: TargetStatus) -> String {
    let tagged = target.services.compactMap { service in
      service.expected?.commit == nil ? nil : service.expected?.tag.map { (service: service.service, tag: $0) }
    }
    let byTag = Dictionary(grouping: tagged, by: \.tag)
    guard let most = byTag.max(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) })?.key else { return "" }
    let others = tagged.filter { $0.tag != most }.map { "\($0.service.escapedForPeople()) \($0.tag)" }
    return ", \(most)" + (others.isEmpty ? "" : " (but \(others.joined(separator: ", ")))")
  }

  /// A line for each service that needs somebody. Where one does not fit, each has a second line for the images: no tag is cut.
  private func troubles(of target: TargetStatus) -> [String] {
    func table(_ cells: (ServiceStatus) -> [Cell]) -> Table {
      let rows = target.needy.map { service -> [Cell] in
        [Cell("  \(service.verdict.sign(in: appearance.signs))", service.verdict.color), Cell(service.service)]
          + cells(service)
      }
      let columns = (rows.first ?? []).indices.map { Column(title: "", gap: $0 == 1 ? 1 : 2) }
      return Table(columns: columns, rows: rows)
    }
    let width = appearance.width ?? .max
    let onOneLine = table { [images(of: $0), verdict(of: $0)] }
    guard onOneLine.narrowest > width else { return onOneLine.body(width: width, in: appearance) }
    let above = table { [verdict(of: $0)] }.body(width: width, in: appearance)
    return zip(target.needy, above).flatMap { service, line in
      let cell = images(of: service)
      return [line, "    " + appearance.linked(cell.form(in: width - 4).text, cell.links)]
    }
  }

  private func images(of service: ServiceStatus) -> Cell {
    Cell(forms: service.imageForms, links: [appearance.link(service.running), appearance.link(service.expected)])
  }

  private func verdict(of service: ServiceStatus) -> Cell {
    let word = service.verdict.rawValue
    guard let since = service.running?.since else { return Cell(word, service.verdict.color) }
    let time = TimeText.of(since, in: appearance)
    let seconds = Int(appearance.now.timeIntervalSince(since))
    let up = appearance.times == .relative ? "up \(TimeText.age(max(0, seconds)))" : "up since \(time)"
    return Cell(forms: ["\(word), \(up)", word], service.verdict.color)
  }

  /// `✓ 5 in sync  db grafana …`, on as many lines as it takes.
  private func good(_ verdict: Verdict, of target: TargetStatus) -> [String] {
    let services = target.services.filter { $0.verdict == verdict }.map { $0.service.escapedForPeople() }
    guard !services.isEmpty else { return [] }
    let sign = verdict.sign(in: appearance.signs)
    let lead = "  \(sign) \(services.count) \(verdict.rawValue)  "
    let lines = Wrapping.lines(services, after: lead, width: appearance.width ?? .max)
    // Painted last: colours take no columns.
    return lines.enumerated().map { index, line in
      index == 0 ? "  \(appearance.painted(sign, verdict.color))\(line.dropFirst(2 + sign.count))" : line
    }
  }
}

extension TargetStatus {
  /// The services that need somebody, the worst first.
  fileprivate var needy: [ServiceStatus] {
    services.filter { !$0.verdict.isGood }.sorted { ($1.verdict, $0.service) < ($0.verdict, $1.service) }
  }

  /// How far the deployed commits are behind HEAD; `nil` if they are not, or if that is unknown.
  fileprivate var distance: String? {
    let known = Set(services.compactMap(\.commitsAhead))
    guard let most = known.max(), most > 0 else { return nil }
    return "\(known.count > 1 ? "up to " : "")\(most) commit\(most == 1 ? "" : "s") behind HEAD"
  }
}

extension ServiceStatus {
  /// `sha-0bad0ba, should be sha-0992ae0 (#2, ana)`, with less about the deployment where there is little room.
  fileprivate var imageForms: [String] {
    guard let expected else { return [running.map { $0.tag ?? $0.shortDigest } ?? "no container"] }
    let id = "#\(expected.deployment.id)"
    let sources = OperatorName.forms(expected.deployment.start.operator).map { "\(id), \($0)" } + [id]
    let images = images(expected)
    return sources.map { "\(images) (\($0))" } + [images]
  }

  /// Tags; digests too where only they tell what runs from what should run, because the tag was moved.
  private func images(_ expected: ExpectedImage) -> String {
    let wanted = expected.tag ?? expected.shortDigest
    guard let running else { return "no container, should be \(wanted)" }
    guard let tag = running.tag ?? (hasExpectedImage ? wanted : nil) else {
      return "\(running.shortDigest), should be \(wanted)"
    }
    guard running.missingSecrets.isEmpty || !hasExpectedImage else {
      return "\(tag), started without the secret in \(running.missingSecrets.joined(separator: " "))"
    }
    if hasExpectedImage { return tag }
    return tag == expected.tag
      ? "\(tag) \(running.shortDigest), should be \(expected.shortDigest)" : "\(tag), should be \(wanted)"
  }
}

extension Problem {
  /// What is wrong, without the host's name in front: the target's is there already.
  fileprivate func reason(on target: Target) -> String {
    let host = "\(target.host.value) "
    return what.hasPrefix(host) ? String(what.dropFirst(host.count)) : what
  }
}
