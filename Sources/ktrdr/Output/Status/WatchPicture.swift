import Deployer
import Platform

/// What `status --watch` shows at one moment, as lines that fit a terminal.
struct WatchPicture: Sendable {
  /// The newest look that has ended.
  var look: StatusLook?
  var targetCount: Int
  var interval: WatchInterval
  /// Whether the hosts are being asked, and for so long that it is worth a word.
  var isLooking = false
  /// What `ssh` says meanwhile, or why the last look found nothing.
  var said: String?
  var isWide = false
  /// With a width.
  var appearance: Appearance
  /// The rows of the terminal; `nil` has everything, whole.
  var height: Int?

  private var signs: Signs { appearance.signs }

  var lines: [String] {
    guard let height else { return blocks.flatMap(\.lines) + notes + [state] }
    // The first row stays free for the last line above the picture, and the last column because some terminals go on to the
    // next line as soon as it is written.
    let (rows, columns) = (max(1, height - 1), max(1, (appearance.width ?? 80) - 1))
    return (body(rows: rows - 1) + [state]).map { $0.cutPainted(to: columns, mark: signs.ellipsis) }
  }

  /// The targets, in so many rows: where they do not fit, those that are in sync are only counted, then the end is left out.
  private func body(rows: Int) -> [String] {
    let whole = blocks.flatMap(\.lines) + notes
    guard whole.count > rows else { return whole }
    let quiet = blocks.count { $0.isQuiet }
    let counted = quiet > 0 ? ["\(signs.ellipsis) \(quiet) more in sync"] : []
    let short = blocks.filter { !$0.isQuiet }.flatMap(\.lines) + counted + notes
    guard short.count > rows else { return short }
    guard rows > 0 else { return [] }
    return short.prefix(rows - 1) + ["\(signs.ellipsis) \(short.count - rows + 1) more lines"]
  }

  /// The lines of each target, and whether nobody needs to read them.
  private var blocks: [(lines: [String], isQuiet: Bool)] {
    guard let look else { return [] }
    // Ages are as of the look: the picture changes only when something has been seen.
    var appearance = appearance
    appearance.now = look.at
    if isWide { return [(StatusText.wide(look.targets, in: appearance), false)] }
    let report = StatusReport(targets: look.targets, busy: look.busy, appearance: appearance)
    return zip(look.targets, report.blocks()).map { ($1, $0.verdict.isGood) }
  }

  private var notes: [String] {
    guard let look else { return [] }
    let texts = look.unfinished.map(\.message) + look.targets.flatMap(\.caveats)
    return texts.map { "note: \($0)".escapedForPeople() }
  }

  /// When it looked, and how often it does.
  private var state: String {
    let what = "\(targetCount) target\(targetCount == 1 ? "" : "s")"
    let said = said.map { ": \($0)" } ?? ""
    guard let look else { return "looking at \(what)\(said)".escapedForPeople() }
    let offset = appearance.times == .utc ? nil : appearance.utcOffset(look.at)
    let time = TimeText.short(look.at, offset: offset)
    let again = isLooking || !said.isEmpty ? ", looking again\(said)" : ""
    return "\(what), looked at \(time), every \(interval.seconds)s\(again)".escapedForPeople()
  }
}
