import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// What a stack's files say decides what a deployment does, over a host that is a value.
struct StackDeploymentTests {
  private static let vpn = #""network_mode": "service:backend""#
  private static let awaiting =
    #""depends_on": {"migrate": {"condition": "service_completed_successfully", "required": true}}"#

  @Test func `a service that shares a network goes along, on the image that it runs`() async throws {
    let host = FakeHost { state in
      state.services = ["backend", "other", "proxy"]
      state.fixedTags = [:]
      state.fields["proxy"] = Self.vpn
      for tag in ["A", "B"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    #expect(try await person.deploy("B", ["backend"]).isSuccess)
    #expect(host.running == ["backend": "B", "other": "A", "proxy": "A"])
    #expect(try await person.newest()?.start.services == ["backend", "proxy"])
    #expect(try await person.ledger.images(of: 2).map(\.service) == ["backend", "proxy"])
  }

  @Test func `a job that was not deployed with the service that needs it stands in the record`() async throws {
    let host = FakeHost { state in
      state.services = ["backend", "migrate"]
      state.fields["backend"] = Self.awaiting
      for tag in ["A", "B"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    let result = try #require(try await person.deploy("B", ["backend"]).ended)
    #expect(result.outcome == .succeeded)
    #expect(result.reason == "migrate did not run: a deployed service needs it, but it was not deployed")
    let warning = "migrate will not run: a deployed service needs it, but it is not deployed"
    #expect(person.progress.contains(.warning(warning)))
  }

  @Test func `where the files depend on a secret, Compose reads them with it before anything is decided`() async throws
  {
    let person = try await FakeOperator(FakeHost { $0.needsSecrets = true })
    #expect(try await person.deploy("A").isSuccess)
    #expect(person.host.requests.prefix(4) == ["check", "model", "model", "lock"])
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `what the host's own settings switch on belongs, and is not scaled down`() async throws {
    let host = FakeHost { state in
      state.profiles = ["debug": ["probe"], "scale-2": ["worker"]]
      state.hostProfiles = ["debug"]
      for tag in ["A", "B"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A", profiles: ["scale-2"])
    #expect(host.running.keys.sorted() == ["backend", "db", "probe", "worker"])
    #expect(try await person.deploy("B").isSuccess)
    #expect(host.running == ["backend": "B", "db": "16", "probe": "B"])
  }

  @Test func `a container that nobody's profile brought is left alone`() async throws {
    let host = FakeHost { state in
      state.profiles = ["scale-2": ["worker"]]
      state.publish("A")
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      state.local["ghcr.io/u/worker:A"] = "sha256:worker-A"
      _ = state.replace("worker", "ghcr.io/u/worker:A", "sha256:worker-A")
    }
    #expect(try await person.deploy("A").isSuccess)
    #expect(host.running["worker"] == "A")
  }

  @Test func `a service that could be built runs the host's image only if no registry has one`() async throws {
    let host = FakeHost { $0.fields["backend"] = #""build": {"context": "."}"# }
    let person = try await FakeOperator(host)
    #expect(try await person.deploy("A").isSuccess)
    host.change { $0.local["ghcr.io/u/backend:built"] = "sha256:backend-built" }
    #expect(try await person.deploy("built").isSuccess)
    #expect(host.running["backend"] == "built")
    #expect(
      person.progress.contains { progress in
        if case .warning(let text) = progress {
          text.hasPrefix("no registry has ghcr.io/u/backend:built")
        } else {
          false
        }
      })
    host.change { $0.isRegistryUp = false }
    let unreachable = try #require(try await person.deploy("built").ended)
    #expect(unreachable.outcome == .failed)
    #expect(unreachable.reason?.contains("cannot reach") == true)
  }

  @Test func `a service that runs another image than the one asked for has not succeeded`() async throws {
    let host = FakeHost()
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      state.hooks[.up] = { state in
        // As if Compose had left the old container.
        state.local["ghcr.io/u/backend:B"] = "sha256:backend-A"
      }
    }
    let result = try #require(try await person.deploy("B").ended)
    #expect(result.outcome == .failed)
    #expect(result.reason == "backend runs ghcr.io/u/backend:A, not ghcr.io/u/backend:B")
  }

  @Test(arguments: ["directories", "locate", "images"])
  func `a question about the stack that gets no answer is not taken for a good one`(question: String) async throws {
    let host = FakeHost { state in
      state.fields["db"] = #""pull_policy": "never""#
      state.local["ghcr.io/u/db:16"] = "sha256:db-16"
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      for index in state.containers.indices { state.containers[index].directory = "/srv/staging/core" }
      if question == "locate" { state.unsetVariables = ["X"] }
      state.losesConnectionAt = question
    }
    #expect(try await person.deploy("B").ended == nil)
    #expect(host.running["backend"] == "A")
    #expect(try await person.newest()?.id == 1)
  }

  @Test func `the folder of the first compose file is the stack's own, however it is written`() {
    func others(_ file: String?, _ directories: String...) -> [String] {
      let containers = directories.enumerated().map { index, directory in
        var container = Observation.Container.of("backend", id: "c\(index)")
        container.directory = directory
        return container
      }
      return Observation(containers: containers, digests: [:])
        .directories(otherThan: "/srv/shop", composeFile: file)
    }
    #expect(others("deploy/compose.yaml", "/srv/shop", "/srv/shop/deploy") == [])
    #expect(others("./deploy/../up/compose.yaml", "/srv/shop/up") == [])
    #expect(others("../shared/compose.yaml", "/srv/shared") == [])
    #expect(others("/etc/stacks/compose.yaml", "/etc/stacks") == [])
    #expect(others("compose.yaml", "/srv/staging/shop") == ["/srv/staging/shop"])
    #expect(others(nil, "", "/srv/shop") == [])
  }

  @Test func `another directory is refused also where the files depend on a secret`() async throws {
    let host = FakeHost { state in
      state.needsSecrets = true
      state.directories["/srv/staging/core"] = .another
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      for index in state.containers.indices { state.containers[index].directory = "/srv/staging/core" }
    }
    #expect(try await person.deploy("B").refusal != nil)
    #expect(host.running["backend"] == "A")
  }

  @Test func `another directory with the same project is refused before anything changes`() async throws {
    let host = FakeHost { $0.directories["/srv/staging/core"] = .another }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      for index in state.containers.indices { state.containers[index].directory = "/srv/staging/core" }
    }
    let refusal = try #require(try await person.deploy("B").refusal)
    guard case .validation(let problems) = refusal else { return #expect(Bool(false), "\(refusal)") }
    #expect(problems.first?.what.contains("are both the Compose project stack") == true)
    #expect(host.running["backend"] == "A")
  }
}
