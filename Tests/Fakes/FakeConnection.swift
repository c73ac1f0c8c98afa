import Platform
import Synchronization

@testable import Deployer

/// One connection to a ``FakeHost``.
final class FakeConnection: Sendable {
  private struct State {
    var isCut = false
    var lockOwner: String?
    var locksSeen = 0
    var tag = "latest"
    var pins: [Pin] = []
  }

  private let host: FakeHost
  private let state = Mutex(State())

  init(host: FakeHost) { self.host = host }

  var isCut: Bool { state.withLock(\.isCut) }
  /// What this connection wrote into the host's lock, if it took it.
  var lockOwner: String? { state.withLock(\.lockOwner) }

  var remoteHost: RemoteHost {
    RemoteHost(
      check: { request throws(HostError) in try self.check(request) },
      diagnose: { variables throws(HostError) in try self.check(CheckRequest(variables: variables)).check },
      model: { values throws(HostError) in
        try self.ask("model") { state in
          switch values {
          case .none: state.model(tag: "${IMAGE_TAG}")
          case .provided(_, let mark): state.model(tag: mark)
          }
        }
      },
      locate: { variables throws(HostError) in
        try self.ask("locate") { _ in variables.map { VariablePlace(variable: $0, file: "compose.yaml", line: 7) } }
      },
      compareDirectories: { paths throws(HostError) in
        try self.ask("directories") { state in
          Dictionary(uniqueKeysWithValues: paths.map { ($0, state.directories[$0] ?? .gone) })
        }
      },
      provide: { values in
        let tag = values.environment.first { $0.name == "IMAGE_TAG" }.map { String(decoding: $0.value, as: UTF8.self) }
        self.state.withLock {
          $0.tag = tag ?? "latest"
          $0.pins = values.pins
        }
      },
      lock: { owner throws(HostError) in
        let (seen, isOwn) = self.state.withLock { ($0.locksSeen, $0.lockOwner != nil) }
        let answer = try self.ask("lock") { state in
          if isOwn { state.lockOwner = nil }
          return state.takeLock(owner, after: seen)
        }
        if case .taken = answer { self.state.withLock { $0.lockOwner = owner } }
        return answer
      },
      observe: { request throws(HostError) in
        guard let seen = try self.ask("observe", { $0.isDockerUp ? $0.observe(request) : nil }) else {
          throw .unavailable
        }
        return seen
      },
      holders: { names throws(HostError) in
        try self.ask("holders") { state in
          let own = state.containers.map { ($0.name, NameHolder(project: $0.project, service: $0.service)) }
          return Dictionary(own) { first, _ in first }.merging(state.otherNames) { first, _ in first }
            .filter { names.contains($0.key) }
        }
      },
      variables: { _, wanted throws(HostError) in
        // Every container has what 1Password has, but for some.
        try self.ask("variables") { state in
          Set(wanted.filter { $0.value != [""] }.keys).subtracting(state.otherSecrets)
        }
      },
      rehearse: { scope throws(HostError) in try self.ask("rehearsal") { self.rehearse(scope, &$0) } },
      presentImages: { references throws(HostError) in
        try self.ask("images") { state in
          Dictionary(uniqueKeysWithValues: Set(references).compactMap { name in state.image(name).map { (name, $0) } })
        }
      },
      askRegistries: { references throws(HostError) in
        try self.ask("registry") { state in
          Dictionary(uniqueKeysWithValues: Set(references).map { name in (name, state.registryAnswer(name)) })
        }
      },
      pull: { scope, observer throws(HostError) in
        try await self.run(.login, observer) { _ in (0, []) }
        return .ended(try await self.run(.pull, observer) { state in self.pull(scope, &state) })
      },
      validate: { scope, observer throws(HostError) in
        try await self.run(.config, observer) { _ in (0, []) }
      },
      up: { request, observer throws(HostError) in
        try await self.run(.up, observer) { state in
          state.clear(request.leftovers)
          state.replacesAll = request.replacesAll
          return self.up(request.scope, &state)
        }
      },
      logs: { _, _, observer throws(HostError) in
        _ = try await self.run(.logs, observer) { _ in (0, ["boot: failed"]) }
      },
      remove: { ids, observer throws(HostError) in
        try await self.run(.scaleDown, observer) { state in
          state.containers.removeAll { ids.contains($0.id) }
          return (0, ids)
        }
      },
      anchors: { ledger throws(HostError) in
        try self.ask("anchors") { state in
          KeptAnchors(lines: state.anchors.filter { $0.contains(" \(ledger) ") }, foreign: state.anchors.last)
        }
      },
      leaveAnchor: { line, _ throws(HostError) in try self.ask("anchor") { $0.anchors.append(line) } },
      isConnected: { !self.isCut }, abandon: { self.state.withLock { $0.isCut = true } })
  }

