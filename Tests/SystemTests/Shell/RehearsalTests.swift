import TestSupport
import Testing

@testable import Deployer

/// Which Compose is asked to rehearse, in real shells. Compose is replaced by a function that says its version and its words.
struct RehearsalTests {
  private func events(_ shell: HostShell, version: String, status: Int = 0) async throws -> [RemoteEvent] {
    let host = try LocalHost(shell)
    let spy = """
      stack_files=compose.yaml
      compose() {
        case $1 in
          version) echo '\(version)' ;;
          *)
            echo "$*" >"$HOME/asked"
            echo ' DRY-RUN MODE -  Container s-db-1  Recreate'
            echo ' Container s-web-1  Running'
            echo 'no container of any service'
            return \(status) ;;
        esac
      }

      """
    let text =
      host.script.values(environment: [], login: []) + Array(spy.utf8)
      + host.script.rehearse(ComposeScope(services: ["db", "web"]))
    let seen = try #require(try await host.call(text))
    #expect(host.directory.exists("home/asked") == !seen.isEmpty)
    if !seen.isEmpty {
      let up = "--dry-run up -d --pull never --no-build --no-deps db web\n"
      #expect(try host.directory.read("home/asked") == up)
    }
    return seen
  }

  @Test(arguments: HostShell.allCases)
  func `what Compose says of containers arrives, with how it ended`(shell: HostShell) async throws {
    let lines: [RemoteEvent] = ["Container s-db-1  Recreate", "Container s-web-1  Running"].map {
      .fact(name: "rehearsed", fields: [$0])
    }
    #expect(try await events(shell, version: "2.26.1-4") == [.fact(name: "rehearsal", fields: ["0"])] + lines)
    #expect(try await events(shell, version: "v2.26.0", status: 1) == [.fact(name: "rehearsal", fields: ["1"])] + lines)
  }

  @Test(
    arguments: HostShell.allCases, ["2.17.3", "2.2.6", "2.25.0", "2.27.0", "2.40.3", "5.0.1", "12.26.1", "", "dev"])
  func `a version that may do what it should only rehearse is not asked`(shell: HostShell, version: String) async throws
  {
    #expect(try await events(shell, version: version).isEmpty)
  }
}
