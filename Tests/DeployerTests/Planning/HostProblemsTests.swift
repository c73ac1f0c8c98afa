import Testing

@testable import Deployer
@testable import Fakes

struct HostProblemsTests {
  static let table: [(HostCheck.Finding, String, String)] = [
    (.noFlock, "backend.example.org has no flock", "util-linux"),
    (.noDocker, "backend.example.org has no docker", "install Docker Engine"),
    (
      .dockerUnreachable("Cannot connect"), "Docker on backend.example.org does not respond: Cannot connect",
      "systemctl status docker"
    ),
    (.noCompose, "backend.example.org has no Docker Compose v2", "docker compose version"),
    (.noDirectory, "backend.example.org has no directory /opt/core", "fix 'directory' for core"),
    (.directoryClosed, "no permission to enter /opt/core on backend.example.org", "ask for access"),
    (.directoryReadOnly, "no permission to write to /opt/core on backend.example.org", "change its owner"),
    (.fileMissing("core.yml"), "/opt/core on backend.example.org has no core.yml", "copy it there"),
    (.fileUnreadable("core.yml"), "no permission to read /opt/core/core.yml on backend.example.org", "mode"),
    (.envFileMissing("prod.env"), "/opt/core on backend.example.org has no prod.env", "fix 'env_files' for core"),
  ]

  @Test(arguments: table)
  func `each finding is a problem with a next step`(finding: HostCheck.Finding, what: String, next: String) throws {
    var check = HostCheck()
    check.findings = [finding]
    let problems = check.problems(for: try Plan.core().target)
    #expect(problems.map(\.what) == [what])
    #expect(problems.first?.nextStep?.contains(next) == true)
    #expect(problems.first?.area == .host)
  }

  @Test func `every problem is reported, in the order of the findings`() throws {
    var check = HostCheck()
    check.findings = Self.table.map(\.0)
    #expect(check.problems(for: try Plan.core().target).map(\.what) == Self.table.map(\.1))
  }

  @Test func `a service that the compose file does not have is answered with those it has`() throws {
    let services = [ComposeService(name: "backend"), ComposeService(name: "db")]
    let reading = StackReader.Reading.read(ComposeProject(name: "core", services: services), unset: [])
    let problems = reading.problems(for: try Plan.core().target, wanted: ["backend", "bakend", "queue"])
    #expect(problems.map(\.what).first == "the compose file of core has no service bakend")
    #expect(
      problems.map(\.nextStep) == [
        "did you mean 'backend'? Its services are: backend, db", "its services are: backend, db",
      ])
  }

  @Test func `files that Compose cannot read are told with its own words`() throws {
    let problems = StackReader.Reading.failed(reason: "yaml: line 3").problems(for: try Plan.core().target)
    #expect(problems.map(\.what) == ["Compose cannot read the files of core: yaml: line 3"])
    #expect(problems.first?.nextStep?.hasSuffix(": docker compose -f 'core.yml' config -q") == true)
  }

  @Test func `a variable that the files insist on is missing in the inventory`() throws {
    let words = "error while interpolating x: required variable SECRET_KEY is missing a value: deployed by ktrdr"
    let problems = StackReader.Reading.failed(reason: words).problems(for: try Plan.core().target)
    #expect(problems.first?.nextStep == "add SECRET_KEY to 'environment' or 'secrets' of core")
  }

  @Test func `where Compose was not asked no service is missing`() throws {
    #expect(StackReader.Reading.notRead.problems(for: try Plan.core().target, wanted: ["backend"]) == [])
  }
}
