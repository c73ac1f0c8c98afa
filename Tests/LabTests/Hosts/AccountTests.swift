import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Several accounts of one host, each with its own operator, machine and ledger.
  @Suite(.serialized) struct AccountTests {
    private static let target = "workers-b.ktrdr.lab"

    /// The operator of an account, whose target is the directory that the group shares.
    private func person(_ account: String, in directory: String) async throws -> Operator {
      var person = try await Operator()
      person.environment["KTRDR_OPERATOR"] = "\(account)@example.org"
      let stack = "\(person.lab.root)/hosts/workers-b/stack"
      try person.rewriteInventory {
        $0.replacing("host: \(Self.target)", with: "host: \(account)@\(Self.target)").replacing(stack, with: directory)
      }
      return person
    }

    private func deploy(_ person: Operator, _ tag: Int) async throws {
      let result = try await person.ktrdr("deploy", "target", "workers-b", "--tag", person.lab.facts.tags_good[tag])
      #expect(result.status == 0, "\(result.error)")
      #expect(!result.error.contains("could not leave"), "\(result.error)")
      let image = try await person.lab.docker(
        on: "workers-b", ["inspect", "--format", "{{.Config.Image}}", "shared-web-1"])
      #expect(image.hasSuffix(":\(person.lab.facts.tags_good[tag])"))
    }

    private func owners(_ lab: Lab, _ directory: String) async throws -> String {
      try await lab.shell("cd \(directory) && stat -c '%n %U %a' .ktrdr-*".replacing("%U", with: "%u"))
    }

    @Test(arguments: [["ann", "bob", "ann"], ["bob", "ann", "bob"]])
    func `accounts of one group deploy in turn and leave anchors, whoever was first`(names: [String]) async throws {
      let lab = try await Lab.shared()
      try await lab.withAccounts { directory in
        var people: [String: Operator] = [:]
        for name in Set(names) { people[name] = try await person(name, in: directory) }
        for (index, name) in names.enumerated() {
          try await deploy(try #require(people[name]), index)
          let text = try await lab.shell("cat \(directory)/.ktrdr-lock")
          #expect(text.hasPrefix("\(name)@example.org with deployment "), "\(text)")
        }
        #expect(try await lab.shell("wc -l <\(directory)/.ktrdr-anchors") == "3")
        let first = names[0] == "ann" ? "7001" : "7002"
        #expect(
          try await owners(lab, directory) == ".ktrdr-anchors \(first) 664\n.ktrdr-lock \(first) 660")
      }
    }

    @Test func `files of an earlier version, which are one account's alone, stand in nobody's way`() async throws {
      let lab = try await Lab.shared()
      try await lab.withAccounts { directory in
        let (ann, bob) = (try await person("ann", in: directory), try await person("bob", in: directory))
        try await deploy(ann, 0)
        try await lab.shell("chmod 644 \(directory)/.ktrdr-lock \(directory)/.ktrdr-anchors")
        try await deploy(bob, 1)
        try await deploy(ann, 2)
        #expect(try await lab.shell("cat \(directory)/.ktrdr-lock").hasPrefix("ann@example.org"))
        #expect(try await lab.shell("wc -l <\(directory)/.ktrdr-anchors") == "3")
        #expect(try await owners(lab, directory) == ".ktrdr-anchors 7002 664\n.ktrdr-lock 7002 660")
        // Who was there first proves their ledger all the same.
        let proven = try await ann.ktrdr("ledger", "verify", "--anchors")
        #expect(proven.output.contains("workers-b"), "\(proven.output)\(proven.error)")
        #expect(!proven.output.contains("missing"), "\(proven.output)")
      }
    }

    @Test func `who comes second is told which account's operator holds the lock`() async throws {
      let lab = try await Lab.shared()
      try await lab.withAccounts { directory in
        let (ann, bob) = (try await person("ann", in: directory), try await person("bob", in: directory))
        try await deploy(ann, 0)
        try await lab.shell("chmod 644 \(directory)/.ktrdr-lock")
        let registry = try lab.registryProcess()
        kill(registry, SIGSTOP)
        defer { kill(registry, SIGCONT) }
        let tag = lab.facts.tags_good[1]
        let first = try await bob.ktrdr("deploy", "target", "workers-b", "--tag", tag) { _ in
          try? await bob.waitForStep("login", of: 1)
          let second = try? await ann.ktrdr("deploy", "target", "workers-b", "--tag", tag)
          #expect(second?.status == 75, "\(second?.error ?? "")")
          #expect(
            second?.error.contains("locked by bob@example.org with deployment 1") == true, "\(second?.error ?? "")")
          kill(registry, SIGCONT)
        }
        #expect(first.status == 0, "\(first.error)")
      }
    }

    @Test func `an account that nobody may log in to is told as that`() async throws {
      let lab = try await Lab.shared()
      try await lab.withAccounts { directory in
        let result = try await person("carl", in: directory).ktrdr("doctor", "workers-b")
        #expect(result.status == 69)
        #expect(
          result.output.contains(
            "no login to your account on carl@\(Self.target): This account is currently not available."),
          "\(result.output)")
      }
    }

    @Test func `a login shell and a shared connection that do not answer are given up after 20 seconds`() async throws {
      let lab = try await Lab.shared()
      try await lab.withAccounts { directory in
        let person = try await person("dora", in: directory)
        let socket = person.ownPath("master")
        let sharing = try person.connecting {
          "Host backend.ktrdr.lab\n  ControlMaster auto\n  ControlPath \(socket)\n  ControlPersist 300\n\($0)"
        }
        func ssh(_ words: String...) async throws -> Programs.Result {
          try await Programs.run("ssh", words, environment: sharing.environment)
        }
        try #require(try await ssh("backend.ktrdr.lab", "true").status == 0)
        let master = try #require(pid_t(try await ssh("-O", "check", "backend.ktrdr.lab").error.filter(\.isNumber)))
        kill(master, SIGSTOP)
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await sharing.ktrdr("doctor", "core", "workers-b")
        let took = clock.now - start
        kill(master, SIGCONT)
        _ = try await ssh("-O", "exit", "backend.ktrdr.lab")
        #expect(result.status == 69)
        #expect((.seconds(19)...(.seconds(40))).contains(took), "\(took)")
        for line in [
          "the shared ssh connection (ControlMaster) to backend.ktrdr.lab does not respond", "remove \(socket)",
          "the login shell on dora@\(Self.target) ran nothing within 20s",
        ] { #expect(result.output.contains(line), "\(result.output)") }
      }
    }
  }
}
