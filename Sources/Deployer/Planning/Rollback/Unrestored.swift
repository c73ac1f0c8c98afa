/// A service that should go back and cannot: the rollback ends as `failed`, naming it.
struct Unrestored: Sendable, Equatable {
  var service: String
  /// What becomes of it, and why; it follows the service's name.
  var reason: String

  /// What a person is told.
  var line: String { "\(service) \(reason)" }
}
