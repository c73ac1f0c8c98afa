import Testing

@testable import Deployer
@testable import Fakes

struct PreflightTests {
  private func check(
    _ host: FakeHost, _ targets: Int = 1, op: CommandRunner = FakeOperator.onePassword, tag: String? = nil
  ) async throws -> (findings: [Preflight.Finding], secrets: [Problem]?) {
    let targets = try (1...targets).map { number in
      var target = try Plan.core().target
      target.name = try TargetName("t\(number)")
      return target
    }
    return await Preflight(
      hosts: host.connector, secrets: SecretStore(OnePassword(runner: op, environment: [:])), registries: [],
      ledger: nil, progress: { _ in }
    ).check(targets, tags: try tag.map { tag in try targets.map { _ in try ImageTag(tag) } })
  }

  @Test func `all is well`() async throws {
    let (findings, secrets) = try await check(FakeHost(), 3)
    #expect(findings.map(\.target.name.value) == ["t1", "t2", "t3"])
    #expect(findings.allSatisfy { $0.problems.isEmpty })
    #expect(secrets == [])
  }

  @Test func `what a deployment of the tag would find is found`() async throws {
    let (fine, _) = try await check(FakeHost(), 2, tag: "A")
    #expect(fine.map(\.tag?.value) == ["A", "A"])
    #expect(fine.allSatisfy { $0.problems.isEmpty })
    let (missing, secrets) = try await check(FakeHost(), tag: "nosuch")
    #expect(missing.first?.problems.map(\.what) == ["ghcr.io has no image with the tag nosuch for u/backend"])
    #expect(secrets == [])
    let (unset, _) = try await check(FakeHost { $0.unsetVariables = ["COLOUR"] }, tag: "A")
    #expect(unset.first?.problems.first?.what.hasPrefix("COLOUR is not set") == true, "\(unset)")
  }

  @Test func `a field that 1Password does not have is found, and told once for all targets`() async throws {
    let poor = CommandRunner { command, timeout in
      var result = try await FakeOperator.onePassword.run(command, timeout)
      let text = String(decoding: result.standardOutput, as: UTF8.self)
      result.standardOutput = Array(text.replacing("db_password", with: "other").utf8)
      return result
    }
    let (findings, secrets) = try await check(FakeHost(), 2, op: poor, tag: "A")
    #expect(findings.allSatisfy { $0.problems.isEmpty })
    let (_, ofHostsThatAreAway) = try await check(FakeHost { $0.isUp = false }, 2, op: poor, tag: "A")
    #expect(ofHostsThatAreAway?.count == 1 && ofHostsThatAreAway?.first?.what.contains("db_password") == true)
    #expect(secrets?.isEmpty == false && secrets?.allSatisfy { $0.what.contains("db_password") } == true)
  }

  @Test func `without a tag everything but the images is tried`() async throws {
    let (fine, _) = try await check(FakeHost())
    #expect(fine.first?.problems == [] && fine.first?.tag == nil)
    let (unset, _) = try await check(FakeHost { $0.unsetVariables = ["COLOUR"] })
    #expect(unset.first?.problems.first?.what.hasPrefix("COLOUR is not set") == true, "\(unset)")
    let poor = CommandRunner { command, timeout in
      var result = try await FakeOperator.onePassword.run(command, timeout)
      let text = String(decoding: result.standardOutput, as: UTF8.self)
      result.standardOutput = Array(text.replacing("db_password", with: "other").utf8)
      return result
    }
    let (_, secrets) = try await check(FakeHost(), op: poor)
    #expect(secrets?.first?.what.contains("db_password") == true, "\(secrets ?? [])")
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
      hosts: FakeHost().connector, secrets: SecretStore(OnePassword(runner: missing, environment: [:])),
      registries: hasRegistry ? [Registry(server: "ghcr.io", username: "ada", token: token)] : [],
      ledger: nil, progress: { _ in })
    let (_, secrets) = await preflight.check([target], tags: nil)
    let what = "op, the 1Password CLI, is not installed (needed for the login at ghcr.io)"
    #expect(secrets?.map(\.what) == (hasRegistry ? [what] : nil))
  }

  @Test func `a missing ssh is reported`() async throws {
    let hosts = HostConnector { _, _ in throw CommandError.notFound(executable: "ssh") }
    let preflight = Preflight(
      hosts: hosts, secrets: SecretStore(OnePassword(runner: FakeOperator.onePassword, environment: [:])),
      registries: [], ledger: nil, progress: { _ in })
    let (findings, _) = await preflight.check([try Plan.core().target], tags: nil)
    #expect(findings.first?.problems.first?.what.hasPrefix("could not start ssh") == true)
  }
}
