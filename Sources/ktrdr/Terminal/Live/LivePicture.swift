import Deployer

/// All targets at one moment, as lines that fit a terminal.
struct LivePicture: Sendable {
  var targets: [LiveTarget]
  /// With a width.
  var appearance: Appearance
  /// The rows of the terminal; `nil` has a line for each target, however many there are.
  var height: Int?
  var now: ContinuousClock.Instant

  private var signs: Signs { appearance.signs }

  /// How much of what is waited for has to be seen before finished steps give way to it, in columns.
  private static let leastDetail = 24

  /// The last column stays free: some terminals go on to the next line as soon as it is written.
  private var room: Int { max(1, (appearance.width ?? 80) - 1) }

  /// One for each target, in their order. If there are more targets than rows, those that most need to be seen, and a line that
  /// counts the others.
  var lines: [String] {
    guard let height, targets.count > rows(of: height) else { return targets.map(line) }
    let order = targets.indices.sorted { (targets[$0].stage.rank, $0) < (targets[$1].stage.rank, $1) }
    let shown = order.prefix(rows(of: height) - 1).sorted()
    let others = targets.indices.filter { !shown.contains($0) }.map { targets[$0] }
    let more = PaintedText("\(signs.ellipsis) \(others.count) more: \(Self.counts(others))")
    return shown.map { line(targets[$0]) } + [finished(more)]
  }

  /// The first row stays free for the last line above the picture.
  private func rows(of height: Int) -> Int { max(1, height - 1) }

  private static func counts(_ targets: [LiveTarget]) -> String {
    let words = targets.map(\.stage.word)
    var seen: [String] = []
    for word in words where !seen.contains(word) { seen.append(word) }
    return seen.map { word in "\(words.count { $0 == word }) \(word)" }.joined(separator: ", ")
  }

  private func finished(_ line: PaintedText) -> String {
    line.cut(to: room, mark: signs.ellipsis).painted(in: appearance)
  }

  private func line(_ target: LiveTarget) -> String {
    let (head, detail) = end(of: target)
    let forms = Form.allCases.map { form in
      let parts = done(target.entries, form) + (head.displayWidth > 0 ? [head] : [])
      return parts.reduce(PaintedText(named(target, isPadded: !parts.isEmpty))) { $0 + PaintedText("  ") + $1 }
    }
    // Why a deployment ended so is said again below.
    let need = target.activity == nil ? 0 : min(detail.displayWidth, Self.leastDetail)
    let form = forms.first { $0.displayWidth + need <= room } ?? forms.last ?? .empty
    return finished(form + detail)
  }

  /// Names are as wide as the widest, but leave most of the line.
  private func named(_ target: LiveTarget, isPadded: Bool) -> String {
    let names = targets.map(\.name)
    let width = min(names.map(\.displayWidth).max() ?? 0, max(8, room / 3))
    let name = target.name.cut(to: width, mark: signs.ellipsis)
    return isPadded ? name.padded(to: width) : name
  }

  /// How finished steps are shown, the longest form first.
  private enum Form: CaseIterable { case withTimes, withoutTimes, failed, none }

  private func done(_ entries: [LiveTarget.Entry], _ form: Form) -> [PaintedText] {
    switch form {
    case .withTimes, .withoutTimes: entries.map { text($0, hasTime: form == .withTimes) }
    // What failed says most, and that the rest is a rollback's.
    case .failed: entries.filter(\.isTrouble).map { text($0, hasTime: false) }
    case .none: []
    }
  }

  private func text(_ entry: LiveTarget.Entry, hasTime: Bool) -> PaintedText {
    switch entry {
    case .rollback: return PaintedText("rollback", .yellow)
    case .step(let name, let succeeded, let took):
      let sign = PaintedText(succeeded ? signs.succeeded : signs.failed, succeeded ? .green : .red)
      let time = hasTime ? " \(TimeText.took(Int64(took / .milliseconds(1))))" : ""
      return PaintedText("\(name) ") + sign + PaintedText(time)
    }
  }

  /// What is going on, or how it ended, and what can be cut of it.
  private func end(of target: LiveTarget) -> (head: PaintedText, detail: PaintedText) {
    switch target.stage {
    case .waiting: (PaintedText("waiting"), .empty)
    case .running: target.activity.map(words) ?? (.empty, .empty)
    // How a single one ended stands below the picture.
    case .over where targets.count == 1: (.empty, .empty)
    case .over(let outcome):
      (PaintedText(outcome.word, outcome.color), PaintedText(outcome.reason.map { ": \($0)" } ?? ""))
    }
  }

  private func words(_ activity: LiveTarget.Activity) -> (PaintedText, PaintedText) {
    let elapsed = now - activity.since
    let spinner = PaintedText(signs.spinner[signs.frame(at: elapsed)], .yellow)
    let head = PaintedText("\(activity.name) ") + spinner
    let time = LiveWords.elapsed(elapsed)
    return switch activity.detail {
    case .none: (head + PaintedText(" \(time)"), .empty)
    case .bytes(let bytes): (head + PaintedText(" \(LiveWords.bytes(bytes))"), .empty)
    case .health(let services, let limit):
      (head + PaintedText(" \(time) of \(limit.text)"), PaintedText(": \(LiveWords.pending(services))"))
    }
  }
}

extension LiveTarget.Entry {
  fileprivate var isTrouble: Bool { if case .step(_, succeeded: true, _) = self { false } else { true } }
}

extension LiveTarget.Stage {
  /// What needs to be seen most has the lowest.
  fileprivate var rank: Int {
    switch self {
    case .running: 0
    case .over(let outcome): outcome.color == .green ? 3 : 1
    case .waiting: 2
    }
  }

  fileprivate var word: String {
    switch self {
    case .running: "running"
    case .over(let outcome): outcome.word
    case .waiting: "waiting"
    }
  }
}

extension Signs {
  /// Which picture of the spinner is shown: ten in a second.
  fileprivate func frame(at elapsed: Duration) -> Int {
    max(0, Int(elapsed / .milliseconds(100))) % spinner.count
  }
}
