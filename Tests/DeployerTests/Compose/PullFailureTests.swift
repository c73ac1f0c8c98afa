import Testing

@testable import Deployer

/// What Docker Engine 20.10, 26.1 with containerd's store, GHCR, GitLab and Docker Hub say.
struct PullFailureTests {
  /// A stack whose images come from three registries.
  private static let images = [
    (service: "backend", reference: "ghcr.io/u/backend:sha-1"),
    (service: "worker", reference: "ghcr.io/u/worker:sha-1"),
    (service: "cache", reference: "redis:7"), (service: "tool", reference: "reg.example.org:5000/t/tool:2"),
  ]

  struct Said: Sendable {
    var line: String
    var cause: PullFailure.Cause
    var image: String?
    var registry: String?

    init(_ line: String, _ cause: PullFailure.Cause, _ image: String? = nil, _ registry: String? = nil) {
      (self.line, self.cause, self.image, self.registry) = (line, cause, image, registry)
    }
  }

  private static let worker = "ghcr.io/u/worker:sha-1"
  private static let tool = "reg.example.org:5000/t/tool:2"

  private static let ofEngine20 = [
    Said("manifest for \(worker) not found: manifest unknown: manifest unknown", .noSuchTag, worker, "ghcr.io"),
    Said("manifest for redis:7 not found: manifest unknown", .noSuchTag, "redis:7", "docker.io"),
    Said("Head \"https://ghcr.io/v2/u/worker/manifests/sha-1\": denied: denied", .noAccess, worker, "ghcr.io"),
    Said("Get \"https://ghcr.io/v2/\": denied: denied", .noAccess, nil, "ghcr.io"),
    Said(
      "Head \"https://reg.example.org:5000/v2/t/tool/manifests/2\": denied: access forbidden", .noAccess, tool,
      "reg.example.org:5000"),
    Said(
      "pull access denied for redis, repository does not exist or may require 'docker login': denied: requested access to "
        + "the resource is denied", .noAccess, "redis:7", "docker.io"),
    Said("unauthorized: authentication required", .loginRefused),
    Said(
      "Get \"https://reg.example.org:5000/v2/\": unauthorized: HTTP Basic: Access denied", .loginRefused, tool,
      "reg.example.org:5000"),
    Said(
      "Head \"https://ghcr.io/v2/u/worker/manifests/sha-1\": no basic auth credentials", .loginRefused, worker,
      "ghcr.io"),
    Said(
      "Head \"https://registry-1.docker.io/v2/library/redis/manifests/7\": unauthorized: incorrect username or password",
      .loginRefused, "redis:7", "docker.io"),
    Said(
      "toomanyrequests: You have reached your pull rate limit: https://www.docker.com/increase-rate-limit",
      .rateLimited,
      "redis:7", "docker.io"),
    Said("no matching manifest for linux/amd64 in the manifest list entries", .otherPlatform("linux/amd64")),
    Said(
      "Get \"https://reg.example.org:5000/v2/\": x509: certificate signed by unknown authority", .certificate, tool,
      "reg.example.org:5000"),
    Said("write /var/lib/docker/tmp/x: no space left on device", .diskFull),
    Said(
      "Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io on 9.9.9.9:53: no such host", .unreachable, nil, "ghcr.io"),
    Said(
      "Get \"http://reg.example.org:5000/v2/\": dial tcp 10.0.0.1:5000: connect: connection refused", .unreachable,
      tool, "reg.example.org:5000"),
    Said(
      "Get \"https://ghcr.io/token?scope=repository%3Au%2Fworker%3Apull&service=ghcr.io\": net/http: TLS handshake timeout",
      .unreachable, worker, "ghcr.io"),
    Said(
      "received unexpected HTTP status: 503 Service Unavailable",
      .other(line: "received unexpected HTTP status: 503 Service Unavailable")),
  ]

