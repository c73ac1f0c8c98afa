/// Asks hosts what runs, one ssh connection for each target, side by side. It changes nothing and needs no secret.
struct HostLook: Sendable {
  let environment: [String: String]
  /// How long a host may take for its answer before it counts as unreachable. A look takes a fraction of a second.
  var patience = Duration.seconds(30)

  /// What runs, or why the host did not say.
  func look(at target: Target) async -> Result<Observation, LookFailure> {
    let connection = TargetConnection(target: target, environment: environment)
    do {
      let ((events, isLate), words) = try await connection.hold { session, script in
        let watchdog = Task { [abandon = session.abandon] in
          guard (try? await Task.sleep(for: patience)) != nil else { return false }
          abandon()
          return true
        }
        let events = await session.call(script.prologue() + script.look())
        watchdog.cancel()
        return (events, await watchdog.value)
      }
      if let seen = events.flatMap(Observation.init) { return .success(seen) }
      return .failure(LookFailure(isLate ? .late(patience) : events == nil ? .cut(words) : .blind(words), of: target))
    } catch {
      return .failure(
        LookFailure(
          problem: Problem(.host, "ssh could not be started: \(error)", nextStep: "install openssh-client")))
    }
  }
}

/// Why a host did not say what runs.
struct LookFailure: Error, Equatable {
  enum Kind {
    /// `ssh` ended; what it wrote to standard error.
    case cut(SSHDiagnostics)
    /// The host answered that it cannot look; what it wrote to standard error.
    case blind(SSHDiagnostics)
    /// It did not answer within this time.
    case late(Duration)
  }

  var problem: Problem

  init(problem: Problem) { self.problem = problem }

  init(_ kind: Kind, of target: Target) {
    let host = target.host
    let doctor = "ktrdr doctor \(target.name)"
    switch kind {
    case .cut(let words):
      problem = words.failure.problem(host: host)
    case .blind(let words):
      let line = words.text.split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(200))" } ?? ""
      problem = Problem(.host, "\(host) cannot say what runs there\(line)", nextStep: doctor)
    case .late(let patience):
      problem = Problem(
        .host, "\(host) did not say what runs within \(patience.text): does Docker hang there?",
        nextStep: doctor)
    }
  }
}
