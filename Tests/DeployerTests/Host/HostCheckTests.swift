import Testing

@testable import Deployer

struct HostCheckTests {
  static let facts: [(String, [String], HostCheck.Finding)] = [
    ("flock", ["no"], .noFlock), ("docker", ["missing"], .noDocker),
    (
      "docker", ["unreachable", "Cannot connect to the Docker daemon "],
      .dockerUnreachable("Cannot connect to the Docker daemon")
    ),
    ("compose", ["missing"], .noCompose), ("directory", ["missing"], .noDirectory),
    ("directory", ["denied"], .directoryClosed), ("writable", ["no"], .directoryReadOnly),
    ("file", ["missing", "core.yml"], .fileMissing("core.yml")),
    ("file", ["unreadable", "core.yml"], .fileUnreadable("core.yml")),
    ("env-file", ["missing", "prod.env"], .envFileMissing("prod.env")),
  ]

  @Test(arguments: facts)
  func `what is missing is found`(name: String, fields: [String], finding: HostCheck.Finding) {
    #expect(HostCheck([.fact(name: name, fields: fields)]).findings == [finding])
  }

  @Test func `what is in order is kept, and is no finding`() {
    let events: [RemoteEvent] = [
      .fact(name: "flock", fields: ["yes"]), .fact(name: "docker", fields: ["ok", "20.10.24"]),
      .fact(name: "compose", fields: ["ok", "2.26.1"]), .fact(name: "directory", fields: ["ok"]),
      .fact(name: "writable", fields: ["yes"]), .fact(name: "anchor", fields: ["1 id 3 ab"]),
      .fact(name: "file", fields: ["ok", "core.yml"]), .fact(name: "compose-digest", fields: ["abc"]),
      .fact(name: "host-profiles", fields: ["gpu, debug"]), .output("a banner"),
    ]
    let check = HostCheck(events)
    #expect(check.findings == [])
    #expect(check.hostProfiles == ["gpu", "debug"])
    #expect(check.files == ["core.yml"])
    #expect(check.composeDigest == "abc")
    #expect(check.lastAnchor == "1 id 3 ab")
    #expect(check.dockerVersion == "20.10.24")
    #expect(check.composeVersion == "2.26.1")
  }

  @Test func `every finding is kept, in the order in which it was made`() {
    let events = Self.facts.map { RemoteEvent.fact(name: $0.0, fields: $0.1) }
    #expect(HostCheck(events).findings == Self.facts.map(\.2))
  }
}

struct LockAnswerTests {
  @Test(arguments: [
    (["taken", "unchanged"], LockAnswer.taken(isUnchanged: true)), (["taken", "changed"], .taken(isUnchanged: false)),
    (["held", "ada"], .held(by: "ada")), (["held"], .held(by: "somebody")), (["held", ""], .held(by: "somebody")),
    (["held", "ada\u{1B}[2J"], .held(by: "ada")), (["refused", "it is a FIFO"], .refused(reason: "it is a FIFO")),
    (["odd"], .refused(reason: "no answer")),
  ])
  func `the lock's answer is read`(fields: [String], answer: LockAnswer) {
    #expect(LockAnswer([.output("x"), .fact(name: "lock", fields: fields)]) == answer)
  }

  @Test func `no answer about the lock is no lock`() { #expect(LockAnswer([]) == .refused(reason: "no answer")) }
}
