import Platform
import TestSupport
import Testing

@testable import Deployer

/// Whose `ktrdr.yml` decides which host gets the secrets.
struct InventoryTrustTests {
  private static func node(_ owner: uid_t = 1000, _ mode: mode_t = 0o644, group: gid_t = 100) -> InventoryTrust.Node {
    InventoryTrust.Node(owner: owner, group: group, mode: mode)
  }

  private static let cases: [(InventoryTrust.Node, InventoryTrust.Node, Bool)] = [
    (node(), node(1000, 0o755), true), (node(0), node(0, 0o755), true), (node(1000, 0o444), node(0, 0o755), true),
    (node(1001), node(1000, 0o755), false), (node(), node(1001, 0o755), false), (node(1001), node(0, 0o1777), false),
    (node(1000, 0o646), node(1000, 0o755), false), (node(), node(1000, 0o777), false),
    (node(), node(0, 0o1777), true), (node(1000, 0o664), node(1000, 0o755), false),
    (node(), node(1000, 0o775), false), (node(1000, 0o664, group: 1000), node(1000, 0o775, group: 1000), true),
  ]

  @Test(arguments: cases)
  func `a file that was found counts if nobody else can write it or put it there`(
    file: InventoryTrust.Node, directory: InventoryTrust.Node, isTrusted: Bool
  ) {
    let trust = InventoryTrust(trusted: [0, 1000], privateGroups: [1000])
    #expect((trust.objection(to: file, in: directory) == nil) == isTrusted)
  }

  @Test func `under sudo the caller's own file counts, as it does for git`() {
    let file = Self.node(1234)
    let caller = InventoryTrust.ofThisUser(["SUDO_UID": "1234"])
    #expect((caller.objection(to: file, in: Self.node(1234, 0o755)) == nil) == (geteuid() == 0))
    #expect(InventoryTrust.ofThisUser([:]).objection(to: file, in: Self.node(1234, 0o755)) != nil)
  }

  @Test func `a file that is open to others is refused where it is found, not where it is named`() throws {
    let directory = try TestDirectory()
    try directory.write("targets: {own: {host: h, directory: /srv/own}}\n", to: "ktrdr.yml")
    try directory.setMode(0o666, of: "ktrdr.yml")
    let path = "\(directory.path)/ktrdr.yml"
    for source in [InventoryLocation.Source.flag, .environment] {
      #expect(try InventoryLocation.file(path: path, source: source).load(environment: [:]).targets.count == 1)
    }
    for source in [InventoryLocation.Source.workingDirectory, .userConfiguration] {
      let error = #expect(throws: InventoryErrors.self) {
        try InventoryLocation.file(path: path, source: source).load(environment: [:])
      }
      #expect(
        error?.problems.first?.oneLine
          == "it was found here, but others may change it: if it is the one that you mean, name it: --config \(path), or $KTRDR_CONFIG"
      )
    }
    try directory.setMode(0o644, of: "ktrdr.yml")
    try directory.setMode(0o755)
    #expect(
      try InventoryLocation.file(path: path, source: .workingDirectory).load(environment: [:]).targets.count == 1)
  }
}
