import Testing

@testable import Deployer

struct PullFailureTests {
  @Test(arguments: [
    ("Error response from daemon: manifest unknown: manifest unknown", PullFailure.imageMissing),
    ("manifest for ghcr.io/u/b:sha-1 not found: manifest unknown", .imageMissing),
    ("Error response from daemon: Get \"https://ghcr.io/v2/\": unauthorized: authentication required", .refused),
    ("Error response from daemon: denied: denied", .refused), ("no basic auth credentials", .refused),
    ("toomanyrequests: You have reached your pull rate limit.", .rateLimited),
    ("write /var/lib/docker/tmp/x: no space left on device", .diskFull),
    ("Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host", .unreachable),
    ("dial tcp 127.0.0.1:5000: connect: connection refused", .unreachable),
    ("net/http: TLS handshake timeout", .unreachable), ("something else\n\n", .other(line: "something else")),
    ("", .other(line: "no output")),
  ])
  func `why a pull failed is read from the words of Docker and the registry`(said: String, failure: PullFailure) {
    #expect(PullFailure.classify(said) == failure)
  }

  @Test(arguments: [
    (PullFailure.imageMissing, "ghcr.io has no image with the tag sha-a1b2c3d: has CI finished building it?"),
    (.refused, "ghcr.io refused the login of ada"), (.unreachable, "backend.example.org cannot reach ghcr.io"),
    (.diskFull, "the disk of backend.example.org is full"), (.rateLimited, "is rate limiting requests"),
    (.other(line: "what"), "pull failed: what"),
  ])
  func `each reason says what happened, and that nothing was changed`(failure: PullFailure, words: String) throws {
    let reason = failure.reason(plan: try .core())
    #expect(reason.contains(words))
    #expect(reason.contains("nothing was changed"))
  }

  @Test func `without a registry in the inventory the words still make sense`() throws {
    let plan = try Plan.core(registry: false)
    #expect(PullFailure.refused.reason(plan: plan).hasPrefix("the registry refused the login of nobody"))
  }
}

struct UnsetVariablesTests {
  @Test(arguments: [
    (
      "time=\"2026-11-24T10:00:00Z\" level=warning msg=\"The \\\"DB_NAME\\\" variable is not set. Defaulting to a blank string.\"",
      ["DB_NAME"]
    ),
    (
      "WARN[0000] The \"JWT_SECRET\" variable is not set. Defaulting to a blank string. \nWARN[0000] The \"A\" variable is not set.",
      ["JWT_SECRET", "A"]
    ),
    ("The \"A\" variable is not set. x\nThe \"A\" variable is not set. y", ["A"]), ("all is well", []),
    ("variable is not set", []), ("", []),
  ])
  func `the variables that Compose missed are named, each once`(output: String, names: [String]) {
    #expect(UnsetVariables.named(in: output) == names)
  }
}
