import TestSupport
import Testing

@testable import Deployer

/// Docker is replaced by a program that writes down what it is given; all else is the real script in real shells.
struct RemoteRegistryTests {
  private static let docker = """
    case $1 in
      info) echo ' plain.example.org ' ;;
      manifest)
        echo "$*" >>"$HOME/asked"
        cat "$DOCKER_CONFIG/config.json" >>"$HOME/logins"
        echo "$DOCKER_CONFIG" >"$HOME/place"
        case $* in
          *missing*) echo 'first line' >&2; echo 'no such manifest: missing' >&2; exit 1 ;;
          *slow*) exec sleep 5 ;;
          *" --verbose "*) [ ! -e "$HOME/terse" ] || exit 1; printf '"config": {\n"digest": "sha256:0a"\n}\n"digest": "sha256:0b"\n' ;;
        esac ;;
    esac
    """

  private func host(_ shell: HostShell) throws -> LocalHost {
    var host = try LocalHost(shell)
    host.environment["XDG_RUNTIME_DIR"] = nil
    try host.directory.makeDirectory("home/bin")
    try host.directory.writeScript(Self.docker, to: "home/bin/docker")
    host.environment["PATH"] = "\(host.directory.path)/home/bin:\(host.environment["PATH"] ?? "")"
    return host
  }

  private func question(_ host: LocalHost, _ references: String...) -> [UInt8] {
    host.script.values(environment: [], login: Array(#"{"auths": {"r": {}}}"#.utf8)) + host.script.registry(references)
  }

  @Test(arguments: HostShell.allCases)
  func `each image is asked for with the login, and the login is gone afterwards`(shell: HostShell) async throws {
    let host = try host(shell)
    let text = question(host, "r.example.org/a:1", "plain.example.org/b:1", "127.0.0.1:5000/missing:2")
    let seen = try #require(try await host.call(text))
    let answers = seen.compactMap { event -> [String]? in
      if case .fact("registry", let fields) = event { fields } else { nil }
    }
    #expect(
      Set(answers) == [
        ["has", "r.example.org/a:1", "sha256:0a "], ["has", "plain.example.org/b:1", "sha256:0a "],
        ["refused", "127.0.0.1:5000/missing:2", "no such manifest: missing"],
      ])
    // Without TLS only where the engine itself goes without it.
    let asked = try host.directory.read("home/asked").split(separator: "\n").sorted()
    #expect(
      asked == [
        "manifest inspect --insecure 127.0.0.1:5000/missing:2",
        "manifest inspect --verbose --insecure 127.0.0.1:5000/missing:2",
        "manifest inspect --verbose --insecure plain.example.org/b:1", "manifest inspect --verbose r.example.org/a:1",
      ])
    let login = #"{"auths": {"r": {}}}"#
    #expect(try host.directory.read("home/logins") == login + login + login + login)
    #expect(try await !isThere(host))
    // A client that cannot give the long answer still says that there is one.
    try host.directory.write("", to: "home/terse")
    let terse = try #require(try await host.call(question(host, "r.example.org/a:1")))
    #expect(terse.contains(.fact(name: "registry", fields: ["has", "r.example.org/a:1", ""])), "\(terse)")
  }

  @Test(arguments: HostShell.allCases)
  func `the login is gone too when the client goes while a registry is silent`(shell: HostShell) async throws {
    let host = try host(shell)
    let text = question(host, "r.example.org/slow:1")
    let clock = ContinuousClock()
    let start = clock.now
    _ = try await host.hold { session, conversation in
      await conversation.send(text)
      while !host.directory.exists("home/place"), clock.now - start < .seconds(20) {
        try? await Task.sleep(for: .milliseconds(20))
      }
      await conversation.close()
      _ = await session.call([])
    }
    #expect(try await !isThere(host))
  }

  private func isThere(_ host: LocalHost) async throws -> Bool {
    let place = try host.directory.read("home/place").trimmed
    #expect(place.hasPrefix("/dev/shm/ktrdr."))
    return try await Programs.run("test", ["-e", place], environment: plainEnvironment).status == 0
  }
}
