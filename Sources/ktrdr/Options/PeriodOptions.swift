import ArgumentParser
import Ledger
import Platform

/// The period that `stats` and `report` are about.
struct PeriodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Only deployments started at or after this time: 2026-11-01, yesterday, a time like 2026-11-01T14:30Z, or an age like 12h \
      or 7d (default: all).
      """,
      valueName: "time"),
    transform: { try TimeArgument.parse($0, endOfDay: false) })
  var since: Date?

  @Option(
    help: ArgumentHelp("Only deployments started at or before this time (default: now).", valueName: "time"),
    transform: { try TimeArgument.parse($0, endOfDay: true) })
  var until: Date?

  func validate() throws {
    guard let since, let until, until < since else { return }
    throw ValidationError("--until must not be before --since")
  }
}
