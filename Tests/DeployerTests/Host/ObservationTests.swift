import Ledger
import Platform
import Testing

@testable import Deployer
@testable import Fakes

struct ObservationTests {
  private let look: [RemoteEvent] = [
    .fact(
      name: "container",
      fields: [
        #""db""#, "c2", #""reg:5000/u/db:16""#, "sha256:d", "exited", "", "2", "137", "2026-11-24T10:00:00Z",
        "2026-11-24T09:59:59.5Z", #""/db""#, "no", #""core""#, #""/opt/core""#, #""sha256:d""#,
        #""/opt/core/a.yml,/opt/core/b.yml""#, "45", #""SIGINT""#,
        #""PASSWORD" "A\" \"B" "#,
      ]),
    .fact(
      name: "container",
      fields: [
        #""backend""#, "c1", #""ghcr.io/u/b:sha-1""#, "sha256:b", "running", "healthy", "0", "0",
        "2026-11-24T10:00:01Z", "2026-11-24T10:00:00Z",
        #""/b""#, "always", #""core""#, #""/opt/\u0026\tcore\n""#, #""""#, #""""#, "", #""""#, "",
      ]),
    .fact(name: "signal", fields: ["c2", "2", "1795600700500000000"]),
    .fact(name: "signal", fields: ["c2", "15", "1795600800000000000"]),
    .fact(name: "signal", fields: ["c1", "1", "1795600800000000000"]), .fact(name: "signal", fields: ["c1", "x", ""]),
    .fact(name: "digests", fields: ["sha256:b", "other/x@sha256:1 ghcr.io/u/b@sha256:2 "]),
    .fact(name: "observed", fields: ["ok", "1795600805"]),
  ]

  @Test func `a look is read in the order of the services`() throws {
    let seen = try #require(Observation(look))
    #expect(seen.services == ["backend", "db"])
    #expect(seen.containers.map(\.id) == ["c1", "c2"])
    #expect(seen.containers.map(\.name) == ["b", "db"])
    #expect(seen.containers[0].health == "healthy")
    #expect(seen.containers[1].health == nil)
    #expect(seen.containers[1].restarts == 2)
    #expect(seen.containers[1].exitCode == 137)
    #expect(seen.containers[1].since == "2026-11-24T10:00:00Z")
    #expect(seen.containers.map(\.created) == ["2026-11-24T10:00:00", "2026-11-24T09:59:59.5"])
    #expect(seen.containers.map(\.stopTimeout) == [10, 45])
    // The signal that ends it, and no other.
    #expect(seen.containers.map(\.toldToEnd) == [nil, Observation.Container.moment("2026-11-25T09:58:20.5Z")])
    #expect(seen.containers.map(\.restartPolicy) == ["always", "no"])
    #expect(seen.containers.map(\.project) == ["core", "core"])
    #expect(seen.containers.map(\.directory) == ["/opt/&\tcore\n", "/opt/core"])
    #expect(seen.containers.map(\.imageLabel) == ["", "sha256:d"])
    #expect(seen.containers.map(\.files) == [[], ["/opt/core/a.yml", "/opt/core/b.yml"]])
    #expect(seen.containers.map(\.emptyVariables) == [[], ["PASSWORD", #"A" "B"#]])
  }

  @Test func `the digest is that of the repository in the image's name`() throws {
    let seen = try #require(Observation(look))
    #expect(seen.digest(of: seen.containers[0]) == "ghcr.io/u/b@sha256:2")
    #expect(seen.digest(of: seen.containers[1]) == nil)
    #expect(seen.image(of: "backend")?.digest == "ghcr.io/u/b@sha256:2")
    #expect(seen.image(of: "nobody") == nil)
  }

  @Test
  func `of several containers that run, the newest tells the image: an up that was interrupted left the older ones`() {
    func container(_ id: String, _ state: String, created: String) -> Observation.Container {
      var container = Observation.Container.of("web", id: id, state: state)
      (container.imageID, container.created) = ("sha256:\(id)", created)
      return container
    }
    let (old, new) = ("2026-11-24T10:00:00.5", "2026-11-24T10:00:00.51")
    for (first, second, image) in [("running", "running", "b"), ("running", "exited", "a"), ("exited", "exited", "b")] {
      let seen = Observation(
        containers: [
          container("a", first, created: old), container("b", second, created: new),
          container("c", "created", created: "2026-11-24T11"),
        ], digests: [:])
      #expect(seen.image(of: "web")?.id == "sha256:\(image)")
    }
  }

  @Test func `a host that could not look has seen nothing, and that is not the same as nothing running`() {
    #expect(Observation([]) == nil)
    #expect(Observation([.fact(name: "observed", fields: ["failed"])]) == nil)
    #expect(Observation(Array(look.dropLast())) == nil)
    #expect(Observation([.fact(name: "observed", fields: ["ok", "1"])])?.containers == [])
  }

  @Test(arguments: [
    ("1795600805.25", 1_795_600_805.25), ("1795600805", 1_795_600_805), ("1795600805.%N", 1_795_600_805),
    ("when?", nil), ("", nil),
  ])
  func `the host's clock is read, whether its date knows fractions or not`(text: String, seconds: Double?) {
    #expect(Observation.clock(text)?.timeIntervalSince1970 == seconds)
  }

  @Test func `an image that has come from another repository since is asked for again`() throws {
    func seen(_ reference: String, _ digests: [String]) -> Bool {
      let container = Observation.Container(
        service: "s", id: "c", reference: reference, imageID: "sha256:b", state: "running", restarts: 0, exitCode: 0,
        since: "")
      return Observation(containers: [container], digests: ["sha256:b": digests]).knowsEveryRepository
    }
    #expect(seen("ghcr.io/u/b:sha-1", ["ghcr.io/u/b@sha256:2"]))
    #expect(!seen("other.io/u/b:sha-1", ["ghcr.io/u/b@sha256:2"]))
    #expect(seen("docker.io/library/busybox:1", ["busybox@sha256:2"]))
    #expect(seen("docker.io/u/b:1", ["u/b@sha256:2"]))
    #expect(seen("sha256:b", ["ghcr.io/u/b@sha256:2"]))
    #expect(seen("built-here:1", []))
  }

  @Test func `facts of another shape are left out`() {
    let odd: [RemoteEvent] = [
      .fact(name: "container", fields: ["db"]), .output("text"),
      .fact(name: "container", fields: [""] + Array(repeating: "x", count: 18)),
      .fact(name: "weather", fields: ["fine"]),
      .fact(name: "observed", fields: ["ok", "1"]),
    ]
    #expect(Observation(odd)?.containers == [])
  }
}

struct ImageNameTests {
  @Test(arguments: [
    ("ghcr.io/u/backend:sha-a1b2c3d", "ghcr.io/u/backend", "sha-a1b2c3d", nil),
    ("ghcr.io/u/backend", "ghcr.io/u/backend", nil, nil), ("busybox:1", "busybox", "1", nil),
    ("127.0.0.1:5000/u/db", "127.0.0.1:5000/u/db", nil, nil),
    ("127.0.0.1:5000/u/db:16", "127.0.0.1:5000/u/db", "16", nil),
    ("r:5/b:t@sha256:abc", "r:5/b", "t", "sha256:abc"), ("b@sha256:abc", "b", nil, "sha256:abc"), ("", "", nil, nil),
  ])
  func `an image's name is taken apart`(
    reference: String, repository: String, tag: String?, digest: String?
  ) {
    let name = ImageName(reference)
    #expect(name.repository == repository)
    #expect(name.tag == tag)
    #expect(name.digest == digest)
  }
}
