import Testing

@testable import Deployer
@testable import Fakes

/// What a deployment says of images that it cannot have.
struct FailedPullTests {
  @Test func `an image that Docker does not name is found by pulling each by itself`() async throws {
    let person = try await FakeOperator(FakeHost { $0.forOtherPlatforms = ["ghcr.io/u/db:16"] })
    let result = try #require(try await person.deploy("A").ended)
    #expect(result.reason?.hasPrefix("ghcr.io/u/db:16 exists, but not for linux/arm64, the platform of") == true)
    #expect(person.host.running.isEmpty)
    // The closer look is no step of the deployment.
    #expect(try await person.steps(of: result.deployment) == ["login", "pull"])
  }

  @Test func `the image of another service is not taken for the deployment's`() async throws {
    let person = try await FakeOperator(FakeHost { $0.registry["ghcr.io/u/db:16"] = nil })
    let result = try #require(try await person.deploy("A").ended)
    let words = "ghcr.io has no image with the tag 16 for u/db: check its name and tag in the compose file"
    #expect(result.reason?.hasPrefix(words) == true, "\(result.reason ?? "")")
  }

  @Test func `a login of the host's own that an image needs is told, and no other`() async throws {
    let person = try await FakeOperator(FakeHost { $0.hostLogins = ["ghcr.io", "other.example.org"] })
    var plan = try person.plan("A")
    plan.registries = []
    await person.perform(.deploy(plan))
    let warnings = person.progress.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    #expect(warnings.filter { $0.contains("its own login") }.map { $0.contains("for ghcr.io, which") } == [true])
  }
}
