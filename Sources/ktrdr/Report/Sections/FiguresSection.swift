import Ledger

/// The figures of `stats`, with their definitions.
struct FiguresSection {
  var statistics: Statistics

  private var rows: [(name: String, figures: Figures)] {
    let targets = statistics.targets.map { (name: $0.name, figures: $0.figures) }
    return targets.count == 1 ? targets : targets + [(name: "all", figures: statistics.all)]
  }

  var markup: Markup {
    let (from, to) = (statistics.period.lowerBound, statistics.period.upperBound)
    return """
      <section id=figures>
      <h2>Figures</h2>
      <p>Of \(TimeText.short(from)) to \(TimeText.short(to)), \(FigureText.weeks(statistics.all.weeks)) weeks. \
      What is not known is left out and counted.</p>
      \(tiles)
      \(targetTable)
      \(leftOut)
      <h3>How long a deployment takes</h3>
      \(stepTable)
      <h3>What the figures mean</h3>
      \(definitions)
      </section>
      """
  }

  private var tiles: Markup {
    let all = statistics.all
    let failures = all.failed + all.rolledBack
    let tiles: [(String, String?, String)] = [
      (
        "Deployments a week", FigureText.perWeek(all),
        "\(ReportWords.count(all.deployments, "deployment")) succeeded"
          + (all.weeks < 1 ? "; less than a week has no weekly figure" : "")
      ),
      (
        "Change failure rate", FigureText.failureRate(all), "\(failures) of \(ReportWords.count(all.changes, "change"))"
      ),
      (
        "Time to restore", all.timeToRestore.map { TimeText.took($0.medianMS) },
        all.timeToRestore.map { "median of \($0.count); 90% within \(TimeText.took($0.p90MS))" }
          ?? "nothing was restored"
      ),
      (
        "Duration", all.duration.map { TimeText.took($0.medianMS) },
        all.duration.map { "median of \($0.count); 90% within \(TimeText.took($0.p90MS))" } ?? "nothing succeeded"
      ),
    ]
    let items = tiles.map { name, value, note in
      "<div><dt>\(name)</dt><dd><b>\(value ?? "–")</b><span>\(note)</span></dd></div>" as Markup
    }
    return "<dl class=tiles>\(items)</dl>"
  }

  private var targetTable: Markup {
    let lines = rows.enumerated().map { index, row -> Markup in
      let (name, figures) = row
      let failures = figures.failed + figures.rolledBack
      return """
        <tr\(index < statistics.targets.count ? "" : " class=total")><th scope=row>\(name)\
        <td class=number data-label=Deployments>\(figures.deployments)\
        <td class=number data-label="A week">\(FigureText.perWeek(figures) ?? "–")\
        <td class=number data-label=Rollbacks>\(figures.rollbacks)\
        <td class=number data-label="Changes that failed">\(failures) of \(figures.changes)\
        <td class=number data-label="Failure rate">\(FigureText.failureRate(figures) ?? "–")\
        <td class=number data-label="Restored in, median">\(figures.timeToRestore.map { TimeText.took($0.medianMS) } ?? "–")\
        <td class=number data-label="90%">\(figures.timeToRestore.map { TimeText.took($0.p90MS) } ?? "–")\
        <td class=number data-label="Left out">\(figures.notKnown + figures.changedNothing + figures.running)
        """
    }
    return """
      <table class=cards><thead><tr><th scope=col>Target<th scope=col class=number>Deployments<th scope=col class=number>A week\
      <th scope=col class=number>Rollbacks<th scope=col class=number>Changes that failed\
      <th scope=col class=number>Failure rate<th scope=col class=number>Restored in, median<th scope=col class=number>90%\
      <th scope=col class=number>Left out<tbody>\(lines)</table>
      """
  }

  private var leftOut: Markup {
    let lines = FigureText.leftOut(statistics.all)
    guard !lines.isEmpty else { return "" }
    return "<p class=note>Left out:</p><ul class=notes>\(lines.map { "<li>\($0)</li>" as Markup })</ul>"
  }

  private var stepTable: Markup {
    let spreads = rows.map { _, figures in
      (figures.duration.map { [("whole deployment", $0)] } ?? []) + figures.steps.map { ($0.name, $0.spread) }
    }
    let most = Double(max(1, spreads.joined().map(\.1.p90MS).max() ?? 1))
    let groups = zip(rows, spreads).filter { !$0.1.isEmpty }.map { row, spreads -> Markup in
      let lines = spreads.enumerated().map { index, spread -> Markup in
        """
        <tr\(index == 0 ? " class=first" : "")><th scope=row>\(index == 0 ? row.name : "")\
        <td data-label=Step>\(spread.0)\
        <td class=number data-label=Median>\(TimeText.took(spread.1.medianMS))\
        <td class=number data-label="90%">\(TimeText.took(spread.1.p90MS))\
        <td class=number data-label=Count>\(spread.1.count)\
        <td class=bar>\(bar(Double(spread.1.medianMS) / most, Double(spread.1.p90MS) / most))
        """
      }
      return "<tbody>\(lines)"
    }
    guard !groups.isEmpty else { return "<p>No deployment succeeded, so there are no durations.</p>" }
    return """
      <table class="cards steps"><thead><tr><th scope=col>Target<th scope=col>Step<th scope=col class=number>Median\
      <th scope=col class=number>90%<th scope=col class=number>Count<td class=bar>\(groups)</table>
      """
  }

  /// The median, with the 90th percentile behind it. Of no use to somebody who hears the page: the numbers stand beside it.
  private func bar(_ median: Double, _ p90: Double) -> Markup {
    """
    <svg aria-hidden=true viewBox="0 0 200 12" preserveAspectRatio=none>\
    <rect class=pale width=\(Int((p90 * 200).rounded(.up))) height=12 /><rect class=dark width=\(Int((median * 200).rounded(.up))) height=12 /></svg>
    """
  }

  private var definitions: Markup {
    let all: [(String, String)] = [
      (
        "Deployments a week",
        "Deployments that succeeded, rollbacks not among them, by weeks of seven days; a period of less than a week has none. "
          + "DORA: deployment frequency."
      ),
      (
        "Change failure rate",
        "Changes that failed on the host or were rolled back, of all that succeeded or failed there. What changed nothing, "
          + "and what nobody could judge, is left out. DORA: change fail rate."
      ),
      (
        "Time to restore",
        "From the start of a change that failed to the end of the rollback that undid it, or of the successes that cover its "
          + "services. DORA: failed deployment recovery time."
      ),
      (
        "Median, 90%",
        "Percentiles by nearest rank: half, or nine of ten, took at most as long. Durations are those of deployments that "
          + "succeeded, by a monotonic clock."
      ),
    ]
    return "<dl class=terms>\(all.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup })</dl>"
  }
}
