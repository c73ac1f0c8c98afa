import Foundation
import Ledger
import TestSupport
import Testing

@testable import ktrdr

/// What `stats` prints of the example in docs/figures.md.
struct StatsOutputTests {
  private func statistics(weeks: Double = 2) throws -> Statistics {
    let from = try TimeArgument.parse("2026-11-02", endOfDay: false)
    return Statistics(of: try FiguresDocument().history(), in: from...from.addingTimeInterval(weeks * 604_800 - 0.001))
  }

  private func lines(_ statistics: Statistics, width: Int, signs: Signs = .unicode) -> [String] {
    StatsTable(statistics: statistics, appearance: Appearance(width: width, signs: signs, now: someTime)).lines
  }

  @Test func `on a terminal of 80 columns`() throws {
    let shown = lines(try statistics(), width: 80).joined(separator: "\n")
    #expect(
      shown == """
        2026-11-02 00:00:00Z to 2026-11-15 23:59:59Z, 2.0 weeks

        TARGET     A WEEK                DEPLOYED  FAILED         RESTORED IN      P90
        core          2.0  ████████████         4   40.0% 2 of 5        8m00s    6h02m
        workers-b     0.5  ███                  1   50.0% 1 of 2      144h08m  144h08m
        all           2.5                       5   42.9% 3 of 7        6h02m  144h08m

        TARGET     STEP        MEDIAN                  P90                COUNT
        core       deployment   3m00s  █████         4m00s  ██████            4
                   pull         20.0s  █             1m00s  ██                4
                   up           10.0s  █             30.0s  █                 4
        workers-b  deployment   8m00s  ████████████  8m00s  ████████████      1
                   pull         2m00s  ███           2m00s  ███               1
                   up           50.0s  █             50.0s  █                 1
        all        deployment   3m00s  █████         8m00s  ████████████      5
                   pull         40.0s  █             2m00s  ███               5
                   up           15.0s  █             50.0s  █                 5

        left out:
          1 cancelled, interrupted or unknown: not judged
          2 ended before the host was changed: not a change
          1 running: not ended
        """)
  }

  @Test(arguments: [40, 60, 80, 120], [true, false])
  func `no line is too wide`(width: Int, isUnicode: Bool) throws {
    let shown = lines(try statistics(), width: width, signs: isUnicode ? .unicode : .ascii)
    #expect(shown.dropFirst(2).prefix(8).allSatisfy { $0.displayWidth <= max(width, 44) })
    #expect(isUnicode || shown.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
  }

  @Test func `half a week has no weekly figure, and says why`() throws {
    let found = try statistics(weeks: 0.5)
    #expect(lines(found, width: 100)[0].hasSuffix("0.5 weeks: less than a week has no weekly figure"))
    #expect(StatsText.tabSeparated(found).contains("all\tdeployments_per_week\t-\n"))
    #expect(try JSONText.of(StatsRecord(found)).contains("\"deployments_per_week\" : null"))
  }

  @Test func `for programs it is a figure a line`() throws {
    let rows = StatsText.tabSeparated(try statistics()).split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows[0] == ["TARGET", "FIGURE", "VALUE"] && rows.allSatisfy { $0.count == 3 })
    for row in [
      ["core", "change_failure_rate", "0.4"], ["all", "deployments", "5"], ["workers-b", "running", "1"],
      ["core", "step_pull_median_ms", "20000"], ["all", "time_to_restore_p90_ms", "518880000"],
    ] {
      #expect(rows.contains { $0.map(String.init) == row }, "\(row)")
    }
  }

  @Test func `JSON has the same figures, those over all without a target`() throws {
    struct Found: Decodable {
      struct Figures: Decodable {
        var target: String?
        var changes, failed, rolled_back, not_judged: Int
        var change_failure_rate: Double?
      }
      var from, to: String
      var all: Figures
      var targets: [Figures]
    }
    let found = try JSONDecoder().decode(Found.self, from: Data(try JSONText.of(StatsRecord(try statistics())).utf8))
    #expect(found.from == "2026-11-02T00:00:00.000Z" && found.to == "2026-11-15T23:59:59.999Z")
    #expect(found.all.target == nil && found.targets.map(\.target) == ["core", "workers-b"])
    #expect(found.all.changes == 7 && found.all.failed == 2 && found.all.rolled_back == 1 && found.all.not_judged == 1)
    #expect(found.targets.map(\.change_failure_rate) == [0.4, 0.5])
  }

  @Test func `without a ledger or a deployment there are no figures`() async throws {
    let person = try Person()
    let none = try await person.ktrdr("stats")
    #expect(none.status == 0 && none.output.isEmpty && none.error.contains("no matching deployments in"))
    #expect(try await person.ktrdr("stats", "--json").output == "null\n")
    #expect(try await person.ktrdr("stats", "nobody").status == 64)
  }
}
