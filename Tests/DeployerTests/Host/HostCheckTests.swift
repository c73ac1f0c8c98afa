import Testing

@testable import Deployer

struct HostCheckTests {
  static let facts: [(String, [String], String, String)] = [
    ("flock", ["no"], "backend.example.org has no flock", "util-linux"),
    ("docker", ["missing"], "backend.example.org has no docker", "install Docker Engine"),
    (
      "docker", ["unreachable", "Cannot connect to the Docker daemon "],
      "Docker on backend.example.org does not answer: Cannot connect to the Docker daemon", "systemctl status docker"
    ),
    ("compose", ["missing"], "backend.example.org has no Docker Compose v2", "docker compose version"),
    ("directory", ["missing"], "backend.example.org has no directory /opt/core", "mend 'directory' of core"),
    ("directory", ["denied"], "you may not enter /opt/core on backend.example.org", "ask for access"),
    ("writable", ["no"], "you may not write into /opt/core on backend.example.org", "change its owner"),
    ("file", ["missing", "core.yml"], "/opt/core on backend.example.org has no core.yml", "copy it there"),
    ("file", ["unreadable", "core.yml"], "you may not read /opt/core/core.yml on backend.example.org", "mode"),
    (
      "compose-file", ["invalid", "yaml: line 3: mapping values\n"],
      "Compose cannot read the files of core: yaml: line 3: mapping values", "docker compose config -q"
    ),
  ]

  @Test(arguments: facts)
  func `a fact that stands in the way is a problem with a next step`(
    name: String, fields: [String], what: String, next: String
  ) throws {
    let check = HostCheck([.fact(name: name, fields: fields)], target: try Plan.core().target, wanted: [])
    #expect(check.problems.map(\.what) == [what])
    #expect(check.problems.first?.nextStep?.contains(next) == true)
    #expect(check.problems.first?.area == .host)
  }

  @Test func `what is in order is kept, and is no problem`() throws {
    let events: [RemoteEvent] = [
      .fact(name: "flock", fields: ["yes"]), .fact(name: "docker", fields: ["ok", "20.10.24"]),
      .fact(name: "compose", fields: ["ok", "2.26.1"]), .fact(name: "directory", fields: ["ok"]),
      .fact(name: "writable", fields: ["yes"]), .fact(name: "anchor", fields: ["1 id 3 ab"]),
      .fact(name: "file", fields: ["ok", "core.yml"]), .fact(name: "compose-digest", fields: ["abc"]),
      .fact(name: "services", fields: ["backend", "db"]), .output("a banner"),
    ]
    let check = HostCheck(events, target: try Plan.core().target, wanted: ["backend"])
    #expect(check.problems == [])
    #expect(check.services == ["backend", "db"])
    #expect(check.composeDigest == "abc")
    #expect(check.lastAnchor == "1 id 3 ab")
    #expect(check.dockerVersion == "20.10.24")
    #expect(check.composeVersion == "2.26.1")
  }

  @Test func `every problem is reported, in the order in which it was found`() throws {
    let events = Self.facts.map { RemoteEvent.fact(name: $0.0, fields: $0.1) }
    let check = HostCheck(events, target: try Plan.core().target, wanted: [])
    #expect(check.problems.map(\.what) == Self.facts.map(\.2))
  }

  @Test func `a service that the compose file does not have is answered with those it has`() throws {
    let events: [RemoteEvent] = [.fact(name: "services", fields: ["backend", "db"])]
    let check = HostCheck(events, target: try Plan.core().target, wanted: ["backend", "bakend"])
    #expect(check.problems.map(\.what) == ["the compose file of core has no service bakend"])
    #expect(check.problems.first?.nextStep == "its services are: backend, db")
  }

  @Test func `services that could not be listed condemn nobody`() throws {
    #expect(HostCheck([], target: try Plan.core().target, wanted: ["backend"]).problems == [])
  }

  @Test func `a connection that ended during the checks is a problem of its own`() throws {
    let check = HostCheck(nil, target: try Plan.core().target, wanted: [])
    #expect(check.problems.map(\.what) == ["the connection to backend.example.org ended during the checks"])
  }
}
