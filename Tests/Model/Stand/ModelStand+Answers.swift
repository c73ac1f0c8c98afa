@testable import Deployer
@testable import Ledger

// What the code says, in the model's terms.

extension ModelRecord {
  init(_ deployment: Deployment, _ images: [ImageRecord]) {
    let start = deployment.start
    self.init(
      id: deployment.id, kind: start.kind, outcome: deployment.outcome ?? .unknown, services: Set(start.services),
      profiles: Set(start.profiles), tags: Set([start.tag].compactMap { $0 }), undoes: start.undoes)
    isOfSecond = start.target == ModelAdapter.secondName.value
    batch = start.batch
    for image in images {
      let row = Row(before: image.before.map(ModelImage.init), after: image.after.map(ModelImage.init))
      if row.before != nil || row.after != nil { rows[image.service] = row }
    }
  }
}

extension ModelAnswer {
  init(_ outcome: Fleet.Outcome) {
    switch outcome {
    case .success: self.init(kind: .begun)
    case .failure(.skipped): self.init(kind: .skipped)
    case .failure(let failure):
      self.init(kind: ModelAdapter.refusal(failure).map { .refused($0) } ?? .other("\(failure)"))
    }
  }
}

extension ModelBatchAnswer {
  static func refused(_ refusal: ReferenceModel.Refusal) -> ModelBatchAnswer {
    ModelBatchAnswer(targets: [false, true].map { _ in ModelAnswer(kind: .refused(refusal)) })
  }
}

extension ModelImage {
  init(_ image: ImageIdentity) {
    self.init(id: image.id, tag: ImageName(image.reference).tag ?? "")
  }
}
