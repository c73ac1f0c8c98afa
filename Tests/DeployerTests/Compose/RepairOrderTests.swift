import Platform
import TestSupport
import Testing

@testable import Deployer

struct RepairOrderTests {
  private func groups(_ services: [Int: [String]], _ needs: [String: Set<String>]) -> [String] {
    RepairOrder(needs: needs).groups(services).map { "\($0.key): \($0.services.joined(separator: " "))" }
  }

  @Test func `as few groups as the order allows`() {
    #expect(groups([2: ["api", "db"], 3: ["web"]], [:]) == ["3: web", "2: api db"])
    #expect(
      groups([2: ["api", "db"], 3: ["web"]], ["web": ["api", "db"], "api": ["db"]]) == ["2: api db", "3: web"])
    #expect(groups([2: ["db", "tail"], 3: ["api"]], ["tail": ["db"], "api": ["db"]]) == ["2: db tail", "3: api"])
    #expect(
      groups([2: ["db", "tail"], 3: ["api"]], ["tail": ["api", "db"], "api": ["db"]]) == ["2: db", "3: api", "2: tail"])
    #expect(
      groups([2: ["mid"], 3: ["api", "top"]], ["mid": ["api"], "top": ["mid", "api"]]) == [
        "3: api", "2: mid", "3: top",
      ])
  }

  @Test func `a circle, which Compose refuses, comes to an end`() {
    #expect(groups([2: ["one"], 3: ["two"]], ["one": ["two"], "two": ["one"]]) == ["3: two", "2: one"])
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `whatever the stack, each service comes once and after what it needs`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = (0..<Int.random(in: 1...8, using: &random)).map { "s\($0)" }
    var needs: [String: Set<String>] = [:]
    for (index, name) in names.enumerated() {
      // Through others, too, as Compose's own graph says it.
      for other in names[..<index] where Bool.random(using: &random) {
        needs[name, default: []].formUnion((needs[other] ?? []).union([other]))
      }
    }
    var services: [Int: [String]] = [:]
    for name in names { services[Int.random(in: 1...3, using: &random), default: []].append(name) }
    let found = RepairOrder(needs: needs).groups(services)
    #expect(found.flatMap(\.services).sorted() == names.sorted())
    var done: Set<String> = []
    for (key, group) in found {
      done.formUnion(group)
      for name in group {
        #expect((needs[name] ?? []).isSubset(of: done), "\(name) in \(found) of \(services), \(needs)")
      }
      #expect(Set(group).isSubset(of: services[key] ?? []))
    }
  }
}
