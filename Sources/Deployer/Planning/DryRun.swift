public import Ledger

/// A deployment up to the point where it would begin: checked, chosen, its secrets fetched. Nothing is changed.
public struct DryRun: Sendable {
  private let hosts: HostConnector
  private let preparer: Preparer

  /// `ledger` is `nil` if nothing has ever been recorded. `validates` false leaves out the checks of host, 1Password and
  /// registries.
  public init(
    hosts: HostConnector, secrets: SecretStore, ledger: DeploymentLedger?, validates: Bool,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.hosts = hosts
    preparer = Preparer(secrets: secrets, ledger: ledger, validates: validates, progress: progress)
  }

  /// What a deployment would do.
  public struct Answer: Sendable, Equatable {
    /// The very plan that the real run carries out, in words.
    public var lines: [String]
    /// Why the real run would fail once it has begun: images that it cannot fetch.
    public var problems: [Problem]
  }

  /// Throws ``DeployFailure`` if the deployment could not even begin.
  public func perform(_ request: DeployRequest) async throws(DeployFailure) -> Answer {
    let answer: (value: Result<Answer, PreparationFailure>, diagnostics: SSHDiagnostics)
    do {
      answer = try await hosts.withHost(of: request.target) { host in
        do throws(PreparationFailure) { return .success(try await prepare(request, on: host)) } catch {
          return .failure(error)
        }
      }
    } catch {
      throw .sshUnavailable(reason: "\(error)")
    }
    switch answer.value {
    case .success(let answer): return answer
    case .failure(let failure): throw DeployFailure(failure, answer.diagnostics, host: request.target.host)
    }
  }

  private func prepare(_ request: DeployRequest, on host: RemoteHost) async throws(PreparationFailure) -> Answer {
    let preparation = try await preparer.prepare(request, on: host)
    let found: RegistryCheck.Finding
    do throws(HostError) {
      found = preparer.validates ? try await RegistryCheck(preparation: preparation).check(on: host) : .init()
    } catch {
      throw .unreachable([])
    }
    for warning in found.warnings {
      preparer.progress(.warning(Redactor.redact(warning, preparation.secrets.needles)))
    }
    let lines = preparation.plan.lines(running: preparation.observed, unavailable: found.services)
    return Answer(
      lines: lines.map { Redactor.redact($0, preparation.secrets.needles) }, problems: found.problems)
  }
}
