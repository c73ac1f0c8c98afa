import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Two nodes of workers on real hosts.
  @Suite(.serialized) struct WorkersTests {
    private func containers(_ lab: Lab, _ host: String) async throws -> [String] {
      try await lab.docker(on: host, ["ps", "-a", "--format", "{{.Names}}"]).split(separator: "\n").map(String.init)
        .sorted()
    }

    private func history(_ person: Operator) async throws -> [[String: String]] {
      let lines = try await person.ktrdr("history", "--format", "csv").output.split(whereSeparator: \.isNewline)
      let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return lines.dropFirst().map { line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return Dictionary(uniqueKeysWithValues: zip(header, cells))
      }
    }

    @Test func `two nodes deployed at once overlap in time, share a batch, and read the item once`() async throws {
      let person = try await Operator()
      let log = URL(filePath: "\(person.lab.root)/op/calls.log")
      let before = (try? Data(contentsOf: log).count) ?? 0
      let result = try await person.ktrdr("deploy", "workers", "all", "--format", "json")
      #expect(result.status == 0, "\(result.error)")
      let reads = String(decoding: try Data(contentsOf: log).dropFirst(before), as: UTF8.self)
      #expect(reads.split(separator: "\n").filter { $0.hasPrefix("item get") }.count == 1)
      let records = try JSONDecoder().decode([Record].self, from: Data(result.output.utf8))
      #expect(records.map(\.target) == ["workers-b", "workers-c"])
      #expect(Set(records.map(\.batch)).count == 1)
      #expect(records[1].started_at < records[0].finished_at && records[0].started_at < records[1].finished_at)
      let variables = try await person.lab.docker(
        on: "workers-b", ["inspect", "--format", "{{json .Config.Env}}", "ktrdr-backtest-worker-1"])
      #expect(variables.contains("DB_USER=ktrdr"))
    }

    private struct Record: Decodable {
      var target: String
      var batch: String
      var started_at: String
      var finished_at: String
    }

    @Test func `scaling up to three and down to one leaves exactly the right containers`() async throws {
      let person = try await Operator()
      let stray = ["run", "-d", "--name", "stray", "\(person.lab.facts.registry)/kpiteira/ktrdr-backend:latest"]
      let up = try await person.ktrdr("deploy", "workers", "B", "--profile", "scale-2", "--profile", "scale-3")
      #expect(up.status == 0, "\(up.error)")
      let kinds = ["backtest", "training"]
      let all = kinds.flatMap { kind in (1...3).map { "ktrdr-\(kind)-worker-\($0)" } }
      #expect(try await containers(person.lab, "workers-b") == all)
      let image = try await person.lab.docker(on: "workers-b", ["inspect", "--format", "{{.Image}}", all[0]])
      _ = try await person.lab.docker(on: "workers-b", stray.dropLast() + [image])
      let plan = try await person.ktrdr("deploy", "workers", "B", "--dry-run")
      #expect(
        plan.output.contains(
          "stop and remove backtest-worker-2, backtest-worker-3, training-worker-2, training-worker-3"))
      #expect(try await containers(person.lab, "workers-b") == all + ["stray"])
      let down = try await person.ktrdr("deploy", "workers", "B")
      #expect(down.status == 0, "\(down.error)")
      #expect(
        try await containers(person.lab, "workers-b") == kinds.map { "ktrdr-\($0)-worker-1" } + ["stray"])
      _ = try await person.lab.docker(on: "workers-b", ["rm", "--force", "stray"])
      let shown = try await person.ktrdr("show", "2")
      #expect(shown.output.contains("scale-down succeeded"))
    }

    @Test func `a node that is down is recorded as failed, and the other succeeds`() async throws {
      let person = try await Operator()
      try await person.lab.control("kill-host", person.lab.root, "workers-c", "sshd")
      let result = try await person.ktrdr("deploy", "workers", "all")
      try await person.lab.control("start-host", person.lab.root, "workers-c", "sshd")
      #expect(result.status == 1)
      #expect(result.error.contains("workers-c.ktrdr.lab refuses ssh connections"), "\(result.error)")
      let records = try await history(person)
      #expect(records.first { $0["target"] == "workers-b" }?["outcome"] == "succeeded")
      #expect(records.first { $0["target"] == "workers-c" }?["outcome"] == "failed")
    }

    @Test func `a canary that fails starts nothing else`() async throws {
      let person = try await Operator()
      let bad = person.lab.facts.tag_unhealthy
      let result = try await person.ktrdr("deploy", "workers", "all", "--canary", "--tag", bad)
      #expect(result.status == 1)
      #expect(result.error.contains("workers-c: not started: the canary workers-b did not succeed"), "\(result.error)")
      #expect(try await history(person).map { $0["target"] } == ["workers-b"])
    }

    @Test func `after a failure --fail-fast begins no further target, and --keep-going goes on`() async throws {
      let person = try await Operator()
      let bad = person.lab.facts.tag_unhealthy
      let fast = try await person.ktrdr(
        "deploy", "workers", "all", "--fail-fast", "--max-parallel", "1", "--tag", bad)
      #expect(fast.status == 1)
      #expect(fast.error.contains("workers-c: not started"), "\(fast.error)")
      let going = try await person.ktrdr("deploy", "workers", "all", "--max-parallel", "1", "--tag", bad)
      #expect(going.status == 1)
      #expect(try await history(person).compactMap { $0["target"] } == ["workers-c", "workers-b", "workers-b"])
    }

    @Test func `Ctrl-C during a parallel deployment leaves a true record for every target`() async throws {
      let person = try await Operator()
      #expect(try await person.ktrdr("deploy", "workers", "all", "--tag", person.lab.facts.tag_stubborn).status == 0)
      let tag = person.lab.facts.tags_good[0]
      let lab = person.lab
      // Compose stops a worker that ignores SIGTERM for as long as its grace period; the stop signal comes meanwhile.
      let result = try await person.ktrdr("deploy", "workers", "all", "--tag", tag) { pid in
        try? await Task.sleep(for: .seconds(2))
        kill(pid, SIGINT)
        for host in ["workers-b", "workers-c"] {
          let names = ["ktrdr-backtest-worker-1", "ktrdr-training-worker-1"]
          try? await Task.sleep(for: .milliseconds(500))
          _ = try? await lab.docker(on: host, ["kill"] + names)
        }
      }
      #expect(result.status == 130, "\(result.error)")
      for record in try await history(person).prefix(2) {
        #expect(record["outcome"] == "cancelled")
        let running = try await lab.docker(
          on: record["target"] ?? "", ["inspect", "--format", "{{.Config.Image}}", "ktrdr-backtest-worker-1"])
        let wasChanged = record["reason"]?.contains("after 'up' had begun") ?? false
        #expect(running.hasSuffix(wasChanged ? tag : lab.facts.tag_stubborn), "\(record)")
      }
    }

    @Test func `a rollback takes a whole batch back, and leaves alone what was changed since`() async throws {
      let person = try await Operator()
      let tags = person.lab.facts.tags_good
      #expect(try await person.ktrdr("deploy", "workers", "all", "--tag", tags[0]).status == 0)
      #expect(try await person.ktrdr("deploy", "workers", "all", "--tag", tags[1]).status == 0)
      #expect(try await person.ktrdr("deploy", "workers", "C", "--tag", tags[2]).status == 0)
      let result = try await person.ktrdr("rollback", "--batch", "3")
      #expect(result.status == 1)
      #expect(result.error.contains("workers-c was changed by deployment 5"), "\(result.error)")
      func image(_ host: String) async throws -> String {
        try await person.lab.docker(on: host, ["inspect", "--format", "{{.Config.Image}}", "ktrdr-backtest-worker-1"])
      }
      #expect(try await image("workers-b").contains("\(tags[0])@sha256:"))
      #expect(try await image("workers-c").hasSuffix(tags[2]))
      #expect(try await person.ktrdr("rollback", "workers", "C").status == 0)
      #expect(try await image("workers-c").contains("\(tags[1])@sha256:"))
    }

    @Test(arguments: [
      (["workers", "D"], "expected one of B, C"),
      (["workers", "B", "--profile", "scale-9"], "expected one of scale-2"),
      (["group", "gpu"], "expected workers"),
    ])
    func `an unknown node, profile or group is answered with the known ones`(words: [String], known: String)
      async throws
    {
      let person = try await Operator()
      let result = try await person.ktrdr(words: ["deploy"] + words)
      #expect(result.status == 64)
      #expect(result.error.contains(known), "\(result.error)")
    }

    @Test func `a group of any name is deployed by its own command`() async throws {
      var person = try await Operator()
      try person.rewriteInventory { $0.replacing("group: workers", with: "group: gpu") }
      let result = try await person.ktrdr("deploy", "group", "gpu", "B", "--dry-run")
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("workers-b on workers-b.ktrdr.lab"))
      #expect(try await person.ktrdr("deploy", "workers", "B").status == 64)
    }
  }
}
