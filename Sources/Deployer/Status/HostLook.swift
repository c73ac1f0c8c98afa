/// Asks hosts what runs, one ssh connection for each target, side by side. It changes nothing and needs no secret.
struct HostLook: Sendable {
  let environment: [String: String]
  /// How long a host may take for its answer before it counts as unreachable. A look takes a fraction of a second.
  var patience = Duration.seconds(30)

  /// What runs, or why the host did not say.
  func look(at target: Target) async -> Result<Observation, LookFailure> {
    let nonce = Nonce()
    let script = RemoteScript(nonce: nonce, directory: target.directory, composeFiles: target.composeFiles)
    let command = TargetConnection(target: target, environment: environment).ssh
    do {
      let ((events, isLate), end) = try await Conversations.hold(command) { conversation in
        let watchdog = Task { [kill = conversation.kill] in
          guard (try? await Task.sleep(for: patience)) != nil else { return false }
          kill()
          return true
        }
        let events = await RemoteSession(conversation, nonce: nonce).call(script.prologue() + script.look())
        watchdog.cancel()
        return (events, await watchdog.value)
      }
      let words = String(decoding: end.errorTail, as: UTF8.self)
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
    case cut(String)
    /// The host answered that it cannot look; what it wrote to standard error.
    case blind(String)
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
      problem = SSHFailure.classify(words).problem(host: host)
    case .blind(let words):
      let line = words.split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(200))" } ?? ""
      problem = Problem(.host, "\(host) cannot say what runs there\(line)", nextStep: doctor)
    case .late(let patience):
      problem = Problem(
        .host, "\(host) did not say what runs within \(patience.text): does Docker hang there?",
        nextStep: doctor)
    }
  }
}
