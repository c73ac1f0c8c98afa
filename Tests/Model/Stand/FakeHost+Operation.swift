import Platform

@testable import Deployer
@testable import Fakes

extension FakeHost.State {
  /// Sets up what is to disturb the next deployment.
  mutating func prepare(
    _ fault: Operation.Fault?, stop: StopSignal, copyLedger: @escaping @Sendable () -> Void
  ) {
    let kill: @Sendable (inout FakeHost.State) -> Void = { state in
      guard !state.isAbandoned else { return }
      copyLedger()
      state.isAbandoned = true
    }
    switch fault {
    case nil, .endRefused: break
    case .stoppedAtOnce: _ = stop.request(2)
    case .stoppedEarly: for step in [StepName.login, .config] { hooks[step] = { _ in _ = stop.request(2) } }
    case .stoppedLate: hooks[.up] = { _ in _ = stop.request(2) }
    case .killedEarly: for step in [StepName.login, .config] { hooks[step] = kill }
    case .killedBeforeUp: hooks[.up] = kill
    case .killedInUp, .killedReplacing, .killedAfterUp: ended[.up] = kill
    case .killedAfterPull: ended[.pull] = kill
    case .killedBeforeRemoval: hooks[.scaleDown] = kill
    case .killedAfterRemoval: ended[.scaleDown] = kill
    case .cutEarly: for step in [StepName.login, .config] { hooks[step] = { $0.cut = .before(step) } }
    case .cutBeforeUp: cut = .before(.up)
    case .cutInUp, .cutReplacing, .cutAfterUp: cut = .after(.up)
    case .failedReplacing:
      failsThere = true
      // A rollback of its own comes to the end.
      ended[.up] = { ($0.comesToHalf, $0.stopsNext, $0.failsThere) = (false, false, false) }
    case .lostBeforeUp, .lostInUp, .lostReplacing, .lostAfterUp:
      cut = fault == .lostBeforeUp ? .before(.up) : .after(.up)
      hooks[.up] = { $0.isUp = false }
    }
    comesToHalf = fault?.isInUp == true
    stopsNext = fault?.isReplacing == true
  }

  /// The network is as it was; returns whether the client was killed.
  mutating func recover() -> Bool {
    defer {
      (hooks, ended, cut, isUp, isAbandoned) = ([:], [:], nil, true, false)
      (comesToHalf, stopsNext, failsThere) = (false, false, false)
      lockOwner = nil
      requests = []
    }
    return isAbandoned
  }

  mutating func byHand(_ operation: Operation, _ number: Int) {
    switch operation {
    case .deploy, .rollback, .batch, .second, .colleague: break
    case .drop(let service):
      services.removeAll { $0 == service }
      if let profile = ModelStack.profile(of: service) { profiles[profile] = [] }
    case .rename(let service, let name):
      services.removeAll { $0 == service || $0 == name }
      services.append(name)
    case .restore(let service):
      if let profile = ModelStack.profile(of: service) {
        profiles[profile] = ModelStack.profiles[profile]
      } else if !services.contains(service) {
        services.append(service)
      }
    case .database(let tag): fixedTags["db"] = tag
    case .breakHealth(let service): broken.insert(service)
    case .mendHealth(let service): broken.remove(service)
    case .tag(let service): tagged.insert(service)
    case .untag(let service): tagged.remove(service)
    case .takePort(let service): unstartable.insert(service)
    case .takeName(let service): uncreatable.insert(service)
    case .free(let service):
      unstartable.remove(service)
      uncreatable.remove(service)
    case .stop(let service):
      for index in containers.indices where containers[index].service == service && containers[index].state != "created"
      {
        containers[index].state = "exited"
        containers[index].health = nil
      }
    case .remove(let service): containers.removeAll { $0.service == service }
    case .replace(let service, let tag):
      let reference = Self.reference(service, fixedTags[service] ?? tag)
      guard let id = registry[reference], services(under: ["*"]).contains(service) else { return }
      load(reference, id)
      tagVariable = tag
      _ = replace(service, reference, id)
      tagVariable = ""
    case .move(let tag):
      // Of every service, also of one that the compose file does not have just now.
      let (mine, own) = (services, profiles)
      (services, profiles) = (ModelStack.always, ModelStack.profiles)
      publish(tag, id: "\(tag)-\(number)")
      (services, profiles) = (mine, own)
    case .moveDatabase:
      let tag = fixedTags["db"] ?? ""
      registry[Self.reference("db", tag)] = "sha256:db-\(tag)-\(number)"
      published.insert("sha256:db-\(tag)-\(number)")
    case .prune:
      let used = Set(containers.map(\.imageID))
      local = local.filter { used.contains($0.value) }
    case .registry(let isUp): isRegistryUp = isUp
    }
  }

  /// A crash loop goes on while nobody looks.
  mutating func letTimePass() {
    for index in containers.indices {
      if case .crashing = behaviours[containers[index].imageID] ?? .good, containers[index].state == "running" {
        containers[index].restarts += 5
        containers[index].since = Self.date(clock).formatted(.iso8601)
      }
    }
  }
}
