/// What runs on a target, and what Compose makes of its files.
struct ObservedTarget: Sendable, Equatable {
  var check: HostCheck
  /// That the same files run as another project as well.
  var otherProjects: String?
  var observed: Observation
  var reading: StackReader.Reading
}

/// Asks a target's host what runs there. It changes nothing and needs no secret.
struct TargetObserver: Sendable {
  let hosts: HostConnector
  /// The ledger whose last anchor is wanted, by its id; empty for none.
  var ledger = ""

  /// What runs, or why the host did not report it.
  func observe(_ target: Target) async -> Result<ObservedTarget, ObservationFailure> {
    let reader = StackReader(target: target)
    do {
      let (answer, diagnostics) = try await hosts.withHost(of: target) { host -> Result<Answer, HostError> in
        do throws(HostError) { return .success(try await ask(host, reader)) } catch { return .failure(error) }
      }
      switch answer {
      case .success(let answer): return answer
      case .failure(.connectionLost), .failure(.misbehaved):
        return .failure(ObservationFailure(problem: diagnostics.failure.problem(host: target.host)))
      case .failure(.unavailable): return .failure(.unavailable(target, diagnostics))
      }
    } catch {
      return .failure(ObservationFailure(problem: .sshUnavailable(error)))
    }
  }

  private typealias Answer = Result<ObservedTarget, ObservationFailure>

  private func ask(_ host: RemoteHost, _ reader: StackReader) async throws(HostError) -> Answer {
    let answer = try await host.check(CheckRequest(variables: reader.variables, ledger: ledger))
    guard let observed = answer.observed else {
      // What is wrong there is known, unless the host said nothing at all.
      let findings = answer.check.findings
      guard let finding = findings.first(where: \.isOfDocker) ?? findings.first else { throw .unavailable }
      return .failure(ObservationFailure(problem: finding.problem(for: reader.target)))
    }
    let reading = await reader.reading(of: answer.check, on: host)
    let checked = CheckedHost(check: answer.check, everything: observed, reader: reader, reading: reading)
    var found = ObservedTarget(
      check: answer.check, otherProjects: checked.otherProjects,
      observed: observed.of(reading.project, in: reader.target), reading: reading)
    for index in found.observed.containers.indices {
      let container = found.observed.containers[index]
      let service = reading.project?.service(container.service)
      guard let service, !service.secretVariables.isEmpty else { continue }
      // The text beside a secret can have the tag in it, too.
      let tag = ImageName(container.reference).tag ?? ""
      let without = Dictionary(
        uniqueKeysWithValues: service.secretVariables.map { name in
          (name, [(service.withoutSecrets[name] ?? "").replacing(reader.tagMark, with: tag)])
        })
      found.observed.containers[index].emptyVariables.formUnion(try await host.variables(container.id, without))
    }
    return .success(found)
  }
}

/// Why a host did not report what runs.
struct ObservationFailure: Error, Equatable {
  var problem: Problem

  static func unavailable(_ target: Target, _ diagnostics: SSHDiagnostics) -> ObservationFailure {
    let line = diagnostics.remoteText.map { ": \($0.excerpt)" } ?? ""
    return ObservationFailure(
      problem: Problem(
        .host, "could not list the containers on \(target.host)\(line)", nextStep: "ktrdr doctor \(target.name)"))
  }
}
