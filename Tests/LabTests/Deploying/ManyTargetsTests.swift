import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Fifty stacks, all on one real host.
  @Suite(.serialized) struct ManyTargetsTests {
    private static let count = 50

    /// Writes fifty stacks onto the host of workers-b, and an operator's inventory that knows them as a group.
    private func operatorOfMany() async throws -> Operator {
      var person = try await Operator()
      let lab = person.lab
      let home = "\(lab.root)/hosts/workers-b/many"
      var targets = ""
      for number in 1...Self.count {
        let directory = "\(home)/\(number)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let stack = """
          name: many-\(number)
          services:
            worker:
              image: \(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG:?}
              network_mode: none
          """
        try Data(stack.utf8).write(to: URL(filePath: "\(directory)/compose.yaml"))
        targets += """
            many-\(number):
              {group: many, node: "\(number)", host: workers-b.ktrdr.lab, directory: \(directory), health_timeout: 30s, stable_for: 1s}

          """
      }
      try person.rewriteInventory { text in
        text.split(separator: "targets:")[0] + "targets:\n" + targets
      }
      return person
    }

    @Test func `fifty targets go with few connections, little memory and a readable summary`() async throws {
      let person = try await operatorOfMany()
      let tag = person.lab.facts.tags_good[0]
      let watch = Watch()
      let result = try await person.ktrdr("deploy", "group", "many", "--max-parallel", "3", "--tag", tag) { pid in
        await watch.follow(pid)
      }
      _ = try await person.lab.docker(
        on: "workers-b", ["rm", "--force"] + (1...Self.count).map { "many-\($0)-worker-1" })
      #expect(result.status == 0, "\(result.error.suffix(2000))")
      let rows = result.error.split(separator: "\n").filter { $0.hasPrefix("many-") && $0.hasSuffix("succeeded") }
      #expect(rows.count >= Self.count)
      #expect(
        try await person.ktrdr("history", "--format", "csv").output.split(whereSeparator: \.isNewline).count == Self
          .count + 1)
      let (connections, memory) = await (watch.connections, watch.memory)
      #expect((1...3).contains(connections), "\(connections) connections at once")
      #expect(memory > 0 && memory < 100 << 10, "\(memory) KiB at most")
    }

    /// The host's sshd has OpenSSH's own limit: from the eleventh connection that has not logged in it turns some away.
    @Test func `fifty targets behind one sshd are all reached when all are asked at once`() async throws {
      let person = try await operatorOfMany()
      let answer = try await person.ktrdr("status", "--format", "json")
      let status = try JSONDecoder().decode([StatusAnswer].self, from: Data(answer.output.utf8))
      #expect(status.count == Self.count, "\(answer.error)")
      #expect(status.compactMap(\.error).isEmpty, "\(answer.output.suffix(2000))")
    }
  }
}

/// Looks at a process again and again, for as long as it lives.
private actor Watch {
  /// The most `ssh` children at one time.
  private(set) var connections = 0
  /// The peak of its resident memory, in KiB.
  private(set) var memory = 0

  func follow(_ process: pid_t) async {
    while let status = text("/proc/\(process)/status"), !status.contains("State:\tZ") {
      let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      memory = max(memory, peak?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0)
      connections = max(connections, children(of: process))
      try? await Task.sleep(for: .milliseconds(30))
    }
  }

  private func children(of process: pid_t) -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    let children = tasks.flatMap { task in
      (text("/proc/\(process)/task/\(task)/children") ?? "").split(separator: " ").map(String.init)
    }
    return children.filter { text("/proc/\($0)/comm")?.trimmed == "ssh" }.count
  }

  private func text(_ path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}
