import Ledger

/// What a rollback does with one service.
struct RollbackWay: Sendable {
  enum Action: Sendable {
    /// `nil` is a tag that the ledger has never seen on the service: then the tag's name decides.
    case goes(to: ImageIdentity?)
    /// Stopped and removed.
    case isRemoved
  }

  var service: ServiceName
  var action: Action
  /// The tag of the image that it goes to.
  var tag: ImageTag?
  /// What the tag's variable has for it, if the compose file has that elsewhere than in the image as well; `nil` where that is not on record:
  /// then what the others get.
  var variable: ImageTag?
  /// Whether it keeps its image, and only goes where others do.
  var isAlong = false
  /// The deployment that vouches for that image.
  var source: Deployment?
  var explanation: [String] = []

  var isRemoved: Bool { if case .isRemoved = action { true } else { false } }
  var image: ImageIdentity? { if case .goes(let image) = action { image } else { nil } }

  static func removal(of service: ServiceName, because reason: String) -> RollbackWay {
    RollbackWay(
      service: service, action: .isRemoved, explanation: ["\(service): stopped and removed (\(reason))"])
  }

  /// Goes to the last good image.
  static func lastGood(_ service: ServiceName, _ choice: LastGood.Choice) -> RollbackWay {
    let tag = ImageName(choice.image.reference).tag ?? (choice.isObserved ? nil : choice.source.start.tag)
    return RollbackWay(
      service: service, action: .goes(to: choice.image), tag: tag.flatMap { try? ImageTag($0) },
      source: choice.isObserved ? nil : choice.source, explanation: RollbackExplanation.lines(service, choice))
  }
}
