import Deployer
import Ledger
import Platform
import Testing

@testable import ktrdr

/// docs/figures.md and the code cannot disagree.
struct FiguresDocumentTests {
  private let words: [(row: String, figure: @Sendable (Figures) -> String?)] = [
    ("deployments", { "\($0.deployments)" }), ("unchanged", { "\($0.unchanged)" }),
    ("rollbacks", { "\($0.rollbacks)" }), ("deployments a week", FigureText.perWeek), ("changes", { "\($0.changes)" }),
    ("failed", { "\($0.failed)" }), ("rolled back", { "\($0.rolledBack)" }),
    ("change failure rate", FigureText.failureRate), ("not judged", { "\($0.notKnown)" }),
    ("nothing changed", { "\($0.changedNothing)" }), ("running", { "\($0.running)" }),
    ("time to restore, median", { $0.timeToRestore.map { TimeText.took($0.medianMS) } }),
    ("time to restore, p90", { $0.timeToRestore.map { TimeText.took($0.p90MS) } }),
    ("duration, median", { $0.duration.map { TimeText.took($0.medianMS) } }),
    ("duration, p90", { $0.duration.map { TimeText.took($0.p90MS) } }),
    ("pull, median", { Self.step("pull", of: $0).map { TimeText.took($0.medianMS) } }),
    ("pull, p90", { Self.step("pull", of: $0).map { TimeText.took($0.p90MS) } }),
    ("up, median", { Self.step("up", of: $0).map { TimeText.took($0.medianMS) } }),
    ("up, p90", { Self.step("up", of: $0).map { TimeText.took($0.p90MS) } }),
  ]

  private static func step(_ name: String, of figures: Figures) -> Spread? {
    figures.steps.first { $0.name == name }?.spread
  }

  @Test func `the figures of the example are those of the code`() throws {
    let document = try FiguresDocument()
    let period =
      try TimeArgument.parse("2026-11-02", endOfDay: false)...TimeArgument.parse("2026-11-15", endOfDay: true)
    let found = Statistics(of: try document.history(), in: period)
    let rows = try document.table("| figure | core | workers-b | all |")
    #expect(rows.map { $0[0] } == words.map(\.row))
    try #require(found.targets.map(\.name) == ["core", "workers-b"])
    for (row, word) in zip(rows, words) {
      let computed = (found.targets.map(\.figures) + [found.all]).map { word.figure($0) ?? "–" }
      #expect(Array(row[1...3]) == computed, "\(row[0])")
    }
  }

  @Test func `every judgement is in the table of what counts as what`() throws {
    let rows = try FiguresDocument().table("| it is | if |").map { $0[0] }
    #expect(
      rows == ["a rollback", "running", "rolled back", "nothing changed", "failed", "good", "not judged"])
  }

  @Test func `the ledger and the deployer call the steps that change a host the same`() {
    #expect(DeploymentFacts.changingSteps == [StepName.up.rawValue, StepName.scaleDown.rawValue])
    #expect(DeploymentFacts.announcingStep == StepName.changing.rawValue)
  }
}
