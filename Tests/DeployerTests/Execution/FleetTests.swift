import Ledger
import Synchronization
import Testing

@testable import Deployer
@testable import Fakes

struct FleetTests {
  /// How many are worked on now, the most there ever were, and who began in which order.
  private struct Work {
    var now = 0
    var most = 0
    var began: [String] = []
  }

  private func requests(_ count: Int) throws -> [DeployRequest] {
    try (1...count).map { number in
      var plan = try Plan.core()
      plan.target.name = try TargetName("t\(number)")
      return .deploy(plan)
    }
  }

  /// Each waits, though not for ever, until so many have been at work `together`.
  private func run(
    _ fleet: Fleet, _ count: Int, failing: Set<String> = [], together: Int = 1
  ) async throws -> ([Fleet.Outcome], Work) {
    let work = Mutex(Work())
    let outcomes = await fleet.run(try requests(count)) { request in
      let name = request.target.name.value
      work.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
        $0.began.append(name)
      }
      for _ in 0..<20 { await Task.yield() }
      for _ in 0..<1_000 where work.withLock({ $0.most }) < together { try? await Task.sleep(for: .milliseconds(10)) }
      work.withLock { $0.now -= 1 }
      return .success(DeployResult(1, failing.contains(name) ? .failed("bad") : .succeeded))
    }
    return (outcomes, work.withLock { $0 })
  }

  @Test(arguments: [1, 3, 8])
  func `no more targets are worked on at once than is allowed`(limit: Int) async throws {
    var fleet = Fleet()
    fleet.maxParallel = limit
    let (outcomes, work) = try await run(fleet, 12, together: limit)
    #expect(outcomes.allSatisfy { $0.isSuccess })
    #expect(outcomes.count == 12)
    #expect(work.most == limit)
  }

  @Test func `one failure does not keep the others from their turn`() async throws {
    let (outcomes, work) = try await run(Fleet(), 6, failing: ["t1"])
    #expect(outcomes.map(\.isSuccess) == [false, true, true, true, true, true])
    #expect(work.began.count == 6)
  }

  @Test func `with fail-fast no further target begins after a failure`() async throws {
    var fleet = Fleet()
    fleet.maxParallel = 1
    fleet.stopsAtFailure = true
    let (outcomes, work) = try await run(fleet, 4, failing: ["t2"])
    #expect(work.began == ["t1", "t2"])
    #expect(
      outcomes.suffix(2).map(\.refusal)
        == Array(repeating: .skipped(reason: "an earlier target did not succeed"), count: 2))
  }

  @Test func `a canary goes alone, and its failure keeps the others from beginning`() async throws {
    var fleet = Fleet()
    fleet.usesCanary = true
    let (outcomes, work) = try await run(fleet, 3, failing: ["t1"])
    #expect(work.began == ["t1"])
    #expect(
      outcomes.dropFirst().map(\.refusal)
        == Array(repeating: .skipped(reason: "the canary t1 did not succeed"), count: 2))
    let (good, all) = try await run(fleet, 3)
    #expect(good.allSatisfy { $0.isSuccess })
    #expect(all.began.first == "t1")
  }
}
