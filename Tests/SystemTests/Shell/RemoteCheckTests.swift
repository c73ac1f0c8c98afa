import TestSupport
import Testing

@testable import Deployer

struct RemoteCheckTests {
  private static let stack = """
    name: check
    services:
      web: {image: "repo/web:${IMAGE_TAG:?}"}
      db: {image: "repo/db:${DB_VERSION}"}
      extra: {image: "repo/extra:1", profiles: [scale-2]}
    """

  private static let variables: [(name: String, value: String)] = [("IMAGE_TAG", "mark"), ("DB_VERSION", "it's 16")]

  /// What Compose made of the files of a host.
  private func project(_ events: [RemoteEvent]?) throws -> ComposeProject {
    let model = try #require(ComposeModel(events ?? []))
    return try #require(ComposeProject(json: model.json, isResolved: true, secretMark: "secret", tagMark: "mark"))
  }

  @Test(arguments: HostShell.allCases)
  func `what a deployment needs is found in one call`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.write(Self.stack, to: "stack/compose.yaml")
    let events = try await host.call(host.script.check(variables: Self.variables))
    let facts = HostShell.facts(events)
    #expect(facts["flock"] == ["yes"])
    #expect(facts["docker"]?.first == "unreachable")
    #expect(facts["docker"]?.last?.contains("/nonexistent/docker.sock") == true)
    #expect(facts["directory"] == ["ok"])
    #expect(facts["writable"] == ["yes"])
    #expect(facts["file"] == ["ok", "compose.yaml"])
    let project = try project(events)
    #expect(project.name == "check")
    #expect(project.active(under: []) == ["db", "web"])
    #expect(project.active(under: ["scale-2"]) == ["db", "extra", "web"])
    #expect(project.services.map(\.image) == ["repo/db:it's 16", "repo/extra:1", "repo/web:mark"])
    #expect(project.services.map(\.takesTag) == [false, false, true])
    let sum = try await CommandRunner.system.run(
      Command("sha256sum", ["\(host.directory.path)/stack/compose.yaml"], environment: plainEnvironment), .seconds(20))
    #expect(facts["compose-digest"] == [String(decoding: sum.standardOutput.prefix(64), as: UTF8.self)])
    #expect(try host.directory.names(in: "stack") == ["compose.yaml"])
  }

  @Test(arguments: HostShell.allCases)
  func `a person is told the versions, too`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.write(Self.stack, to: "stack/compose.yaml")
    let events = try await host.call(host.script.diagnosis(variables: Self.variables))
    let facts = HostShell.facts(events)
    #expect(facts["docker"]?.first == "unreachable")
    #expect(facts["compose"]?.first == "ok")
    #expect(try project(events).active(under: []) == ["db", "web"])
  }

  @Test(arguments: HostShell.allCases)
  func `a deployment that another one came before since the survey is told so`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let (answer, _) = try await host.hold { session, _ in
      _ = await session.call(host.script.prologue() + host.script.check(variables: []))
      _ = try? await host.call(host.script.lock(owner: "somebody quicker"))
      return await session.call(host.script.lock(owner: "ada"))
    }
    #expect(answer == [.fact(name: "lock", fields: ["taken", "changed"])])
  }

  @Test(arguments: HostShell.allCases)
  func `a deployment that another one was at work beside during the survey is told so`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.write("somebody quicker\n", to: "stack/.ktrdr-lock")
    let lock = "\(host.directory.path)/stack/.ktrdr-lock"
    func flock(_ words: String...) async throws -> Int32? {
      try await CommandRunner.system.run(Command("flock", words, environment: plainEnvironment), .seconds(20)).status
    }
    async let holder = flock(lock, "sleep", "2")
    while try await flock("-n", lock, "true") == 0 { try await Task.sleep(for: .milliseconds(5)) }
    let (answer, _) = try await host.hold { session, _ in
      let check = await session.call(host.script.prologue() + host.script.check(variables: []))
      #expect(HostCheck(check ?? []).lockOwner == "somebody quicker")
      var answer: [RemoteEvent]?
      repeat {
        answer = await session.call(host.script.lock(owner: "ada"))
      } while HostShell.facts(answer)["lock"]?.first == "held"
      return answer
    }
    #expect(try await holder == 0)
    #expect(answer == [.fact(name: "lock", fields: ["taken", "changed"])])
  }

  @Test(arguments: HostShell.allCases)
  func `the services are those of the chosen files`(shell: HostShell) async throws {
    let host = try LocalHost(shell, composeFiles: ["a.yml", "b.yml"])
    try host.directory.write(Self.stack, to: "stack/a.yml")
    try host.directory.write("services: {cache: {image: \"repo/cache:1\"}}", to: "stack/b.yml")
    let events = try await host.call(host.script.check(variables: Self.variables))
    #expect(try project(events).services.map(\.name) == ["cache", "db", "extra", "web"])
    #expect(HostCheck(events ?? []).files == ["a.yml", "b.yml"])
  }

  @Test(arguments: HostShell.allCases)
  func `a host that lacks flock and a compose file is told fact by fact`(shell: HostShell) async throws {
    var host = try LocalHost(shell)
    host.environment["PATH"] = try host.directory.programs(["cat", "tail", "sed", "cut", "grep", "sort", "sha256sum"])
    let facts = try await host.facts(host.script.check(variables: []))
    #expect(facts["flock"] == ["no"])
    #expect(facts["file"] == ["missing", "compose.yaml"])
  }

  @Test(arguments: HostShell.allCases)
  func `a directory that is not there is told, and nothing is made in its place`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let script = RemoteScript(
      nonce: host.script.nonce, directory: "\(host.directory.path)/gone", composeFiles: ["a.yml"])
    let (events, _) = try await Conversations.run(shell.command(host.environment)) { conversation in
      await RemoteSession(conversation, script: script)
        .call(script.prologue() + script.check(variables: []) + script.lock(owner: "ada"))
    }
    #expect(events?.contains(.fact(name: "directory", fields: ["missing"])) == true)
    #expect(events?.contains { if case .fact("file", _) = $0 { true } else { false } } == false)
    #expect(try host.directory.names() == ["home", "stack"])
  }

  @Test(arguments: HostShell.allCases)
  func `a compose file that Compose cannot read is told with Compose's own words`(shell: HostShell) async throws {
    let host = try LocalHost(shell, composeFiles: ["a.yml"])
    try host.directory.write("services: {web: [not, a, service]}", to: "stack/a.yml")
    let model = ComposeModel(try await host.call(host.script.check(variables: [])) ?? [])
    #expect(model?.status == 15)
    #expect(model?.failure.contains("services.web") == true)
    #expect(model?.json == [])
  }

  @Test(arguments: HostShell.allCases)
  func `the host's own settings choose files and profiles, by Compose's own reading`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.write(Self.stack, to: "stack/compose.yaml")
    try host.directory.write("services: {cache: {image: \"repo/cache:1\"}}", to: "stack/pr od.yaml")
    try host.directory.write(
      "COMPOSE_FILE=compose.yaml+pr ${STAGE}.yaml\nCOMPOSE_PATH_SEPARATOR=+\nCOMPOSE_PROFILES=scale-2, gpu\n",
      to: "stack/.env")
    let events = try await host.call(host.script.check(variables: Self.variables + [("STAGE", "od")]))
    let check = HostCheck(events ?? [])
    #expect(check.files == ["compose.yaml", "pr od.yaml"])
    #expect(check.hostProfiles == ["scale-2", "gpu"])
    #expect(try project(events).services.map(\.name) == ["cache", "db", "extra", "web"])
  }

  @Test(arguments: HostShell.allCases)
  func `the inventory's own files stand above the host's settings`(shell: HostShell) async throws {
    let host = try LocalHost(shell, composeFiles: ["deploy/a.yml"], envFiles: ["one.env", "two.env"])
    try host.directory.makeDirectory("stack/deploy")
    try host.directory.write(Self.stack, to: "stack/deploy/a.yml")
    try host.directory.write(
      "IMAGE_TAG=x\nDB_VERSION=1\nCOMPOSE_FILE=other.yaml\nCOMPOSE_PROFILES=a\n", to: "stack/one.env")
    try host.directory.write("DB_VERSION=2\n", to: "stack/two.env")
    let events = try await host.call(host.script.check(variables: [("IMAGE_TAG", "mark")]))
    #expect(HostCheck(events ?? []).files == ["deploy/a.yml"])
    #expect(HostCheck(events ?? []).hostProfiles == ["a"])
    #expect(try project(events).service("db")?.image == "repo/db:2")
    #expect(try project(events).service("web")?.image == "repo/web:mark")
  }

  @Test(arguments: HostShell.allCases)
  func `a variable is found in its file and line, and another directory is told from the same one`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    let more = ["# $apr1", "#$apr1", "x-a: [\"$$apr1\", $apr12, \"${apr1_x}\"]", "x-b: \"u:$apr1$x\""]
    try host.directory.write(([Self.stack] + more).joined(separator: "\n"), to: "stack/compose.yaml")
    try host.directory.makeDirectory("other")
    let link = "\(host.directory.path)/link"
    let (places, directories) = try await host.hold { session, _ -> ([VariablePlace], [String: OtherDirectory]) in
      _ = await session.call(
        Array("ln -s \"$directory\" '\(link)'\n".utf8) + host.script.check(variables: Self.variables))
      let places = try? await session.locate(["DB_VERSION", "apr1"])
      let directories = try? await session.compareDirectories([link, "\(host.directory.path)/other", "/nowhere"])
      return (places ?? [], directories ?? [:])
    }.0
    #expect(
      places == [
        VariablePlace(variable: "DB_VERSION", file: "compose.yaml", line: 4),
        VariablePlace(variable: "apr1", file: "compose.yaml", line: 9),
      ])
    #expect(directories == [link: .same, "\(host.directory.path)/other": .another, "/nowhere": .gone])
  }

  @Test(arguments: HostShell.allCases)
  func `Compose is found in the user's own plugin directory first`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.makeDirectory("home/.docker/cli-plugins")
    try host.directory.write("#!/bin/sh\necho \"own $*\"\n", to: "home/.docker/cli-plugins/docker-compose")
    let seen = try await host.call(
      steps("chmod +x \"$HOME/.docker/cli-plugins/docker-compose\"\nfind_compose\nstep demo compose version --short"))
    #expect(seen?.contains(.output("own version --short")) == true)
  }

  @Test(arguments: HostShell.allCases)
  func `the host's chosen Docker context is kept, unless its environment names another engine`(
    shell: HostShell
  ) async throws {
    var host = try LocalHost(shell)
    try host.directory.makeDirectory("home/.docker")
    try host.directory.write(
      "{\n  \"auths\": {},\n  \"currentContext\": \"rootless\"\n}\n", to: "home/.docker/config.json")
    let ask = steps("use_context\nstep demo sh -c 'echo \"context=$DOCKER_CONTEXT\"'")
    #expect(try await host.call(ask)?.contains(.output("context=")) == true)
    host.environment["DOCKER_HOST"] = nil
    #expect(try await host.call(ask)?.contains(.output("context=rootless")) == true)
  }

  @Test(arguments: HostShell.allCases)
  func `anchors are left on the host and read back, each ledger's own`(shell: HostShell) async throws {
    let host = try LocalHost(shell, composeFiles: ["a.yml"])
    for line in ["1 one 1 aa", "1 two 1 bb", "1 one 2 cc"] {
      #expect(try await host.call(host.script.anchor(line)) == [.fact(name: "anchored", fields: [])])
    }
    #expect(
      try await host.call(host.script.anchors(of: "one"))
        == [
          .fact(name: "anchors", fields: ["readable"]), .fact(name: "anchor", fields: ["1 one 1 aa"]),
          .fact(name: "anchor", fields: ["1 one 2 cc"]), .fact(name: "foreign-anchor", fields: ["1 two 1 bb"]),
        ])
    let facts = try await host.facts(host.script.check(variables: [], ledger: "one"))
    #expect(facts["anchor"] == ["1 one 2 cc"])
    #expect(try host.directory.read("stack/.ktrdr-anchors").split(separator: "\n").count == 3)
  }

  @Test(arguments: HostShell.allCases)
  func `after the last anchor the shell ends on its own, with the lock or without`(shell: HostShell) async throws {
    let host = try LocalHost(shell, composeFiles: ["a.yml"])
    for before in [host.script.lock(owner: "ada"), steps("")] {
      let (answers, end) = try await host.hold { session, _ in
        _ = await session.call(before)
        return [await session.call(host.script.anchor("1 one 1 aa", isLast: true)), await session.call(steps(""))]
      }
      #expect(answers == [[.fact(name: "anchored", fields: [])], nil])
      #expect(end.status == 0)
    }
  }
}
