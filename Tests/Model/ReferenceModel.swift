import Ledger

@testable import Deployer

/// What `deploy`, `rollback` and `status` have to do, written from docs/rollback.md and docs/reference.md without a look at
/// the code that does it. It knows what is on record; what is on the host is told to it before each operation.
struct ReferenceModel: Sendable {
  enum Refusal: Sendable, Equatable {
    case nothingToGoBackTo, usage, stopped, invalid
  }

  /// What an operation comes to.
  struct Prediction: Sendable {
    var refusal: Refusal?
    /// The new records, oldest first.
    var records: [ModelRecord] = []
    var after: ModelWorld
    /// The services whose containers must still be the very same.
    var kept: Set<String> = []
  }

  var records: [ModelRecord] = []
  /// The compose file as it is now.
  var file = ModelFile()

  /// The number that the next record of this target gets; targets share the ledger.
  var nextID: Int64 = 1

  func predict(_ operation: Operation, _ world: ModelWorld) -> Prediction {
    var prediction =
      switch operation {
      case .deploy(let deploy): predict(deploy, world)
      case .rollback(let rollback): predict(rollback, world)
      case .batch, .second, .colleague: preconditionFailure("of one target")
      default: Prediction(after: world)
      }
    for index in prediction.records.indices { prediction.records[index].file = file }
    prediction.kept = Set(
      world.containers.filter { prediction.after.containers[$0.key]?.id == $0.value.id }.keys)
    return prediction
  }

  // MARK: - Deploy

  private func predict(_ deploy: Operation.Deploy, _ world: ModelWorld) -> Prediction {
    guard deploy.fault != .stoppedAtOnce else { return Prediction(refusal: .stopped, after: world) }
    guard file.absent.isDisjoint(with: deploy.services) else { return Prediction(refusal: .invalid, after: world) }
    let covered =
      deploy.services.isEmpty
      ? ModelStack.active(under: deploy.profiles).filter { !file.absent.contains($0) } : deploy.services
    let images = covered.map { service -> (String, ModelImage?) in
      let id = world.registry[file.reference(service, deploy.tag)]
      return (service, id.map { ModelImage(id: $0, tag: file.tag(service, deploy.tag)) })
    }
    var record = ModelRecord(
      id: nextID, services: Set(covered), profiles: Set(deploy.profiles), tags: [deploy.tag])
    let isPulled = world.isRegistryUp && images.allSatisfy { $0.1 != nil }
    let run = ModelRun(
      file: file,
      steps: images.compactMap { service, image in
        image.map {
          ModelRun.Start(
            service: service, image: $0, reference: file.reference(service, deploy.tag), variable: deploy.tag)
        }
      },
      removed: deploy.services.isEmpty ? leftOver(under: deploy.profiles, world) : [], isPulled: isPulled,
      fault: deploy.fault)
    let end = run.perform(on: world)
    record.outcome = end.outcome
    record.mayHaveChanged = end.mayHaveChanged
    record.record(
      end, before: world, named: deploy.services.isEmpty ? nil : covered)
    var prediction = Prediction(records: [record], after: end.world)
    if deploy.rollsBack, end.outcome == .failed, end.mayHaveChanged, !run.isCut {
      goBack(after: record, before: world, deploy.fault, &prediction)
    }
    return prediction
  }

  /// The services of profiles that are no longer asked for, if a deployment with the profile brought them.
  private func leftOver(under profiles: [String], _ world: ModelWorld) -> Set<String> {
    let active = ModelStack.active(under: profiles)
    return Set(
      world.containers.keys.filter { service in
        guard !active.contains(service), !file.absent.contains(service), let profile = ModelStack.profile(of: service)
        else {
          return false
        }
        let newest = records.last { record in
          guard record.services.contains(service) else { return false }
          return record.rows[service]?.after != nil || (!record.wasSeen && record.mayHaveChanged)
        }
        return newest?.profiles.contains(profile) ?? false
      })
  }

