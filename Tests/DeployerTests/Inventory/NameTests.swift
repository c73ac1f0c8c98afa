import Deployer
import Testing

struct NameTests {
  @Test(arguments: ["core", "workers-b", "0", "a.b_c-d", String(repeating: "a", count: 63)])
  func `a target name has lowercase letters, digits and separators`(text: String) throws {
    #expect(try TargetName(text).value == text)
  }

  @Test(arguments: ["", "Core", "-core", ".core", "a b", "a/b", "ä", "a\n", "a\0", String(repeating: "a", count: 64)])
  func `anything else is an invalid target name`(text: String) {
    #expect(throws: InvalidName.self) { try TargetName(text) }
  }

  @Test(arguments: ["sha-a1b2c3d", "latest", "_x", "1.2.3", String(repeating: "A", count: 128)])
  func `an image tag follows Docker's grammar`(text: String) throws {
    #expect(try ImageTag(text).value == text)
  }

  @Test(arguments: ["", ".x", "-x", "a:b", "a@b", "a b", "$(id)", String(repeating: "A", count: 129)])
  func `a tag that Docker would reject is invalid`(text: String) {
    #expect(throws: InvalidName.self) { try ImageTag(text) }
  }

  @Test func `a commit's short form is always seven characters`() throws {
    #expect(try GitSHA("0123456789abcdef0123456789abcdef01234567").short == "0123456")
  }

  @Test(arguments: [
    "", "0123456", "0123456789ABCDEF0123456789abcdef01234567", "g123456789abcdef0123456789abcdef01234567",
  ])
  func `anything but 40 lowercase hexadecimal digits is an invalid commit id`(text: String) {
    #expect(throws: InvalidName.self) { try GitSHA(text) }
  }

  @Test(arguments: ["backend", "backtest-worker-1", "_x", "a.b"])
  func `a service name follows Compose's grammar`(text: String) throws {
    #expect(try ServiceName(text).value == text)
  }

  @Test(arguments: ["", "-d", "a b", "a;b", "*"])
  func `a service name cannot be an option or a pattern`(text: String) {
    #expect(throws: InvalidName.self) { try ServiceName(text) }
  }

  @Test(arguments: ["", "-x", "_x", "*", "a,b"])
  func `a profile name cannot be an option or a pattern`(text: String) {
    #expect(throws: InvalidName.self) { try ProfileName(text) }
  }

  @Test(arguments: [
    "DB_NAME", "a1", "IMAGE_TAG", "LDAP", "COMPOSED", "PATHS", "COMPOSE_PORT_HTTP", "DOCKER_IMAGE_BACKEND",
    "HTTP_PROXY",
    "OTEL_EXPORTER_OTLP_ENDPOINT", "TZ", "BUILDX_NO_DEFAULT_ATTESTATIONS", "COMPOSE_HTTP_TIMEOUT", "DOCKER_TLS_PORT",
  ])
  func `an environment variable can have any name that is not reserved`(text: String) throws {
    #expect(try EnvironmentName(text).value == text)
  }

  @Test func `the image tag's own variable has a valid name`() throws {
    #expect(try EnvironmentName(EnvironmentName.imageTag.value) == .imageTag)
  }

  @Test(arguments: [
    "", "1A", "A-B", "A=B", "A B", "é", "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "PS4", "SHELLOPTS", "LD_PRELOAD",
    "DOCKER_HOST", "COMPOSE_FILE", "UID", "_", "RANDOM", "DOCKER_CONTENT_TRUST_SERVER", "COMPOSE_EXPERIMENTAL_OTEL",
  ])
  func `variables that the shell, Docker or Compose act on are reserved`(text: String) {
    #expect(throws: InvalidName.self) { try EnvironmentName(text) }
  }

  @Test func `an invalid name is shown without its control characters`() {
    let error = #expect(throws: InvalidName.self) {
      try TargetName("\u{1b}[31m\n" + String(repeating: "x", count: 100))
    }
    #expect(error?.oneLine.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    #expect(error.map { $0.oneLine.count < 250 } == true)
  }

  @Test func `an invalid name is reported with its kind, the reason and what is allowed`() {
    let error = #expect(throws: InvalidName.self) { try TargetName("Core") }
    #expect(error?.what == "invalid target name 'Core': must not start with 'C'")
    #expect(error?.nextStep?.hasPrefix("use up to 63 lowercase letters") == true)
  }
}
