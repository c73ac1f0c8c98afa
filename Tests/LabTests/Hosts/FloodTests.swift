import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct FloodTests {
    /// How much the host says: half of it one line without an end, half of it lines as people write. `make flood` takes
    /// 1 GiB, with a release build: an unoptimised one reads some megabytes a second.
    private static let mebibytes = ProcessInfo.processInfo.environment["FLOOD_MIB"].flatMap { Int($0) } ?? 64
    /// What the process may grow to, in KiB. It has some 37 MiB, mostly code, before the host says anything; with what is said it would have more.
    private static let limit = 64 << 10

    @Test func `a host that floods the client does not fill its memory`() async throws {
      let person = try await Operator()
      let plugins = "\(person.lab.root)/hosts/workers-b/home/.docker/cli-plugins"
      try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: "\(person.lab.root)/hosts/workers-b/home/.docker") }
      let compose = """
        #!/bin/sh
        for word; do
          [ "$word" = pull ] || continue
          head -c \(Self.mebibytes / 2)M /dev/zero | tr '\\0' x
          echo
          yes 'said a hundred times, and then again, with more words in each line of it' | head -c \(Self.mebibytes / 2)M
        done
        exec /usr/libexec/docker/cli-plugins/docker-compose "$@"

        """
      try Data(compose.utf8).write(to: URL(filePath: "\(plugins)/docker-compose"))
      _ = try await Programs.run("chmod", ["755", "\(plugins)/docker-compose"], environment: person.environment)
      let peak = Peak()
      let clock = ContinuousClock()
      let begun = clock.now
      let result = try await person.ktrdr(
        "deploy", "target", "workers-b", "--tag", person.lab.facts.tags_good[0]
      ) { pid in
        while let now = Self.peak(of: pid) {
          await peak.set(now)
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      #expect(result.status == 0, "\(result.error)")
      let most = await peak.kibibytes
      print("flood: \(Self.mebibytes) MiB said in \(clock.now - begun), the client had at most \(most >> 10) MiB")
      #expect((1..<Self.limit).contains(most))
    }

    private actor Peak {
      private(set) var kibibytes = 0
      func set(_ value: Int) { kibibytes = max(kibibytes, value) }
    }

    /// The most memory that a process has had, in KiB; `nil` when it is gone.
    private static func peak(of pid: Int32) -> Int? {
      let status = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/status"))) ?? Data()
      let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
  }
}