  private static let ofContainerd = [
    Said("failed to resolve reference \"\(worker)\": \(worker): not found", .noSuchTag, worker, "ghcr.io"),
    Said(
      "failed to resolve reference \"docker.io/library/redis:7\": docker.io/library/redis:7: not found", .noSuchTag,
      "redis:7", "docker.io"),
    Said(
      "failed to resolve reference \"\(worker)\": pull access denied, repository does not exist or may require "
        + "authorization: server message: insufficient_scope: authorization failed", .noAccess, worker, "ghcr.io"),
    Said(
      "failed to resolve reference \"\(tool)\": pull access denied, repository does not exist or may require "
        + "authorization: authorization failed: no basic auth credentials", .loginRefused, tool, "reg.example.org:5000"),
    Said(
      "failed to resolve reference \"\(tool)\": unexpected status from HEAD request to "
        + "https://reg.example.org:5000/v2/t/tool/manifests/2: 401 Unauthorized", .loginRefused, tool,
      "reg.example.org:5000"),
    Said(
      "failed to resolve reference \"\(worker)\": failed to authorize: failed to fetch oauth token: unexpected status from "
        + "GET request to https://ghcr.io/token?scope=repository%3Au%2Fworker%3Apull&service=ghcr.io: 403 Forbidden",
      .loginRefused, worker, "ghcr.io"),
    Said("no match for platform in manifest: not found", .otherPlatform(nil)),
    Said(
      "failed to resolve reference \"\(tool)\": failed to do request: Head \"https://reg.example.org:5000/v2/t/tool/"
        + "manifests/2\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
      .certificate,
      tool, "reg.example.org:5000"),
    Said(
      "failed to resolve reference \"\(worker)\": failed to do request: Head \"https://ghcr.io/v2/u/worker/manifests/"
        + "sha-1\": dial tcp 10.0.0.1:443: connect: connection refused", .unreachable, worker, "ghcr.io"),
  ]

  @Test(arguments: ofEngine20 + ofContainerd)
  func `the words of Docker and the registry give the cause and the image`(said: Said) {
    let failure = PullFailure.classify("Error response from daemon: \(said.line)", images: Self.images)
    let line = "Error response from daemon: \(said.line)"
    let cause: PullFailure.Cause = if case .other = said.cause { .other(line: line) } else { said.cause }
    #expect(failure == PullFailure(cause: cause, image: said.image, registry: said.registry))
  }

  @Test func `an image that Docker does not name is the only one that it can be`() {
    let output = "no matching manifest for linux/amd64 in the manifest list entries"
    let one = PullFailure.classify(output, images: [("a", Self.worker), ("b", Self.worker)])
    #expect(one == PullFailure(cause: .otherPlatform("linux/amd64"), image: Self.worker, registry: "ghcr.io"))
    let several = PullFailure.classify(output, images: [("a", Self.worker), ("b", "ghcr.io/u/backend:sha-1")])
    #expect(several == PullFailure(cause: .otherPlatform("linux/amd64"), image: nil, registry: "ghcr.io"))
  }

  @Test func `an image that the plan does not know is named as Docker names it`() {
    let failure = PullFailure.classify("manifest for ghcr.io/u/wroker:sha-1 not found: manifest unknown")
    #expect(failure == PullFailure(cause: .noSuchTag, image: "ghcr.io/u/wroker:sha-1", registry: "ghcr.io"))
  }

  @Test(arguments: [
    ("permission denied while trying to connect to the Docker daemon socket", "permission denied while trying"),
    ("time=\"x\" level=warning msg=\"x not found\"\nboom\n\n", "boom"), ("", "no output"),
  ])
  func `what is about no image is told as it is`(output: String, beginning: String) {
    let failure = PullFailure.classify(output, images: Self.images)
    let line = if case .other(let line) = failure.cause { line } else { "\(failure)" }
    #expect(line.hasPrefix(beginning))
    #expect(failure.image == nil)
  }
}
