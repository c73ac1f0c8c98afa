import Testing

@testable import Deployer
@testable import Fakes

struct NoSecretsTests {
  /// A deployment with an `op` that is not installed.
  private func deploy(_ change: (inout Plan) -> Void) async throws -> (FakeOperator, Fleet.Outcome) {
    let person = try await FakeOperator()
    var plan = try person.plan("A")
    change(&plan)
    let missing = CommandRunner { _, _ in throw CommandError.notFound(executable: "op") }
    let deployment = TargetDeployment(
      .deploy(plan), in: person.context(missing), validates: true, recordsRefusal: false)
    do throws(DeployFailure) {
      return (person, .success(try await deployment.perform()))
    } catch {
      return (person, .failure(error))
    }
  }

  @Test func `without a secret and a login nothing asks 1Password, and no login is told`() async throws {
    let (person, outcome) = try await deploy {
      $0.registries = []
      $0.target.secrets = []
    }
    #expect(outcome.isSuccess, "\(outcome)")
    let steps = person.progress.compactMap { if case .stepEnded(let step, _, _) = $0 { step } else { nil } }
    #expect(steps.first == .pull, "\(steps)")
    #expect(!person.progress.contains { if case .fetching = $0 { true } else { false } })
  }

  @Test func `what needs 1Password is named, be it a login alone`() async throws {
    let (_, outcome) = try await deploy { $0.target.secrets = [] }
    guard case .failure(.secrets(let problems)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(problems.map(\.what) == ["op, the 1Password CLI, is not installed (needed for the login at ghcr.io)"])
  }
}
