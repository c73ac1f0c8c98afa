public import Ledger

/// A deployment up to the point where it would begin: validated, chosen, its secrets fetched. Nothing is changed.
public struct DryRun: Sendable {
  let environment: [String: String]
  let surveyor: Surveyor

  /// `ledger` is `nil` where nothing has ever been recorded.
  public init(
    environment: [String: String], secrets: SecretStore, ledger: DeploymentLedger?, validates: Bool,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.environment = environment
    surveyor = Surveyor(secrets: secrets, ledger: ledger, validates: validates, progress: progress)
  }

  /// The very plan that the real run carries out, in words. Throws ``DeployFailure``.
  public func lines(of request: DeployRequest) async throws(DeployFailure) -> [String] {
    let target = request.target
    let held: (value: Result<Survey, Survey.Refusal>, words: SSHDiagnostics)
    do {
      held = try await TargetConnection(target: target, environment: environment).hold { session, script in
        do throws(Survey.Refusal) {
          return .success(try await surveyor.survey(request, over: session, script))
        } catch {
          return .failure(error)
        }
      }
    } catch {
      throw .noSSH(reason: "\(error)")
    }
    switch held.value {
    case .success(let survey): return survey.plan.lines()
    case .failure(.refused(let failure)): throw failure
    case .failure(.unreachable(let problems)):
      throw .validation([held.words.failure.problem(host: target.host)] + problems)
    }
  }
}
