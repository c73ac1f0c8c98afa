import Platform
import TestSupport
import Testing

extension Rig {
  /// Holds the next deployment up at `moment`.
  func arm(_ moment: Moment) {
    switch moment.hold {
    case .valve(let what), .ledger(after: let what): write("\(valve)/moment", what)
    case .gate(let name): write("\(host)/home/gates/\(name)")
    case .onePassword:
      remove("\(lab.root)/op/calls.log")
      write("\(lab.root)/op/fail", "item-get slow 2\n")
    case .stubbornContainer: break
    }
  }

  /// Waits until the deployment is held up, and lets `strike` do what it does. Then everything goes on, but for what
  /// the connection holds back where that `isLost`.
  func meet(_ moment: Moment, isLost: Bool, strike: @Sendable () async -> Void) async {
    switch moment.hold {
    case .valve:
      #expect(await appears("\(valve)/reached"), "the moment never came")
      await strike()
      if !isLost { write("\(valve)/go") }
    case .gate(let name):
      #expect(await appears("\(host)/home/gates/\(name).reached"), "the moment never came")
      await strike()
      remove("\(host)/home/gates/\(name).reached")
    case .onePassword:
      #expect(await eventually { await shell("grep 'item get' \(lab.root)/op/calls.log") != "" })
      await strike()
      remove("\(lab.root)/op/fail")
    case .stubbornContainer:
      let socket = lab.facts.sockets["core"] ?? ""
      let since = Int(Date().timeIntervalSince1970) - 1
      let events =
        "docker -H unix://\(socket) events --since \(since) --filter event=kill --filter container=ktrdr-backend"
      #expect(await !shell("timeout 30 \(events) | head -n 1").isEmpty, "the moment never came")
      await strike()
    case .ledger:
      #expect(await appears("\(valve)/reached"), "the moment never came")
      await whileLedgerIsBusy {
        write("\(valve)/go")
        try? await Task.sleep(for: .milliseconds(400))
        await strike()
      }
    }
  }

  /// Another program holds the ledger's write lock for as long as `body` takes.
  private func whileLedgerIsBusy(_ body: @Sendable () async -> Void) async {
    let holder = """
      import os, sqlite3, sys, time
      path, mark = sys.argv[1:]
      ledger = sqlite3.connect(path, isolation_level=None)
      ledger.execute("BEGIN IMMEDIATE")
      open(mark, "w").close()
      while os.path.exists(mark): time.sleep(0.02)
      """
    let mark = "\(valve)/busy"
    async let held = Programs.run(
      "/usr/bin/python3", ["-c", holder, person.ledger, mark], environment: lab.environment)
    _ = await appears(mark)
    await body()
    remove(mark)
    _ = try? await held
  }

  /// Makes it go wrong. `client` is ktrdr.
  func strike(_ means: Means, client: pid_t) async {
    switch means {
    case .sigint, .sigterm, .sighup, .sigkill:
      kill(client, means.signal ?? 0)
      try? await Task.sleep(for: .milliseconds(150))
    case .sshKilled:
      await shell("kill -9 $(pgrep -P \(client) -x ssh) $(pgrep -P $(pgrep -d, -P \(client) -x ssh) -x ssh)")
    case .sshdKilled: await shell("kill -9 \(sessions().joined(separator: " "))")
    case .sshdDown: try? await lab.control("kill-host", lab.root, "core", "sshd")
    case .networkGone:
      await shell("kill -STOP \(sessions().joined(separator: " "))")
      // ssh gives up after two seconds of silence.
      try? await Task.sleep(for: .milliseconds(2500))
    }
  }

  /// Undoes what lasts longer than the fault: the network is back, sshd runs again.
  func mend(_ means: Means) async {
    switch means {
    case .sshdDown: try? await lab.control("start-host", lab.root, "core", "sshd")
    case .networkGone: await shell("kill -CONT \(sessions().joined(separator: " "))")
    default: break
    }
  }
}
