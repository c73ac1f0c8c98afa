import Platform
import Testing

@testable import Deployer

struct ReservedVariablesTests {
  @Test func `the published list is the one that ktrdr applies`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../../docs/inventory.md").standardized
    let page = try String(decoding: Data(contentsOf: path), as: UTF8.self)
    let section = try #require(page.split(separator: "## Reserved variables").last)
    // The first paragraph explains, with examples of names that are free.
    let lists = section.split(separator: "\n\n").dropFirst()
    let published = lists.joined().split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }.filter { $0 != "ktrdr" }
    let own = ReservedVariables.all.union(ReservedVariables.prefixes.map { "\($0)*" })
    #expect(Set(published) == own)
    #expect(published.count == own.count, "a name is listed twice")
  }

  @Test func `no name is reserved twice`() {
    for name in ReservedVariables.all {
      #expect(!ReservedVariables.prefixes.contains { name.hasPrefix($0) }, "\(name)")
    }
  }
}
