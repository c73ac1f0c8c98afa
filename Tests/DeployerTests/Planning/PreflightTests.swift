import Testing

@testable import Deployer

struct PreflightTests {
  private func check(_ host: FakeHost, _ targets: Int = 1, op: CommandRunner = FakeOperator.onePassword) async throws
    -> (
      findings: [Preflight.Finding], secrets: [Problem]?
    )
  {
    let targets = try (1...targets).map { number in
      var target = try Plan.core().target
      target.name = try TargetName("t\(number)")
      return target
    }
    return await Preflight(
      hosts: host.connector, onePassword: OnePassword(runner: op, environment: [:]), registries: []
    ).check(targets)
  }

  @Test func `all is well`() async throws {
    let (findings, secrets) = try await check(FakeHost(), 3)
    #expect(findings.map(\.target.name.value) == ["t1", "t2", "t3"])
    #expect(findings.allSatisfy { $0.problems.isEmpty })
    #expect(secrets == [])
  }

  @Test func `every problem of host and 1Password is reported at once`() async throws {
    let missing = CommandRunner { _, _ in throw CommandError.notFound(executable: "op") }
    let (findings, secrets) = try await check(FakeHost { $0.findings = [.noFlock, .noCompose] }, op: missing)
    #expect(findings.first?.problems.count == 2)
    #expect(secrets?.map(\.area) == [.secrets])
    #expect(secrets?.first?.what.contains("(needed for DB_PASSWORD of t1") == true, "\(secrets ?? [])")
  }

  @Test func `a host that cannot be reached is reported in ssh's terms`() async throws {
    let (findings, _) = try await check(FakeHost { $0.isUp = false })
    #expect(findings.first?.problems.map(\.what) == ["backend.example.org refuses ssh connections"])
  }

  @Test(arguments: [true, false])
  func `1Password is asked only for a secret or a login`(hasRegistry: Bool) async throws {
    let missing = CommandRunner { _, _ in throw CommandError.notFound(executable: "op") }
    var target = try Plan.core().target
    target.secrets = []
    let token = SecretReference(item: "i", field: "t")
    let preflight = Preflight(
      hosts: FakeHost().connector, onePassword: OnePassword(runner: missing, environment: [:]),
      registries: hasRegistry ? [Registry(server: "ghcr.io", username: "ada", token: token)] : [])
    let (_, secrets) = await preflight.check([target])
    let what = "op, the 1Password CLI, is not installed (needed for the login at ghcr.io)"
    #expect(secrets?.map(\.what) == (hasRegistry ? [what] : nil))
  }

  @Test func `a missing ssh is reported`() async throws {
    let hosts = HostConnector { _, _ in throw CommandError.notFound(executable: "ssh") }
    let preflight = Preflight(
      hosts: hosts, onePassword: OnePassword(runner: FakeOperator.onePassword, environment: [:]), registries: [])
    let (findings, _) = await preflight.check([try Plan.core().target])
    #expect(findings.first?.problems.first?.what.hasPrefix("could not start ssh") == true)
  }
}
