import Ledger
import Platform

/// A picture of each target: when it was deployed, and how that went.
struct TimelineSection {
  private static let partWidth = 10
  /// Of the tallest column above the line and of the one below, if each has as many as the other could.
  private static let height = 60

  var deployments: [Deployment]
  var period: ClosedRange<Date>

  var markup: Markup {
    let targets = Dictionary(grouping: deployments, by: \.start.target).sorted { $0.key < $1.key }
    let pictures = targets.map { name, deployments in figure(name, Timeline(of: deployments, in: period)) }
    return """
      <section id=timeline>
      <h2>Timeline</h2>
      <ul class=legend>
      <li>\(swatch("good")) above the line: succeeded</li><li>\(swatch("back")) rollback that succeeded</li>\
      <li>\(swatch("bad")) below the line: failed</li><li>\(swatch("warn")) cancelled, interrupted, unknown or running</li>
      </ul>
      \(pictures)
      </section>
      """
  }

  private func swatch(_ style: String) -> Markup {
    "<svg class=swatch aria-hidden=true viewBox=\"0 0 10 10\"><rect class=\(style) width=10 height=10 /></svg>"
  }

  private func figure(_ name: String, _ timeline: Timeline) -> Markup {
    let words = Self.words(timeline.total)
    let (from, to) = (ReportWords.day(period.lowerBound), ReportWords.day(period.upperBound))
    return """
      <figure>
      <figcaption><b>\(name)</b> <span>\(words)</span></figcaption>
      \(picture(timeline, "\(name), \(from) to \(to): \(words)"))
      <p class=axis aria-hidden=true><span>\(from)</span><span>\(middle)</span><span>\(to)</span></p>
      </figure>
      """
  }

  /// The day in the middle of the period, unless it is the first or the last.
  private var middle: String {
    let half = period.upperBound.timeIntervalSince(period.lowerBound) / 2
    let day = ReportWords.day(period.lowerBound.addingTimeInterval(half))
    return [period.lowerBound, period.upperBound].map(ReportWords.day).contains(day) ? "" : day
  }

  private static func words(_ total: Timeline.Part) -> String {
    let all = [
      (total.succeeded, "succeeded"), (total.rollbacks, total.rollbacks == 1 ? "rollback" : "rollbacks"),
      (total.failed, "failed"), (total.open, "cancelled, interrupted, unknown or running"),
    ]
    return all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  private func picture(_ timeline: Timeline, _ label: String) -> Markup {
    let (above, below) = timeline.highest
    let unit = Double(Self.height) / Double(max(1, above + below))
    let line = unit * Double(above)
    let width = Self.partWidth * Timeline.parts
    let columns = timeline.parts.enumerated().map { index, part in column(part, at: index, line: line, unit: unit) }
    return """
      <svg role=img aria-label="\(label)" class=timeline viewBox="0 0 \(width) \(Self.height + 2)" preserveAspectRatio=none>\
      \(columns)<rect class=line y="\(Self.rounded(line))" width=\(width) height=1 /></svg>
      """
  }

  private func column(_ part: Timeline.Part, at index: Int, line: Double, unit: Double) -> Markup {
    guard part.above + part.below > 0 else { return "" }
    var rects: Markup = ""
    func add(_ style: String, _ count: Int, from top: Double) {
      guard count > 0 else { return }
      rects += """
        <rect class=\(style) x=\(index * Self.partWidth + 1) y="\(Self.rounded(top))" width=\(Self.partWidth - 2) \
        height="\(Self.rounded(Double(count) * unit))"/>
        """
    }
    add("good", part.succeeded, from: line - Double(part.succeeded) * unit)
    add("back", part.rollbacks, from: line - Double(part.above) * unit)
    add("bad", part.failed, from: line + 2)
    add("warn", part.open, from: line + 2 + Double(part.failed) * unit)
    return "<g><title>\(Self.words(part))</title>\(rects)</g>"
  }

  /// With at most one digit after the point.
  private static func rounded(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
