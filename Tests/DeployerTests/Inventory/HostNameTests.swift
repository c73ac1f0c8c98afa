import Deployer
import Testing

struct HostNameTests {
  @Test(arguments: [
    "backend.ktrdr.home.mynerd.place", "core", "deploy@core", "10.0.0.1", "fe80::1", "::1", "root@2001:db8::7",
    "my_host",
    "Host-9",
  ])
  func `host names, ssh aliases and addresses are valid`(text: String) throws {
    #expect(try HostName(text).value == text)
  }

  @Test(arguments: [
    "", "-oProxyCommand=id", "a b", "a;id", "$(id)", "`id`", "a|b", "a&b", "a'b", "a\"b", "a\\b", "a\nb", "a\0b", "a/b",
    "@core", "a@", "-x@core", "a@-x", "a@b@c", "core:22", "ssh://core", "ünder", "[::1]", "fe80::1%eth0", "a*", "~",
    "{a}",
  ])
  func `text that could be an option or shell code is not a valid host`(text: String) {
    #expect(throws: InvalidName.self) { try HostName(text) }
  }

  @Test func `a port is rejected, and the message says where it belongs`() {
    let error = #expect(throws: InvalidName.self) { try HostName("core:2222") }
    #expect(error?.what.hasSuffix("must not include a port") == true)
    #expect(error?.nextStep?.contains("~/.ssh/config") == true)
  }

  @Test(arguments: [
    "workers-b", "workers-b.ktrdr.home.mynerd.place", "WORKERS-B", "op@workers-b.ktrdr.home.mynerd.place",
  ])
  func `a host matches its first label and its full name, in any case`(word: String) throws {
    #expect(try HostName("op@workers-b.ktrdr.home.mynerd.place").matches(word))
  }

  @Test(arguments: ["workers", "ktrdr", "workers-b.ktrdr", "op", ""])
  func `a host matches no other part of its name`(word: String) throws {
    #expect(try !HostName("op@workers-b.ktrdr.home.mynerd.place").matches(word))
  }

  @Test func `the first number of an address is not a label`() throws {
    #expect(try !HostName("10.0.0.1").matches("10"))
    #expect(try HostName("10.0.0.1").matches("10.0.0.1"))
  }

  @Test func `a target matches its own name and its host`() throws {
    let core = try Target(name: TargetName("core"), host: HostName("backend.example.org"), directory: "/opt/core")
    #expect(core.matches(host: "core"))
    #expect(core.matches(host: "backend"))
    #expect(!core.matches(host: "example"))
  }

  @Test func `the user is not part of the host`() throws {
    #expect(try HostName("op@core").host == "core")
    #expect(try HostName("core").host == "core")
  }
}