  /// The rollback that follows on its own: to what ran before, nothing else.
  private func goBack(
    after failed: ModelRecord, before: ModelWorld, _ fault: Operation.Fault?, _ prediction: inout Prediction
  ) {
    guard !before.containers.isEmpty else { return }
    var changed = failed.rows.filter { $0.value.before != $0.value.after }
    var back = changed.compactMapValues(\.before)
    // What somebody had removed is not new: it stays, or goes back to what the deployment before had left.
    for (service, row) in changed where row.before == nil {
      guard let earlier = left(service, before: failed.id) else { continue }
      if row.after == earlier { changed[service] = nil } else { back[service] = earlier }
    }
    // Nobody wants back what one that did not succeed has put there, and what was not up.
    let isDown = back.contains { service, image in
      let newest = records.last { $0.isAbout(service) && ($0.mayHaveChanged || $0.outcome == .succeeded) }
      guard let newest, newest.outcome != .succeeded, changed[service]?.before != nil else { return false }
      return !before.isHealthy(service) && newest.rows[service]?.before != image
        && newest.left(service, running: image)
    }
    guard !isDown else { return }
    // What took the place of a service that cannot come back stays.
    let lost = gone(
      since: failed.id, before: failed.rows.compactMapValues(\.before), changed: Set(changed.keys),
      brought: Set(changed.keys.filter { back[$0] == nil }), prediction.after)
    let staying = changed.keys.filter { service in
      back[service] == nil && prediction.after.containers[service] != nil
        && lost.keys.contains { file.absent.contains($0) && ModelStack.isRenamed($0, to: service) }
    }
    for service in staying { changed[service] = nil }
    // What has been created anew on its own image may have the tag elsewhere.
    let retagged = failed.rows.filter { service, row in
      file.tagged.contains(service) && failed.services.contains(service) && changed[service] == nil
        && !staying.contains(service) && row.before == row.after
        && before.containers[service]?.id != prediction.after.containers[service]?.id
    }.compactMapValues(\.before)
    // What the failure has stopped is started again on the image that it had; if no image changed, only what it has not replaced.
    let stopped = failed.rows.filter { service, row in
      guard failed.services.contains(service), changed[service] == nil, retagged[service] == nil,
        row.before == row.after, let there = prediction.after.containers[service], !there.isRunning
      else { return false }
      return !changed.isEmpty || !retagged.isEmpty
        || (before.isHealthy(service) && before.containers[service]?.id == there.id)
    }.compactMapValues(\.before)
    guard !changed.isEmpty || !stopped.isEmpty || !retagged.isEmpty else { return }
    back.merge(stopped.merging(retagged) { image, _ in image }) { image, _ in image }
    let ofTag = back.filter { ModelStack.takesTag($0.key) }
    let first = (ofTag.isEmpty ? back : ofTag).min { $0.key < $1.key }
    let main =
      ofTag.isEmpty
      ? back.sorted { $0.key < $1.key }.lazy.compactMap { variableBefore(failed, $0.key, on: $0.value) }.first
        ?? before.containers.filter { ModelStack.takesTag($0.key) }.min { $0.key < $1.key }?.value.image.tag
        ?? first?.value.tag ?? ""
      : first?.value.tag ?? ""
    let there = before.local.union(failed.rows.values.compactMap { $0.after?.id })
    let run = ModelRun(
      file: file,
      steps: back.sorted { $0.key < $1.key }.map {
        let name =
          retagged[$0.key] == nil
          ? nil : prediction.after.containers[$0.key].flatMap { $0.isPinned ? nil : $0.reference }
        return ModelRun.Start(
          service: $0.key, image: $0.value, reference: name ?? "pinned",
          variable: variableBefore(failed, $0.key, on: $0.value) ?? main)
      },
      removed: Set(changed.keys.filter { back[$0] == nil }),
      isPulled: back.values.allSatisfy {
        there.contains($0.id) || (before.isRegistryUp && before.published.contains($0.id))
      },
      fault: fault?.isAtRemoval == true ? fault : nil,
      isIncomplete: !staying.isEmpty
        || failed.services.contains { service in
          changed[service] == nil && back[service] == nil && failed.rows[service]?.after != nil
            && !prediction.after.isHealthy(service)
        })
    let end = run.perform(on: prediction.after)
    var record = ModelRecord(
      id: failed.id + 1, kind: .rollback, outcome: end.outcome, mayHaveChanged: true,
      services: Set(changed.keys).union(back.keys),
      profiles: Set(back.keys.compactMap(ModelStack.profile)), undoes: failed.id)
    for (service, image) in back { record.variables[service] = variableBefore(failed, service, on: image) }
    record.tags = Set((ofTag.isEmpty ? back : ofTag).values.map(\.tag))
    record.record(end, before: prediction.after, named: Array(Set(changed.keys).union(back.keys)))
    prediction.records.append(record)
    prediction.after = end.world
  }

  /// What the tag's variable had for a service before a deployment, where the compose file has that elsewhere than in the image.
  private func variableBefore(_ failed: ModelRecord, _ service: String, on image: ModelImage) -> String? {
    guard file.tagged.contains(service) else { return nil }
    return variable(of: service, on: image, before: failed.id) ?? (ModelStack.takesTag(service) ? image.tag : nil)
  }

  // MARK: - Status

  /// The newest that succeeded and covered the service or took it away; one that merely saw it only where there is no other.
  func newestGood(_ service: String) -> ModelRecord? {
    let seeing = records.filter {
      $0.outcome == .succeeded && ($0.rows[service] != nil || $0.services.contains(service))
    }
    return seeing.last { $0.services.contains(service) || $0.rows[service]?.after == nil } ?? seeing.last
  }

  /// The verdict on each service that should run or has a container.
  func status(_ world: ModelWorld) -> [String: Verdict] {
    var found: [String: Verdict] = [:]
    for service in ModelStack.services {
      let expected = newestGood(service)?.rows[service]?.after
      guard let container = world.containers[service] else {
        if expected != nil, !file.absent.contains(service) { found[service] = .missing }
        continue
      }
      found[service] =
        if file.absent.contains(service) {
          .orphaned
        } else if expected == nil {
          .unrecorded
        } else if !container.isRunning {
          .stopped
        } else if world.isIll(container) {
          .unhealthy
        } else {
          container.image == expected ? .inSync : .drifted
        }
    }
    return found
  }
}

extension ModelRecord {
  mutating func record(_ end: ModelRun.End, before: ModelWorld, named: [String]?) {
    guard end.wasObserved else { return }
    let after = wasSeen ? end.world.images : nil
    let names = named ?? Array(Set(before.containers.keys).union(after?.keys ?? [:].keys))
    record(before: before.images, after: after, of: names)
  }
}
