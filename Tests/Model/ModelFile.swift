/// What a target's compose file says.
struct ModelFile: Sendable, Equatable {
  /// The services that it does not have, or not any more.
  var absent = Set(ModelStack.newNames.values)
  /// The tag of the database's image, which does not take that of a deployment.
  var databaseTag = ModelStack.databaseTags[0]
  /// The services that it gives a health check which fails.
  var broken: Set<String> = []
  /// The services that have the tag in a label as well.
  var tagged: Set<String> = []

  /// Does what somebody does to the file; nothing if that is no such operation.
  mutating func edit(_ operation: Operation) {
    switch operation {
    case .drop(let service): absent.insert(service)
    case .restore(let service): absent.remove(service)
    case .rename(let service, let name):
      absent.insert(service)
      absent.remove(name)
    case .database(let tag): databaseTag = tag
    case .breakHealth(let service): broken.insert(service)
    case .mendHealth(let service): broken.remove(service)
    case .tag(let service): tagged.insert(service)
    case .untag(let service): tagged.remove(service)
    default: break
    }
  }

  /// What the image of a service is called if that tag is deployed.
  func tag(_ service: String, _ tag: String) -> String { ModelStack.takesTag(service) ? tag : databaseTag }

  /// What a container has in its label.
  func label(_ step: ModelRun.Start) -> String? { tagged.contains(step.service) ? step.variable : nil }

  func reference(_ service: String, _ tag: String) -> String {
    ModelStack.reference(service, self.tag(service, tag))
  }
}
