import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What ssh says, and what becomes of it.
  @Suite(.serialized) struct SSHTests {
    @Test func `a key file without its last newline is told as one that cannot be read`() async throws {
      let person = try await Operator()
      let key = person.ownPath("key")
      try await person.lab.shell("umask 077; printf %s \"$(cat \(person.lab.root)/id)\" >\(key)")
      let result = try await person.connecting { $0.replacing("\(person.lab.root)/id", with: key) }
        .ktrdr("doctor", "core")
      #expect(result.status == 69)
      #expect(
        result.output.contains("cannot read the ssh key \(key) for backend.ktrdr.lab: error in libcrypto"),
        "\(result.output)")
      #expect(!result.output.contains("ssh-copy-id"))
    }

    @Test func `more keys than the server tries are told as that`() async throws {
      let person = try await Operator()
      let keys = person.ownPath("keys")
      try await person.lab.shell(
        "mkdir \(keys) && for n in 1 2 3 4 5 6 7; do ssh-keygen -q -t ed25519 -N '' -f \(keys)/$n; done")
      let files = (1...7).map { "  IdentityFile \(keys)/\($0)\n" }.joined()
      let result = try await person.connecting { "Host backend.ktrdr.lab\n\(files)\($0)" }.ktrdr("doctor", "core")
      #expect(
        result.output.contains("backend.ktrdr.lab rejected the login: too many ssh keys were offered"),
        "\(result.output)")
    }

    @Test func `an agent that does not sign is told as that`() async throws {
      let person = try await Operator()
      let key = person.ownPath("agents-key")
      let agent = person.ownPath("agent")
      // The agent asks before each use, and has nothing to ask with. The private key is nowhere else.
      let started = try await person.lab.shell(
        """
        unset DISPLAY SSH_ASKPASS; eval "$(ssh-agent -a \(agent))" >/dev/null
        SSH_AUTH_SOCK=\(agent) ssh-add -q -c \(person.lab.root)/id && cp \(person.lab.root)/id.pub \(key).pub
        echo "$SSH_AGENT_PID"
        """)
      let result = try await person.connecting {
        $0.replacing("\(person.lab.root)/id\n", with: "\(key)\n").replacing(
          "IdentityAgent none", with: "IdentityAgent \(agent)")
      }.ktrdr("doctor", "core")
      try await person.lab.shell("kill \(started)")
      #expect(
        result.output.contains("no signature from the ssh key \(key) for backend.ktrdr.lab: agent refused operation"),
        "\(result.output)")
    }

    @Test func `a jump host that cannot reach the host is named`() async throws {
      let person = try await Operator()
      let through = try person.connecting { "Host backend.ktrdr.lab\n  ProxyJump workers-b.ktrdr.lab\n\($0)" }
      #expect(try await through.ktrdr("doctor", "core").output.contains("core: ok"))
      try await person.lab.without("core", "sshd") {
        let result = try await through.ktrdr("doctor", "core")
        #expect(
          result.output.contains(
            "the jump host workers-b.ktrdr.lab cannot reach backend.ktrdr.lab: connect failed: Connection refused"),
          "\(result.output)")
      }
    }

    @Test func `an unknown host key of a jump host asks nothing, not even in a terminal`() async throws {
      let person = try await Operator()
      let through = try person.connecting { config in
        let blocks = config.split(separator: "Host ").map(String.init)
        let jump = (blocks.first { $0.hasPrefix("workers-b.ktrdr.lab") } ?? "")
          .replacing("workers-b.ktrdr.lab", with: "jump.ktrdr.lab")
          .replacing("\(person.lab.root)/known_hosts", with: "/dev/null")
          .replacing("StrictHostKeyChecking yes", with: "StrictHostKeyChecking ask")
        return "Host backend.ktrdr.lab\n  ProxyJump jump.ktrdr.lab\nHost \(jump)\n\(config)"
      }
      // `script` gives it a terminal.
      let command = "timeout 60 \(KtrdrBinary.path) doctor core"
      let result = try await Programs.run(
        "script", ["-qec", command, "/dev/null"], environment: through.environment, in: through.directory)
      #expect(result.status == 69, "\(result.output)")
      #expect(result.output.contains("unknown host key for the jump host jump.ktrdr.lab"), "\(result.output)")
      #expect(!result.output.contains("authenticity"), "\(result.output)")
    }

    @Test func `a link that ssh prints while it waits is shown within three seconds`() async throws {
      let person = try await Operator()
      let open = person.ownPath("opened")
      let link = "To log in, open https://login.example.org/a1b2"
      let slow = try person.connecting(
        before: "printf '\(link)\\r\\n\\033[2J' >&2; for n in $(seq 100); do [ ! -e \(open) ] || break; sleep 0.1; done"
      )
      let shown = person.ownPath("shown")
      let start = ContinuousClock().now
      let command = "exec \(KtrdrBinary.path) doctor core -q 2>\(shown)"
      let result = try await Programs.run(
        "/bin/sh", ["-c", command], environment: slow.environment, in: slow.directory
      ) { _ in
        try? await eventually("the link") {
          // The shell may not have made the file yet.
          (try? String(contentsOfFile: shown, encoding: .utf8))?.contains(link) == true
        }
        #expect(ContinuousClock().now - start < .seconds(6))
        #expect(FileManager.default.createFile(atPath: open, contents: nil))
      }
      #expect(result.status == 0, "\(result.output)")
      #expect(
        try String(contentsOfFile: shown, encoding: .utf8) == "warning: ssh to backend.ktrdr.lab says: \(link)\n")
    }

    @Test func `after a banner and a warning a lost connection is a lost connection`() async throws {
      let person = try await Operator()
      let lab = person.lab
      let host = "\(lab.root)/hosts/workers-b"
      let preparation = """
        echo 'Permission denied to strangers.' >\(host)/banner && cp \(host)/sshd_config \(host)/sshd_config.banner &&
        echo 'Banner \(host)/banner' >>\(host)/sshd_config.banner &&
        mount --bind \(host)/sshd_config.banner \(host)/sshd_config
        """
      let warned = try person.connecting(
        before: "echo '** WARNING: connection is not using a post-quantum key exchange algorithm.' >&2")
      let registry = try lab.registryProcess()
      try await lab.withHost("workers-b", preparation) {
        kill(registry, SIGSTOP)
        defer { kill(registry, SIGCONT) }
        let result = try await warned.ktrdr("deploy", "target", "workers-b", "backtest-worker-1") { _ in
          try? await warned.waitForStep("login", of: 1)
          try? await lab.control("kill-host", lab.root, "workers-b", "sshd")
        }
        #expect(result.status == 1, "\(result.error)")
        #expect(
          result.error.contains("the connection to workers-b.ktrdr.lab was lost; nothing was changed"),
          "\(result.error)")
        // A server that ends the connection before it is one, after its banner.
        try await lab.control("start-host", lab.root, "workers-b", "sshd")
      }
      let record = try await warned.ktrdr("show", "1").output
      #expect(!record.contains("strangers") && !record.contains("WARNING"), "\(record)")
    }
  }
}
