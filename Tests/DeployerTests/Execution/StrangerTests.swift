import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Containers that carry a stack's labels and are not of it, and images of other repositories than the compose file's.
struct StrangerTests {
  /// What anybody makes who runs an image with these labels, or writes them.
  private static func stranger(
    _ service: String = "backend", label: String = "", state: String = "running"
  ) -> Observation.Container {
    Observation.Container(
      service: service, id: "a-first", reference: "evil.example.org/x:1", imageID: "sha256:evil", state: state,
      health: nil, restarts: 0, exitCode: 0, since: "2026-11-24T10:00:00Z", name: "quiet_bose",
      restartPolicy: "no", project: "stack", directory: "/opt/core", imageLabel: label)
  }

  @Test(arguments: ["", "sha256:of-another-image"])
  func `a stranger's container is not what ran, and a rollback never goes to it`(label: String) async throws {
    let person = try await FakeOperator()
    person.host.change { $0.containers = [Self.stranger(label: label)] }
    try await person.deploy("A")
    let record = try #require(try await person.ledger.images(of: 1).last { $0.service == "backend" })
    #expect(record.before == nil)
    #expect(record.after?.id == "sha256:backend-A")
    person.host.change { $0.containers.insert(Self.stranger(label: label), at: 0) }
    #expect(try await person.rollback().refusal != nil)
    try await person.deploy("B")
    person.host.change { $0.containers.insert(Self.stranger(label: label), at: 0) }
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.newest()?.start.tag == "A")
    #expect(!person.host.requests.joined().contains("evil"))
    #expect(try await !"\(person.ledger.images(of: 3))".contains("evil"))
  }

  /// Compose has written the image's own id on the container, so the compose file has changed since.
  private func moved() async throws -> FakeOperator {
    let person = try await FakeOperator()
    person.host.change { $0.containers = [Self.stranger(label: "sha256:evil")] }
    return person
  }

  @Test func `a repository that really changed is what ran before, and only a person goes back to it`() async throws {
    let person = try await moved()
    try await person.deploy("A")
    #expect(try await person.ledger.images(of: 1).last { $0.service == "backend" }?.before?.id == "sha256:evil")
    guard case .nothingToRollBackTo(let lines, _) = try #require(try await person.rollback().refusal) else {
      Issue.record("not refused for want of an image")
      return
    }
    #expect(lines.joined().contains("what ran before it is of another repository, evil.example.org/x"))
  }

  @Test func `the automatic rollback does not go back to another repository, and says so`() async throws {
    let person = try await moved()
    person.host.change { $0.behaviours["sha256:backend-A"] = .unhealthy }
    let result = try #require(try await person.deploy("A", ["backend"], rollsBack: true).ended)
    #expect(result.outcome == .failed)
    #expect(result.recovery == [])
    let said = "backend stays as it is: what ran before is of another repository, evil.example.org/x"
    #expect(person.progress.contains(.warning(said)))
  }

  /// Where the compose files name no repository, only Compose's own hand tells.
  @Test(arguments: [("", false), ("sha256:evil", true)])
  func `a service that the compose file does not have counts if Compose made it`(label: String, counts: Bool)
    async throws
  {
    let person = try await FakeOperator()
    person.host.change { $0.containers = [Self.stranger("gone", label: label)] }
    #expect(try await person.deploy("A").isSuccess)
    #expect(try await person.ledger.images(of: 1).contains { $0.service == "gone" } == counts)
  }

  @Test(arguments: [
    ("ghcr.io/u/b:${IMAGE_TAG}", "ghcr.io/u/b"), ("b@${DIGEST}", "b"), ("${REGISTRY}/b:1", nil), ("b${X}:1", nil),
    ("docker.io/library/b:1", "b"), ("index.docker.io/u/b", "u/b"), ("sha256:abc", nil),
  ])
  func `a variable may stand for an image's tag, not for its repository`(image: String, repository: String?) {
    let project = ComposeProject(name: "p", services: [ComposeService(name: "s", image: image)], isResolved: false)
    #expect(project.repository(of: "s") == repository)
    #expect(project.repository(of: "other") == nil)
  }

  @Test(arguments: [StepName.pull, .up])
  func `a host that reports a step nobody asked for leaves the deployment unknown`(step: StepName) async throws {
    let person = try await FakeOperator(FakeHost { $0.saysUnaskedIn = step })
    let result = try #require(try await person.deploy("A").ended)
    #expect(result.outcome == .unknown)
    let record = try #require(try await person.newest())
    #expect(record.outcome == .unknown)
    #expect(
      record.reason
        == "backend.example.org reported a step that it was not asked for, so nothing that it says can be believed")
    // It is not asked again.
    #expect(person.host.requests.count { $0 == "check" } == 1)
  }

  @Test func `two containers of a service that has one are refused, if they run different images`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      guard var second = state.containers.first(where: { $0.service == "backend" }) else { return }
      (second.id, second.name) = ("z", "backend-by-hand")
      state.containers.append(second)
    }
    #expect(try await person.deploy("B").isSuccess)
    person.host.change { state in
      guard var second = state.containers.first(where: { $0.service == "backend" }) else { return }
      (second.id, second.name, second.imageID, second.imageLabel) = ("z", "by-hand", "sha256:z", "sha256:z")
      state.containers.append(second)
    }
    let refusal = try #require(try await person.deploy("C").refusal)
    #expect("\(refusal)".contains("backend has one container in the compose file, but several run different images"))
    // Of several replicas some may be older than others.
    let seen = Observation(containers: person.host.change { $0.containers }, digests: [:])
    for (replicas, rivals) in [(1, 2), (2, 0)] {
      let service = ComposeService(name: "backend", image: "ghcr.io/u/backend:C", replicas: replicas)
      #expect(seen.rivals(of: "backend", in: ComposeProject(name: "stack", services: [service])).count == rivals)
    }
  }

  @Test func `of an interrupted up, the image that ran counts, not one that was never started`() {
    func container(_ id: String, _ state: String) -> Observation.Container {
      var container = Self.stranger(state: state)
      (container.id, container.imageID) = (id, "sha256:\(id)")
      return container
    }
    func image(_ containers: [Observation.Container]) -> String? {
      Observation(containers: containers, digests: [:]).image(of: "backend")?.id
    }
    #expect(image([container("1", "created"), container("2", "exited")]) == "sha256:2")
    #expect(image([container("1", "exited"), container("2", "running")]) == "sha256:2")
    #expect(image([container("1", "created")]) == "sha256:1")
  }
}
