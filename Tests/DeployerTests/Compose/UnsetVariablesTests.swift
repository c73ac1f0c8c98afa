import Testing

@testable import Deployer

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
