import Ledger
import Testing

@testable import Deployer
@testable import Fakes

struct AnchorReaderTests {
  @Test func `the anchors that deployments left are read back`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    let target = try person.plan("A").target
    let reader = AnchorReader(hosts: person.host.connector)
    let kept = await reader.read([target], ledger: person.ledger.id)
    let lines = try #require(kept.first?.1?.lines)
    #expect(lines.count == 2)
    let heads = lines.compactMap { Anchor(line: $0)?.head }
    for head in heads { #expect(try await person.ledger.compare(head) == .agrees) }
    #expect(await reader.read([target], ledger: "another").first?.1?.lines == [])
  }

  @Test func `a host that cannot be asked has no answer`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isUp = false })
    let kept = await AnchorReader(hosts: person.host.connector).read([try person.plan("A").target], ledger: "x")
    #expect(kept.count == 1)
    #expect(kept.first?.1 == nil)
  }
}
