/// Asks a target's host what runs there. It changes nothing and needs no secret.
struct TargetObserver: Sendable {
  let hosts: HostConnector
  /// How long a host may take before it counts as unreachable. An answer takes a fraction of a second.
  var timeout = Duration.seconds(30)

  /// What runs, or why the host did not report it.
  func observe(_ target: Target) async -> Result<Observation, ObservationFailure> {
    do {
      let ((answer, isLate), diagnostics) = try await hosts.withHost(of: target) { host in
        let watchdog = Task { [abandon = host.abandon] in
          guard (try? await Task.sleep(for: timeout)) != nil else { return false }
          abandon()
          return true
        }
        var answer: Result<Observation, HostError>
        do throws(HostError) {
          answer = .success(try await host.observe(ObserveRequest()))
        } catch {
          answer = .failure(error)
        }
        watchdog.cancel()
        return (answer, await watchdog.value)
      }
      switch answer {
      case .success(let observation): return .success(observation)
      case .failure where isLate: return .failure(.late(target, after: timeout))
      case .failure(.connectionLost):
        return .failure(ObservationFailure(problem: diagnostics.failure.problem(host: target.host)))
      case .failure(.unavailable): return .failure(.unavailable(target, diagnostics))
      }
    } catch {
      return .failure(ObservationFailure(problem: .sshUnavailable(error)))
    }
  }
}

/// Why a host did not report what runs.
struct ObservationFailure: Error, Equatable {
  var problem: Problem

  static func unavailable(_ target: Target, _ diagnostics: SSHDiagnostics) -> ObservationFailure {
    let line = diagnostics.remoteText.map { ": \($0.prefix(200))" } ?? ""
    return ObservationFailure(
      problem: Problem(
        .host, "could not list the containers on \(target.host)\(line)", nextStep: "ktrdr doctor \(target.name)"))
  }

  static func late(_ target: Target, after timeout: Duration) -> ObservationFailure {
    ObservationFailure(
      problem: Problem(
        .host, "\(target.host) did not report what runs within \(timeout.text): Docker may be hanging there",
        nextStep: "ktrdr doctor \(target.name)"))
  }
}