  private func check(_ request: CheckRequest) throws(HostError) -> CheckAnswer {
    let (answer, locks) = try ask("check") { state -> (CheckAnswer, Int) in
      var check = HostCheck()
      check.findings = state.findings
      check.hostProfiles = state.hostProfiles
      check.lockOwner = state.tellsWhoIsAtWork ? state.lockOwner : nil
      check.model = state.modelWithPlaceholders(tag: request.variables.first { $0.name == "IMAGE_TAG" }?.value ?? "")
      check.files = ["compose.yaml"]
      check.composeDigest = state.composeDigest
      if !request.ledger.isEmpty {
        check.lastAnchor = state.anchors.last { $0.contains(" \(request.ledger) ") }
        check.foreignAnchor = state.anchors.last.flatMap { $0 == check.lastAnchor ? nil : $0 }
      }
      let observed = state.isDockerUp ? state.observe(ObserveRequest()) : nil
      return (CheckAnswer(check: check, observed: observed), state.lockOwner == nil ? state.lockCount : -1)
    }
    state.withLock { $0.locksSeen = locks }
    return answer
  }

  /// A request that changes nothing.
  private func ask<Answer: Sendable>(
    _ name: String, _ body: (inout sending FakeHost.State) -> sending Answer
  ) throws(HostError) -> Answer {
    guard !isCut, host.change({ $0.losesConnectionAt != name && !$0.isAbandoned }) else {
      state.withLock { $0.isCut = true }
      throw .connectionLost
    }
    return host.change { state in
      state.requests.append(name)
      let answer = body(&state)
      state.afterwards.removeValue(forKey: name)?(&state)
      return answer
    }
  }

  /// A request that is a step.
  @discardableResult
  private func run(
    _ name: StepName, _ observer: StepObserver, _ body: (inout FakeHost.State) -> (Int32, [String])
  ) async throws(HostError) -> FinishedStep {
    observer.began(name)
    guard !isCut else { throw .connectionLost }
    guard host.change({ $0.saysUnaskedIn != name }) else {
      state.withLock { $0.isCut = true }
      throw .misbehaved
    }
    let (cut, answer, facts) = host.change { state -> (FakeHost.Cut?, (Int32, [String])?, ([String], String)) in
      state.requests.append(name.rawValue)
      state.hooks[name]?(&state)
      let cut = state.isAbandoned ? .before(name) : state.cut
      if cut == .before(name) || cut == .after(name) { state.cut = nil }
      let facts = (state.hostLogins, state.composeDigest)
      guard cut != .before(name) else { return (cut, nil, facts) }
      let answer = body(&state)
      state.ended[name]?(&state)
      return (state.isAbandoned ? .after(name) : cut, answer, facts)
    }
    var step = FinishedStep(name: name, startedAt: Date(), milliseconds: 1, status: nil, output: answer?.1 ?? [])
    step.hostLogins = facts.0
    if [.pull, .config].contains(name) { step.composeDigest = facts.1 }
    for line in step.output { observer.output(line) }
    guard let answer, cut != .after(name) else {
      state.withLock { $0.isCut = true }
      await observer.ended(step)
      throw .connectionLost
    }
    step.status = answer.0
    await observer.ended(step)
    return step
  }

  private func references(_ scope: ComposeScope, _ host: FakeHost.State) -> [(service: String, reference: String)] {
    let (tag, pins) = state.withLock { ($0.tag, $0.pins) }
    let services = scope.services.isEmpty ? host.services(under: scope.profiles) : scope.services
    return services.map { service in
      let pin = scope.isPinned ? pins.first { $0.service.value == service } : nil
      return (service, pin?.reference ?? host.reference(service, host.fixedTags[service] ?? tag))
    }
  }

  private func pull(_ scope: ComposeScope, _ host: inout FakeHost.State) -> (Int32, [String]) {
    guard host.isRegistryUp else { return (1, ["dial tcp: connection refused"]) }
    for (_, reference) in references(scope, host) {
      if host.forOtherPlatforms.contains(reference) {
        return (18, ["no matching manifest for linux/arm64 in the manifest list entries"])
      }
      guard let id = host.published(reference) else { return (1, ["manifest unknown: \(reference)"]) }
      host.load(reference, id)
    }
    return (0, [])
  }

  private func rehearse(_ scope: ComposeScope, _ host: inout FakeHost.State) -> UpReport {
    host.tagVariable = state.withLock(\.tag)
    defer { host.tagVariable = "" }
    return host.rehearsed(references(scope, host))
  }

  private func up(_ scope: ComposeScope, _ host: inout FakeHost.State) -> (Int32, [String]) {
    guard host.isDockerUp else { return (1, ["Cannot connect to the Docker daemon"]) }
    host.tagVariable = state.withLock(\.tag)
    defer { host.tagVariable = "" }
    var lines: [String] = []
    var (all, rest) = (references(scope, host), [(service: String, reference: String)]())
    if host.comesToHalf {
      all.sort { $0.service < $1.service }
      (all, rest) = (Array(all[..<(all.count / 2)]), Array(all[(all.count / 2)...]))
    }
    if let conflict = host.createInVain(all) { return (1, [conflict]) }
    for (service, reference) in all {
      guard let id = host.image(reference) else { return (1, lines + ["no such image: \(reference)"]) }
      lines.append(host.replace(service, reference, id))
    }
    let failed = all.map(\.service).filter { host.isBlocked($0) }
    if host.stopsNext, failed.isEmpty { host.stopNext(of: rest) }
    if host.failsThere { return (1, lines + ["Error response from daemon: no space left on device"]) }
    return failed.isEmpty ? (0, lines) : (1, lines + ["Error: driver failed: port is already allocated"])
  }
}
