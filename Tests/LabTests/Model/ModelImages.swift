import Platform
import TestSupport

@testable import DeploymentModel

/// The images of the model's stack, in the lab's registry, and what Docker calls them.
struct ModelImages: Sendable {
  let lab: Lab
  /// The id of each name that the registry knows. The model's names have a registry of their own.
  private(set) var registry: [String: String] = [:]
  private(set) var published: Set<String> = []
  private(set) var bad: Set<String> = []

  private struct Image {
    var service: String
    var tag: String
    var kind = "good"
    var marker: String
  }

  init(_ lab: Lab) async throws {
    self.lab = lab
    var images: [Image] = []
    for tag in ["A", "B", "C", "D", "P", "bad", "crash"] {
      let kind = ["bad": "unhealthy", "crash": "crash"][tag] ?? "good"
      for service in ModelStack.repositories where ModelStack.takesTag(service) {
        images.append(Image(service: service, tag: tag, kind: kind, marker: "\(service)-\(tag)"))
      }
    }
    images += ModelStack.databaseTags.map { Image(service: "db", tag: $0, marker: "db-\($0)") }
    try await push(images)
  }

  /// Gives a tag to other images, of all services.
  mutating func move(_ tag: String, _ number: Int) async throws {
    try await push(
      ModelStack.repositories.filter(ModelStack.takesTag).map {
        Image(service: $0, tag: tag, marker: "\($0)-\(tag)-\(number)")
      })
  }

  mutating func moveDatabase(_ tag: String, _ number: Int) async throws {
    try await push([Image(service: "db", tag: tag, marker: "db-\(tag)-\(number)")])
  }

  private mutating func push(_ images: [Image]) async throws {
    let lines = images.map { "model/\($0.service) \($0.tag) \($0.kind) - \($0.marker)" }.joined(separator: "\n")
    let tool = "\(Lab.checkout)/Tests/lab/lib/images.py"
    let command = """
      printf '%s\\n' "$1" | python3 -B \(tool) \(lab.facts.registry) kpiteira \(lab.root)/secrets/registry-password --configs
      """
    let result = try await Programs.run("/bin/sh", ["-c", command, "sh", lines], environment: lab.environment)
    let ids = result.output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
    guard result.status == 0, ids.count == images.count else {
      throw Lab.CannotStart(description: "the model's images: \(result.error)")
    }
    for (image, id) in zip(images, ids) {
      registry[ModelStack.reference(image.service, image.tag)] = id
      published.insert(id)
      if image.kind != "good" { bad.insert(id) }
    }
  }

  /// The lab's registry in place of the model's, and the other way round.
  func real(_ reference: String) -> String { reference.replacing("ghcr.io/u/", with: ours) }
  func modelled(_ reference: String) -> String { reference.replacing(ours, with: "ghcr.io/u/") }

  private var ours: String { "\(lab.facts.registry)/model/" }
}
