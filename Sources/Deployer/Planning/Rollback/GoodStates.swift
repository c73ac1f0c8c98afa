import Ledger

/// The good states of one service as a stack: a deployment that succeeded is put on top, and a rollback that succeeded takes
/// off all that lies above the state it went to. So a rollback never leads to a deployment that one has left.
struct GoodStates {
  /// The image that a deployment left; `nil` for no container. At the bottom, what was there before the first one.
  private struct State {
    var deployment: Int64?
    var image: String?
    var tag: String?
  }

  private var stack: [State] = []
  /// States that were good once, though a rollback may have left them, with the newest deployment that was good with each.
  private var everGood: [String?: Int64] = [:]
  /// The tags of the good deployments that took the service away.
  private var tagsWithoutIt: Set<String> = []
  /// Beside each deployment that was left, who left it.
  private(set) var left: [Int64: Leaver] = [:]

  enum Leaver: Equatable {
    case rollback(Int64)
    /// Somebody without ktrdr.
    case hand
  }

  /// The newest deployment that changed the service.
  private var newestChange: LastGood.Past?

  /// - Parameters:
  ///   - history: the ended deployments of the service, newest first.
  ///   - found: what it runs now.
  init(of history: [LastGood.Past], found: ImageIdentity? = nil) {
    stack = [State(deployment: nil, image: history.last?.before?.id)]
    for past in history.reversed() {
      look(at: past.before?.id)
      let (id, image) = (past.deployment.id, past.after?.id)
      if past.deployment.outcome == .succeeded {
        if past.deployment.start.kind == .rollback {
          if let newest = everGood[image], !stack.contains(where: { $0.image == image }) {
            leave(after: newest, by: id)
          }
          leave(above: height(of: past), by: .rollback(id))
        }
        let tag = past.deployment.start.tag
        stack.append(State(deployment: id, image: image, tag: tag))
        if past.deployment.start.kind == .deploy || everGood[image] == nil { everGood[image] = id }
        if past.deployment.start.kind == .deploy, image == nil, past.before != nil, let tag {
          tagsWithoutIt.insert(tag)
        }
      }
      if past.reachedHost, !past.isEndSeen || past.before?.id != image { newestChange = past }
    }
    look(at: found?.id)
  }

  /// The image on top; `nil` for no container.
  var top: String? { stack.last?.image }

  /// The deployment that first put there what is on top, as far as it has been there ever since; `nil` if it was there before the first.
  var topSource: Int64? {
    let first = stack.lastIndex { $0.image != top } ?? -1
    return stack.indices.contains(first + 1) ? stack[first + 1].deployment : nil
  }

  /// The deployment that had put the newest state there by the end of deployment `id`, of those that are still in the stack.
  func source(at id: Int64) -> Int64? { stack.compactMap(\.deployment).last { $0 <= id } }

  /// The deployment that changed the service last and did not succeed, where it does not run what is on top: if it does not run what that
  /// one left either, somebody has removed or replaced it since.
  func attempt(beside image: ImageIdentity?) -> Deployment? {
    guard image?.id != top, let change = newestChange,
      change.deployment.outcome != .succeeded, change.isEndSeen || change.before?.id != image?.id
    else { return nil }
    return change.deployment
  }

  /// A good image that runs and is not on top was gone back to, unless a deployment brought it: by a rollback that did not succeed, or
  /// whose end nobody saw, or by hand.
  private mutating func look(at image: String?) {
    guard let image, image != top, let change = newestChange,
      let index = stack.lastIndex(where: { $0.image == image && $0.deployment != nil })
    else { return }
    let isItsOwn = change.isEndSeen ? change.after?.id == image : change.before?.id != image
    guard !isItsOwn || change.deployment.start.kind == .rollback else { return }
    leave(above: index + 1, by: isItsOwn ? .rollback(change.deployment.id) : .hand)
  }

  private mutating func leave(above height: Int, by leaver: Leaver) {
    for case let deployment? in stack[height...].map(\.deployment) { left[deployment] = leaver }
    stack.removeSubrange(height...)
  }

  /// To go to a version that had been left is to go back from what was deployed after it.
  private mutating func leave(after newest: Int64, by rollback: Int64) {
    func isLater(_ state: State) -> Bool { state.deployment.map { $0 > newest } ?? false }
    let kept = Set(stack.filter { !isLater($0) }.map(\.image))
    for state in stack where isLater(state) && !kept.contains(state.image) {
      if let deployment = state.deployment { left[deployment] = .rollback(rollback) }
    }
    stack.removeAll { isLater($0) && !kept.contains($0.image) }
  }

  /// Whether it is the image of a state in the stack, were it only observed.
  func has(_ image: ImageIdentity) -> Bool { stack.contains { $0.image == image.id } }

  func contains(_ deployment: Deployment) -> Bool { stack.contains { $0.deployment == deployment.id } }

  /// Whether no rollback has left what was there before the first deployment.
  var hasFirst: Bool { stack.first.map { $0.deployment == nil } ?? false }

  /// How many states a rollback leaves on the stack.
  private func height(of rollback: LastGood.Past) -> Int {
    let image = rollback.after?.id
    // A good version that was left before has been chosen by hand: nothing is left for it.
    if image == nil, isWithoutItAgain(rollback.deployment.start.tag) { return stack.count }
    if let index = stack.lastIndex(where: { $0.image == image }) { return index + 1 }
    guard let before = rollback.before?.id, everGood[image] == nil else { return stack.count }
    // One that never was good on record has left what ran before it.
    return (stack.lastIndex { $0.image != before } ?? -1) + 1
  }

  /// Whether a rollback to this tag that took the container away went to a deployment that had done so, and that one had left.
  private func isWithoutItAgain(_ tag: String?) -> Bool {
    guard let tag, tagsWithoutIt.contains(tag), stack.last?.tag != tag else { return false }
    return !stack.contains { $0.image == nil && $0.deployment != nil }
  }
}
