import Deployer
import Testing

struct NameTests {
  @Test(arguments: ["core", "workers-b", "0", "a.b_c-d", String(repeating: "a", count: 63)])
  func `a target name is lower case, digits and joints`(text: String) throws {
    #expect(try TargetName(text).value == text)
  }

  @Test(arguments: ["", "Core", "-core", ".core", "a b", "a/b", "ä", "a\n", "a\0", String(repeating: "a", count: 64)])
  func `anything else is no target name`(text: String) {
    #expect(throws: InvalidName.self) { try TargetName(text) }
  }

  @Test(arguments: ["sha-a1b2c3d", "latest", "_x", "1.2.3", String(repeating: "A", count: 128)])
  func `an image tag follows Docker's grammar`(text: String) throws {
    #expect(try ImageTag(text).value == text)
  }

  @Test(arguments: ["", ".x", "-x", "a:b", "a@b", "a b", "$(id)", String(repeating: "A", count: 129)])
  func `what Docker refuses is no image tag`(text: String) {
    #expect(throws: InvalidName.self) { try ImageTag(text) }
  }

  @Test func `a commit's short form is always seven characters`() throws {
    #expect(try GitSHA("0123456789abcdef0123456789abcdef01234567").short == "0123456")
  }

  @Test(arguments: [
    "", "0123456", "0123456789ABCDEF0123456789abcdef01234567", "g123456789abcdef0123456789abcdef01234567",
  ])
  func `a commit id is forty lower-case hexadecimal digits`(text: String) {
    #expect(throws: InvalidName.self) { try GitSHA(text) }
  }

  @Test(arguments: ["backend", "backtest-worker-1", "_x", "a.b"])
  func `a service name is a word of Compose`(text: String) throws {
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

  @Test(arguments: ["DB_NAME", "_", "a1", "IMAGE_TAG", "LDAP", "COMPOSED", "PATHS"])
  func `an environment name may be anything that is not reserved`(text: String) throws {
    #expect(try EnvironmentName(text).value == text)
  }

  @Test(arguments: [
    "", "1A", "A-B", "A=B", "A B", "é", "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "PS4", "SHELLOPTS", "LD_PRELOAD",
    "DOCKER_HOST", "COMPOSE_FILE", "UID",
  ])
  func `what the shell, Docker or Compose act upon is no environment name`(text: String) {
    #expect(throws: InvalidName.self) { try EnvironmentName(text) }
  }

  @Test func `a refused name is shown without its control characters`() {
    let error = #expect(throws: InvalidName.self) {
      try TargetName("\u{1b}[31m\n" + String(repeating: "x", count: 100))
    }
    #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    #expect(error.map { $0.description.count < 250 } == true)
  }

  @Test func `a refused name says what it is, why, and what is allowed`() {
    let error = #expect(throws: InvalidName.self) { try TargetName("Core") }
    #expect(error?.what == "'Core' is not a target name: it may not begin with 'C'")
    #expect(error?.nextStep.hasPrefix("use lower-case letters") == true)
  }
}
