import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct HygieneTests {
    private static func text(_ path: String) -> String {
      String(decoding: (try? Data(contentsOf: URL(filePath: path))) ?? Data(), as: UTF8.self)
    }

    /// Waits until `ready`, half a minute at most.
    private static func wait(until ready: () -> Bool) async {
      for _ in 0..<600 where !ready() { try? await Task.sleep(for: .milliseconds(50)) }
    }

    @Test func `a client that crashes with secrets in memory says nothing and leaves no core file`() async throws {
      var person = try await Operator()
      person.environment["SWIFT_BACKTRACE"] = "enable=yes,color=no"
      let calls = "\(person.lab.root)/op/calls.log"
      let before = Self.text(calls).split(separator: "\n").count { $0.hasPrefix("item get") }
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tag_unhealthy) { pid in
        await Self.wait { Self.text(calls).split(separator: "\n").count { $0.hasPrefix("item get") } > before }
        // What op answered is read and sent to the host; the unhealthy service keeps the client waiting.
        try? await Task.sleep(for: .milliseconds(700))
        let limit = Self.text("/proc/\(pid)/limits").split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(limit?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
        kill(pid, SIGSEGV)
      }
      #expect(result.status == 128 + SIGSEGV)
      #expect(!result.error.lowercased().contains("crash") && !result.error.contains("Thread 0"), "\(result.error)")
    }

    @Test func `another program of Swift's does print when it crashes, so the test above can fail`() async throws {
      let writer = KtrdrBinary.path.replacingLastComponent(by: "ledger-writer")
      // A signal from outside is no fault, so the program may live on after its report.
      let crash = """
        d=$(mktemp -d); "$1" --ledger $d/x --events 100000000 2>$d/said & pid=$!
        sleep 1; kill -SEGV $pid
        for i in $(seq 100); do grep -q crashed $d/said && break; sleep 0.2; done
        kill -KILL $pid; cat $d/said >&2; rm -r $d
        """
      let result = try await Programs.run(
        "/bin/sh", ["-c", crash, "sh", writer],
        environment: ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no"])
      #expect(result.error.contains("crashed"), "\(result.error)")
    }

    @Test func `another process of the same user cannot look into the client, but into an ordinary one`() async throws {
      let person = try await Operator()
      let fail = "\(person.lab.root)/op/fail"
      try Data("item-get slow 3\n".utf8).write(to: URL(filePath: fail))
      defer { try? FileManager.default.removeItem(atPath: fail) }
      let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
      _ = try await Programs.run(
        "setpriv", nobody + [KtrdrBinary.path, "secrets", "check", "core"], environment: person.environment
      ) { pid in
        await Self.wait { Self.text("/proc/\(pid)/comm") == "ktrdr\n" && Self.owner(of: pid) == 0 }
        #expect(Self.owner(of: pid) == 0)
      }
      _ = try await Programs.run("setpriv", nobody + ["sleep", "1"], environment: person.environment) { pid in
        await Self.wait { Self.text("/proc/\(pid)/comm") == "sleep\n" }
        #expect(Self.owner(of: pid) == 65534)
      }
    }

    /// Who may read the memory and environment of a process; root alone where it is not dumpable.
    private static func owner(of pid: pid_t) -> uid_t? {
      var found = stat()
      return stat("/proc/\(pid)/environ", &found) == 0 ? found.st_uid : nil
    }
  }
}

extension String {
  fileprivate func replacingLastComponent(by name: String) -> String {
    split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/\(name)"
  }
}
