import Testing

@testable import Deployer
@testable import Fakes

struct PullFailureReasonTests {
  private static let image = "ghcr.io/u/backend:sha-a1b2c3d"

  private static let table: [(PullFailure, String)] = [
    (
      PullFailure(cause: .noSuchTag, image: image, registry: "ghcr.io"),
      "ghcr.io has no image with the tag sha-a1b2c3d for u/backend: has CI finished building it? If it has, check the "
        + "image's name"
    ),
    (
      PullFailure(cause: .noSuchTag, image: "ghcr.io/u/cache:7", registry: "ghcr.io"),
      "ghcr.io has no image with the tag 7 for u/cache: check its name and tag in the compose file"
    ),
    (
      PullFailure(cause: .noSuchTag, image: "ghcr.io/u/cache:7@sha256:ab", registry: "ghcr.io"),
      "ghcr.io has no image ghcr.io/u/cache:7@sha256:ab: it may have been deleted there"
    ),
    (
      PullFailure(cause: .noSuchTag),
      "ghcr.io has no image with the tag sha-a1b2c3d: has CI finished building it?"
    ),
    (
      PullFailure(cause: .noAccess, image: image, registry: "ghcr.io"),
      "ghcr.io denied access to \(image): check the image's name, and that the token of ada in 1Password is valid and "
        + "may read it"
    ),
    (
      PullFailure(cause: .noAccess, image: "r.example.org/x:1", registry: "r.example.org"),
      "r.example.org denied access to r.example.org/x:1: check the image's name, or add r.example.org to 'registries' in "
        + "the inventory"
    ),
    (
      PullFailure(cause: .loginRefused, image: image, registry: "ghcr.io"),
      "ghcr.io refused the login of ada for u/backend: check that the token in 1Password is still valid"
    ),
    (PullFailure(cause: .loginRefused), "ghcr.io refused the login of ada: check that the token"),
    (
      PullFailure(cause: .loginRefused, image: "r.example.org/x:1", registry: "r.example.org"),
      "r.example.org requires a login for x: add r.example.org to 'registries' in the inventory; nothing"
    ),
    (
      PullFailure(cause: .loginRefused, image: "h.example.org/x:1", registry: "h.example.org"),
      "h.example.org requires a login for x: add h.example.org to 'registries' in the inventory: the login that "
        + "backend.example.org has for it is not used"
    ),
    (
      PullFailure(cause: .rateLimited, image: "redis:7", registry: "docker.io"),
      "docker.io is rate limiting requests for redis: try again later, or add docker.io to 'registries'"
    ),
    (
      PullFailure(cause: .otherPlatform("linux/amd64"), image: image, registry: "ghcr.io"),
      "\(image) exists, but not for linux/amd64, the platform of backend.example.org: build it for that platform as well"
    ),
    (PullFailure(cause: .otherPlatform(nil)), "an image exists, but not for the platform of backend.example.org"),
    (
      PullFailure(cause: .certificate, registry: "ghcr.io"),
      "backend.example.org does not trust the certificate of ghcr.io: install its CA certificate there in "
        + "/etc/docker/certs.d/ghcr.io"
    ),
    (
      PullFailure(cause: .unreachable, image: image, registry: "ghcr.io"),
      "backend.example.org cannot reach ghcr.io for"
    ),
    (PullFailure(cause: .diskFull), "the disk of backend.example.org is full"),
    (PullFailure(cause: .other(line: "what"), image: image, registry: "ghcr.io"), "pull of \(image) failed: what"),
    (PullFailure(cause: .other(line: "what")), "pull failed: what"),
  ]

  @Test(arguments: table)
  func `each reason says what failed and what to do, and that nothing was changed`(
    failure: PullFailure, words: String
  ) throws {
    let reason = failure.reason(plan: try .core(), hostLogins: ["https://h.example.org/v1/"])
    #expect(reason.contains(words), "\(reason)")
    #expect(reason.contains("nothing was changed"))
  }

  @Test func `all images that a registry refuses are named at once`() throws {
    var failure = PullFailure(cause: .noAccess, image: Self.image, others: ["ghcr.io/u/worker:1"], registry: "ghcr.io")
    #expect(failure.problem(plan: try .core()).what == "ghcr.io denied access to \(Self.image), ghcr.io/u/worker:1")
    failure.cause = .loginRefused
    #expect(failure.problem(plan: try .core()).what == "ghcr.io refused the login of ada for u/backend, u/worker")
  }

  @Test func `without a registry in the inventory the words still make sense`() throws {
    let plan = try Plan.core(registry: false)
    let reason = PullFailure(cause: .loginRefused).reason(plan: plan)
    #expect(reason.hasPrefix("the registry requires a login: add a 'registry' for the registry to the inventory"))
  }
}

struct UnusedLoginTests {
  private let servers = ["https://index.docker.io/v1/", "ghcr.io", "R.example.org:5000"]

  @Test func `each login of the host that the inventory lacks is told once`() throws {
    #expect(
      UnusedLogin.warnings(servers + ["docker.io"], plan: try .core()) == [
        "backend.example.org has its own login for docker.io, which is not used: add docker.io to 'registries' in "
          + "the inventory",
        "backend.example.org has its own login for r.example.org:5000, which is not used: add r.example.org:5000 to "
          + "'registries' in the inventory",
      ])
    #expect(UnusedLogin.warnings([], plan: try .core()).isEmpty)
  }

  @Test func `a registry that no image comes from is not told`() throws {
    let images = [(service: "a", reference: "ghcr.io/u/b:1"), (service: "c", reference: "redis:7")]
    let warnings = UnusedLogin.warnings(servers, plan: try .core(), images: images)
    #expect(warnings.map { $0.contains("docker.io") } == [true])
  }
}
