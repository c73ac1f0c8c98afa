import Ledger
import Synchronization
import Testing

@testable import Deployer
@testable import Fakes

/// A host where another deployment is still at work, though its client is gone.
struct HostAtWorkTests {
  private static let owner = "bob@example.org with deployment 3"

  private func busy() async throws -> FakeOperator {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.lockOwner = Self.owner }
    return person
  }

  @Test func `a rollback does not choose from what is about to change`() async throws {
    let person = try await busy()
    let refusal = try #require(try await person.rollback().refusal)
    #expect(refusal == .locked(holder: "the host is locked by \(Self.owner); nothing was changed"))
    #expect(try await person.newest()?.id == 2)
  }

  @Test func `a rollback that may wait chooses from what runs once nobody is at work`() async throws {
    let person = try await busy()
    let looks = Mutex(0)
    person.host.change { state in
      state.afterwards["check"] = { state in
        looks.withLock { $0 += 1 }
        // What the other one was doing comes to its end meanwhile.
        state.lockOwner = nil
        state.lockByAnother()
        for service in ["backend"] { _ = state.replace(service, "ghcr.io/u/\(service):A", "sha256:\(service)-A") }
      }
    }
    var request = try person.request()
    request.lockTimeout = .seconds(60)
    #expect(await person.perform(.rollback(request)).isSuccess)
    #expect(person.progress.contains(.waiting("the host is locked by \(Self.owner)")))
    #expect(person.host.running["backend"] == "A")
    #expect(try await !person.steps(of: 3).contains("up"))
    #expect(looks.withLock { $0 } == 1)
  }

  @Test func `a dry run says that somebody is at work`() async throws {
    let person = try await busy()
    let said = Mutex<[Progress]>([])
    let dryRun = DryRun(
      hosts: person.host.connector, secrets: person.secrets(), ledger: person.ledger, validates: true,
      progress: { progress in said.withLock { $0.append(progress) } })
    _ = try await dryRun.perform(.rollback(try person.request()))
    #expect(
      said.withLock { "\($0)" }.contains(
        "the host is locked by \(Self.owner): a rollback would have to wait, and choose from what runs then"))
  }

  @Test func `while somebody is at work, status comes to no conclusion`() async throws {
    let person = try await busy()
    let git = GitRepository(
      runner: CommandRunner { _, _ in CommandResult(status: 1) }, directory: "/", environment: [:])
    let reader = StatusReader(hosts: person.host.connector, git: git)
    let status = try #require(try await reader.read([try person.plan("A").target], ledger: person.ledger).first)
    #expect(status.verdict == .inSync && !status.isConclusive && !status.isCertain)
    #expect(status.caveats == ["core is being changed: backend.example.org is locked by \(Self.owner)"])
  }
}
