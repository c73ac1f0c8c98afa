import TestSupport
import Testing

@testable import Deployer

struct UploadTests {
  @Test(arguments: HostShell.allCases)
  func `a prologue that arrives cut off does nothing but say that the shell is there`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let prologue = host.script.prologue()
    // Every line's end, and a byte in five in one shell, in twenty-nine in the others.
    let stride = shell == .dash ? 5 : 29
    let cuts = (0..<prologue.count).filter { $0 % stride == 0 || prologue[$0] == UInt8(ascii: "\n") }
    let heard = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for worker in 0..<4 {
        group.addTask {
          var heard: [UInt8] = []
          for (index, cut) in cuts.enumerated() where index % 4 == worker {
            heard += try await host.feed(Array(prologue[..<cut])).standardOutput
          }
          return heard
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let lines = Set(String(decoding: heard, as: UTF8.self).split(separator: "\n"))
    let others = lines.filter { line in
      // What the shell itself has against a script without its end is all that it may say; bash shows the line, too.
      let isComplaint = ["/usr/bin/\(shell.rawValue): ", "sh: "].contains(where: line.hasPrefix)
      return line != "@@\(host.script.nonce) fact\tconnected" && (!isComplaint || line.contains("not found"))
    }
    #expect(others.isEmpty, "more than that the shell is there")
    #expect(try host.directory.names() == ["home", "stack"])
    let found = try await CommandRunner.system.run(
      Command("find", [host.directory.path, "-type", "f"], environment: plainEnvironment), .seconds(20))
    #expect(found.standardOutput == [])
  }

  /// A shell reads its commands in blocks, and a network cuts where it likes: the line that ends the upload may come later.
  @Test(arguments: HostShell.allCases, [0, 1, 2, 6, 11])
  func `what is left of the upload that takes the lock is no command`(shell: HostShell, left: Int) async throws {
    let host = try LocalHost(shell)
    let lock = host.script.lock(owner: "ada")
    // The last one is the whole line.
    let count = left == 11 ? host.script.endOfUpload.utf8.count + 1 : left
    let answers = try await host.hold { session, _ in
      [
        await session.call(Array(lock.dropLast(count))),
        await session.call(Array(lock.suffix(count)) + host.script.anchor("1 one 1 aa")),
        await session.call(host.script.anchor("2 one 2 bb")),
      ]
    }.0
    let anchored: [RemoteEvent] = [.fact(name: "anchored", fields: [])]
    #expect(answers == [[.fact(name: "lock", fields: ["taken", "unchanged"])], anchored, anchored])
  }

  private static let calls: [(String, @Sendable (RemoteScript) -> [UInt8])] = [
    ("ktrdr_up", { $0.up(UpRequest(scope: ComposeScope(profiles: ["scale-2"]), limit: .seconds(60))) }),
    ("ktrdr_pull", { $0.pull(ComposeScope(services: ["backend", "db"])) }), ("ktrdr_lock", { $0.lock(owner: "ada's") }),
    ("ktrdr_anchor", { $0.anchor("1 2 3") }),
  ]

  @Test(arguments: HostShell.allCases, ["ktrdr_up", "ktrdr_pull", "ktrdr_lock", "ktrdr_anchor"])
  func `a call that arrives cut off is not made, least of all with fewer arguments`(
    shell: HostShell, function: String
  ) async throws {
    let host = try LocalHost(shell)
    let make = try #require(Self.calls.first { $0.0 == function }).1
    let call = make(host.script)
    let ran = Array("\(function)() { printf '<%s>' \"$@\"; }\n".utf8)
    let complete = try await host.feed(ran + call.prefix { $0 != UInt8(ascii: "\n") } + [UInt8(ascii: "\n")])
    #expect(!complete.standardOutput.isEmpty)
    for cut in 0..<call.count {
      let heard = try await host.feed(ran + call[..<cut]).standardOutput
      #expect(heard.isEmpty || heard == complete.standardOutput, "cut after \(cut) bytes")
    }
  }

  @Test(arguments: HostShell.allCases)
  func `values that arrive cut off are given to nobody`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let values = host.script.values(
      environment: [("A", Array("x' $(echo ran) \n`echo ran`".utf8)), ("B", Array("y".utf8))],
      login: Array("{'auths'}".utf8))
    for cut in 0..<values.count { #expect(try await host.feed(Array(values[..<cut])).standardOutput == []) }
  }

  @Test func `what Compose is told to do is an exact list of words`() throws {
    let script = RemoteScript(nonce: Nonce(), directory: "/opt/core", composeFiles: [])
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    #expect(
      text(script.up(UpRequest(scope: ComposeScope(services: ["backend"]), limit: .seconds(60))))
        .contains(#"ktrdr_up '60' '' 'stack' 'up' '-d' '--pull' 'never' '--no-build' '--no-deps' 'backend'"#))
    #expect(
      text(script.up(UpRequest(scope: ComposeScope(profiles: ["scale-2"]), limit: .seconds(60))))
        .contains(#"ktrdr_up '60' '' 'stack' '--profile' 'scale-2' 'up' '-d' "#))
    let started = UpRequest(
      scope: ComposeScope(services: ["db"], isPinned: true), onlyStarted: ["c1", "c2"], limit: .seconds(60))
    #expect(text(script.up(started)).contains("ktrdr_compare 'c1 c2' 'pinned' 'config' '--hash' '*' "))
    #expect(text(script.up(started)).contains("ktrdr_up '60' '' 'pinned' 'up' '-d' "))
    #expect(text(script.pull(ComposeScope(services: ["db"]))).contains("ktrdr_pull 'stack' 'pull' 'db' "))
    #expect(
      text(script.up(UpRequest(scope: ComposeScope(services: ["db"], isPinned: true), limit: .seconds(60))))
        .contains("ktrdr_up '60' '' 'pinned' 'up' '-d' '--pull' 'never' '--no-build' '--no-deps' 'db' "))
  }

  @Test func `the prologue holds no secret, and a directory with quotes in it is one word`() async throws {
    let script = RemoteScript(nonce: Nonce(), directory: "/opt/it's $(id)", composeFiles: [])
    #expect(String(decoding: script.prologue(), as: UTF8.self).contains(#"directory='/opt/it'\''s $(id)'"#))
  }
}
