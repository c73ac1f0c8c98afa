public import Ledger

/// A deployment up to the point where it would begin: checked, chosen, its secrets fetched. Nothing is changed.
public struct DryRun: Sendable {
  private let hosts: HostConnector
  private let preparer: Preparer

  /// `ledger` is `nil` if nothing has ever been recorded. `validates` false leaves out the checks of host and 1Password.
  public init(
    hosts: HostConnector, secrets: SecretStore, ledger: DeploymentLedger?, validates: Bool,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.hosts = hosts
    preparer = Preparer(secrets: secrets, ledger: ledger, validates: validates, progress: progress)
  }

  /// The very plan that the real run carries out, in words. Throws ``DeployFailure``.
  public func lines(of request: DeployRequest) async throws(DeployFailure) -> [String] {
    let answer: (value: Result<Preparation, PreparationFailure>, diagnostics: SSHDiagnostics)
    do {
      answer = try await hosts.withHost(of: request.target) { host in await prepare(request, on: host) }
    } catch {
      throw .sshUnavailable(reason: "\(error)")
    }
    switch answer.value {
    case .success(let preparation):
      return preparation.plan.lines(running: preparation.observed).map {
        Redactor.redact($0, preparation.secrets.needles)
      }
    case .failure(let failure): throw DeployFailure(failure, answer.diagnostics, host: request.target.host)
    }
  }

  private func prepare(
    _ request: DeployRequest, on host: RemoteHost
  ) async -> Result<Preparation, PreparationFailure> {
    do throws(PreparationFailure) {
      return .success(try await preparer.prepare(request, on: host))
    } catch {
      return .failure(error)
    }
  }
}
