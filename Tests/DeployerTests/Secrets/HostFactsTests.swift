import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// What a host said before the secrets were fetched, and what it says over a connection that does not know them.
struct HostFactsTests {
  private static let value = "correct horse battery"

  private static func old(_ service: String) -> Observation.Container {
    Observation.Container(
      service: service, id: "c0", reference: "r/\(value):1", imageID: "sha256:old", state: "running", health: nil,
      restarts: 0,
      exitCode: 0, since: "2026-11-24T10:00:00Z", name: service, restartPolicy: "always", project: "stack",
      directory: "/opt/core", imageLabel: "sha256:old")
  }

  /// Nothing can be redacted before.
  private static func sinceFetched(_ progress: [Progress]) -> ArraySlice<Progress> {
    progress.drop { if case .fetching = $0 { false } else { true } }
  }

  private static func everything(of person: FakeOperator, _ id: Int64) async throws -> String {
    let images = try await person.ledger.images(of: id)
    return
      "\(try await person.ledger.deployment(id) as Any) \(try await person.ledger.steps(of: id)) \(images) \(sinceFetched(person.progress))"
  }

  @Test func `an image's name and a service's label from before the secrets are neither recorded nor printed`()
    async throws
  {
    let person = try await FakeOperator(
      FakeHost { $0.containers = [Self.old("backend"), Self.old("job \(Self.value)")] })
    let result = try #require(try await person.deploy("A").ended)
    let all = "\(result) " + (try await Self.everything(of: person, result.deployment))
    #expect(result.outcome == .succeeded)
    #expect(all.contains("r/[REDACTED]:1"))
    #expect(!all.contains(Self.value), "\(all)")
  }

  @Test func `nor are they after a lost connection`() async throws {
    let person = try await FakeOperator(
      FakeHost {
        $0.cut = .after(.up)
        $0.hooks[.up] = { $0.containers.append(Self.old("job \(Self.value)")) }
      })
    let result = try #require(try await person.deploy("A").ended)
    let all = "\(result) " + (try await Self.everything(of: person, result.deployment))
    #expect(person.host.requests.count > 1)
    #expect(!all.contains(Self.value), "\(all)")
  }

  @Test(arguments: ["image", "service"])
  func `a deployment whose own image or service is named like a secret is refused`(kind: String)
    async throws
  {
    let person = try await FakeOperator(
      FakeHost {
        if kind == "service" {
          $0.services.append(Self.value)
          $0.publish("A")
        } else {
          $0.fixedTags["db"] = Self.value
          $0.publish("A")
        }
      })
    let refusal = try #require(try await person.deploy("A").refusal)
    guard case .secrets(let problems) = refusal else { return #expect(Bool(false), "\(refusal)") }
    #expect(problems.count == 1 && problems[0].what.contains("also part of a name"))
    #expect(!"\(refusal) \(person.progress)".contains(Self.value))
    #expect(try await person.newest() == nil)
  }

  @Test func `what a deployment reports passes the redactor`() {
    let needles = NeedleSet([("A", Secret(Self.value))])
    let reports: [Progress] = [
      .output(Self.value), .waiting(Self.value), .warning(Self.value), .explanation([Self.value]),
      .ended(.failed, reason: Self.value),
      .awaitingHealth([PendingService(Self.value, .starting)], limit: .seconds(20)),
    ]
    for report in reports { #expect(!"\(report.redacted(needles))".contains(Self.value)) }
    #expect(Progress.checking(host: "h").redacted(needles) == .checking(host: "h"))
  }

  @Test func `every text of an observation and of a check is redacted`() {
    let value = Self.value
    var container = Self.old(value)
    container.id = value
    container.imageID = value
    container.state = value
    container.health = value
    container.since = value
    container.name = value
    container.restartPolicy = value
    container.project = value
    container.directory = value
    let needles = NeedleSet([("A", Secret(value))])
    let seen = Observation(containers: [container], digests: [value: ["r@\(value)"]]).redacted(needles)
    #expect(!"\(seen)".contains(value), "\(seen)")
    var check = HostCheck()
    check.composeDigest = value
    check.lastAnchor = value
    check.foreignAnchor = value
    check.dockerVersion = value
    check.composeVersion = value
    #expect(!"\(check.redacted(needles))".contains(value))
  }
}
