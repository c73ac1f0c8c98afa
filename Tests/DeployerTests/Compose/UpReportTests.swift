import Testing

@testable import Deployer

/// What Compose 2.26 prints in `up`, and what may be believed of it.
struct UpReportTests {
  private func leftAlone(_ output: [String], _ names: [String] = ["ktrdr-backend", "ktrdr-db"]) -> Bool {
    UpReport(output).leftAlone(names)
  }

  @Test func `containers that were running already were left alone`() {
    #expect(leftAlone([" Container ktrdr-backend  Running", " Container ktrdr-db  Running"]))
    #expect(
      leftAlone([
        #"time="2026-11-25T03:00:00Z" level=warning msg="the attribute `version` is obsolete""#,
        " Container ktrdr-db  Running", " Container ktrdr-backend  Running",
      ]))
  }

  @Test(arguments: [
    [" Container ktrdr-backend  Recreate", " Container ktrdr-backend  Recreated", " Container ktrdr-db  Running"],
    [" Container ktrdr-backend  Running", " Container ktrdr-backend  Started", " Container ktrdr-db  Running"],
    [" Container ktrdr-backend  Running", " Container ktrdr-db  Running", " Container ktrdr-new  Created"],
    [" Container ktrdr-backend  Running", " Container ktrdr-db  Running", " Container ktrdr-new  Running"],
    [" Container ktrdr-backend  Running"], ["Container", " Container ktrdr-backend"], [],
    ["[withheld: a secret could not be redacted]"], [" ktrdr-backend Running", " ktrdr-db Running"],
  ])
  func `everything else may have touched something`(output: [String]) {
    #expect(!leftAlone(output))
  }

  @Test(
    arguments: [
      (["Running"], .stay), (["Running", "Waiting", "Healthy"], .stay), (["Starting", "Started"], .start),
      (["Waiting", "Exited", "Running"], .stay), (["Recreate", "Recreated", "Starting"], .areReplaced),
      (["Stopping", "Stopped", "Removing", "Removed"], .change),
    ] as [([String], UpReport.Fate)])
  func `what happens to a container is told from all that Compose says of it`(words: [String], fate: UpReport.Fate) {
    let report = UpReport(words.map { "Container s-db-1  \($0)" })
    #expect(report.fate(of: ["s-db-1"], prefix: "s-db-") == fate)
  }

  @Test func `more containers than before, or fewer, are a change, and an early end says little`() {
    let report = UpReport(["Container s-db-1  Running", "Container s-db-2  Creating", "Container s-db-x-1  Running"])
    #expect(report.fate(of: ["s-db-1"], prefix: "s-db-") == .change)
    #expect(report.fate(of: ["s-db-x-1"], prefix: "s-db-x-") == .stay)
    let early = UpReport(["Container s-db-1  Recreate", "Container s-web-1  Running"], isComplete: false)
    #expect(early.fate(of: ["s-db-1"], prefix: "s-db-") == .areReplaced)
    #expect(early.fate(of: ["s-web-1"], prefix: "s-web-") == nil)
  }

  @Test func `no container at all was not left alone`() { #expect(!leftAlone([], [])) }
}
