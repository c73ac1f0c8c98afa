import Ledger

/// What a batch comes to on the first and on the second target.
enum BatchOperations {
  /// The whole of it is refused.
  case refused(ReferenceModel.Refusal)
  /// `nil`: the target has no part in it.
  case each([Operation?])

  var words: String {
    switch self {
    case .refused(let refusal): "\(refusal)"
    case .each: "begun"
    }
  }
}

extension Operation.Batch {
  /// From docs/rollback.md: a batch is taken back on each target on which it succeeded and changed something.
  func operations(_ first: ReferenceModel, _ second: ReferenceModel) -> BatchOperations {
    switch request {
    case .deploy(let deploy):
      var calm = deploy
      calm.fault = nil
      return .each([.deploy(deploy), .deploy(calm)])
    case .undo(let id):
      let records = first.records + second.records
      guard let batch = records.first(where: { $0.id == id })?.batch else { return .refused(.usage) }
      let deployments = records.filter { $0.batch == batch && $0.kind == .deploy && $0.outcome == .succeeded }
      guard records.contains(where: { $0.batch == batch && $0.kind == .deploy }) else { return .refused(.usage) }
      guard !deployments.isEmpty else { return .refused(.nothingToGoBackTo) }
      let changed = deployments.filter { $0.rows.values.contains { $0.before != $0.after } }
      guard !changed.isEmpty else { return .refused(.nothingToGoBackTo) }
      return .each(
        [false, true].map { isSecond in
          changed.first { $0.isOfSecond == isSecond }.map { .rollback(.init(undoing: $0.id)) }
        })
    }
  }
}
