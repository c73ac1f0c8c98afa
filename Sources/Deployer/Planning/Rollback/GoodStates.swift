import Ledger

/// The good states of one service as a stack: a deployment that succeeded is put on top, and a rollback that succeeded takes
/// off all that lies above the state it went to. So a rollback never leads to a deployment that one has left.
struct GoodStates {
  /// The image that a deployment left; `nil` for no container. At the bottom, what was there before the first one.
  private struct State {
    var deployment: Int64?
    var image: String?
  }

  private var stack: [State] = []
  /// States that were good once, though a rollback may have left them.
  private var everGood: Set<String?> = []
  /// Beside each deployment that was left, the rollback that left it.
  private(set) var left: [Int64: Int64] = [:]

  /// `history` is newest first.
  init(of history: [LastGood.Past]) {
    stack = [State(deployment: nil, image: history.last?.before?.id)]
    for past in history.reversed() where past.deployment.outcome == .succeeded {
      let (id, image) = (past.deployment.id, past.after?.id)
      if past.deployment.start.kind == .rollback {
        let kept = height(goingTo: image, from: past.before?.id)
        for case let deployment? in stack[kept...].map(\.deployment) { left[deployment] = id }
        stack.removeSubrange(kept...)
      }
      stack.append(State(deployment: id, image: image))
      everGood.insert(image)
    }
  }

  func contains(_ deployment: Deployment) -> Bool { stack.contains { $0.deployment == deployment.id } }

  /// Whether no rollback has left what was there before the first deployment.
  var hasFirst: Bool { stack.first.map { $0.deployment == nil } ?? false }

  /// How many states a rollback to `image` leaves on the stack.
  private func height(goingTo image: String?, from before: String?) -> Int {
    if let index = stack.lastIndex(where: { $0.image == image }) { return index + 1 }
    // A good version that was left before has been chosen by hand: nothing is left for it.
    guard let before, !everGood.contains(image) else { return stack.count }
    // One that never was good on record has left what ran before it.
    return (stack.lastIndex { $0.image != before } ?? -1) + 1
  }
}
