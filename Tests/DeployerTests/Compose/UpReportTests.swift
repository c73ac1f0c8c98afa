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

  @Test func `no container at all was not left alone`() { #expect(!leftAlone([], [])) }
}
