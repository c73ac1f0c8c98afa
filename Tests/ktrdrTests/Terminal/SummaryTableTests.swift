import Ledger
import Platform
import Testing

@testable import Deployer
@testable import ktrdr

struct SummaryTableTests {
  private func lines(_ width: Int?, colors: Bool = false) throws -> [String] {
    let unknown = "the connection to workers-c.ktrdr.lab broke while the host was changing: データベース 🚒"
    let results: [(String, Fleet.Outcome)] = [
      ("workers-b", .success(DeployResult(41, DeploymentEnd(outcome: .succeeded, reason: nil)))),
      ("workers-c", .success(DeployResult(42, .unknown(unknown)))),
      ("gpu", .failure(.skipped(reason: "the canary workers-b did not succeed"))),
      ("lab", .failure(.locked(holder: "another deployment holds lab"))),
    ]
    return SummaryTable.lines(
      try results.map { name, outcome in
        RunResult(
          target: Target(name: try TargetName(name), host: try HostName("\(name).ktrdr.lab"), directory: "/opt"),
          outcome: outcome)
      }, in: Appearance(width: width, hasColors: colors, signs: .unicode, now: someTime))
  }

  @Test func `at 60 columns a reason is cut, and an outcome is not`() throws {
    let shown = try lines(60).joined(separator: "\n")
    #expect(
      shown == """
        TARGET     DEPLOYMENT  OUTCOME      REASON
        workers-b  41          succeeded
        workers-c  42          unknown      the connection to worke…
        gpu        -           not started  the canary workers-b di…
        lab        -           refused      another deployment hold…
        """)
  }

  @Test func `in a log the whole reason is there`() throws {
    let shown = try lines(nil)
    #expect(shown[2].hasSuffix("while the host was changing: データベース 🚒"))
    #expect(try lines(200) == shown)
  }

  @Test(arguments: [60, 80, 120, 200])
  func `colours change no column`(width: Int) throws {
    let (plain, bright) = (try lines(width), try lines(width, colors: true))
    #expect(bright.map(\.unpainted) == plain && bright[1].contains("\u{1B}[32msucceeded\u{1B}[0m"))
    #expect(plain.allSatisfy { $0.displayWidth <= width })
  }
}
