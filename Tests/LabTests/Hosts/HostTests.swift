import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Hosts that are not as one would wish.
  @Suite(.serialized) struct HostTests {
    @Test func `doctor tells each target's versions, and every problem at once`() async throws {
      var person = try await Operator()
      let good = try await person.ktrdr("doctor")
      #expect(good.status == 0, "\(good.output)")
      for line in ["core: ok  Docker ", "workers-b: ok  Docker ", "1Password: ok"] {
        #expect(good.output.contains(line), "\(good.output)")
      }
      try person.rewriteInventory { $0.replacing("hosts/workers-b/stack", with: "hosts/workers-b/gone") }
      try await person.lab.failing("account-get no-session") {
        let bad = try await person.ktrdr("doctor")
        #expect(bad.status == 69)
        for line in ["core: ok", "workers-b: not ready", "has no directory", "1Password: not ready", "op signin"] {
          #expect(bad.output.contains(line), "\(bad.output)")
        }
        #expect(try await person.ktrdr("doctor", "core").status == 77)
      }
    }

    @Test func `a host without flock is refused, and one without Docker`() async throws {
      let person = try await Operator()
      let bare =
        "mount -t tmpfs none /usr/local/bin; for each in flock docker; do mount --bind /dev/null /usr/bin/$each; done"
      try await person.lab.withHost("workers-b", bare) {
        let result = try await person.ktrdr("deploy", "target", "workers-b")
        #expect(result.status == 69)
        #expect(result.error.contains("workers-b.ktrdr.lab has no flock"), "\(result.error)")
        #expect(result.error.contains("workers-b.ktrdr.lab has no docker"), "\(result.error)")
      }
      #expect(try await person.history().isEmpty)
    }

    @Test func `a host that has Compose in its user's own plugin directory only is deployed to`() async throws {
      let person = try await Operator()
      let own = "\(person.lab.root)/hosts/workers-b/home/.docker/cli-plugins"
      let moved = """
        mkdir -p \(own) && cp /usr/libexec/docker/cli-plugins/docker-compose \(own)/ &&
        for each in /usr/libexec/docker /usr/lib/docker /usr/local/lib/docker; do
          [ ! -d $each ] || mount -t tmpfs none $each
        done
        """
      try await person.lab.withHost("workers-b", moved) {
        let tag = person.lab.facts.tags_good[0]
        let result = try await person.ktrdr("deploy", "target", "workers-b", "--tag", tag)
        #expect(result.status == 0, "\(result.error)")
      }
      try FileManager.default.removeItem(atPath: "\(person.lab.root)/hosts/workers-b/home/.docker")
    }

    @Test func `a host without a writable tmpfs is a clear failure, and nothing is changed`() async throws {
      let person = try await Operator()
      let run = "\(person.lab.root)/hosts/workers-b/run"
      let disks =
        "mount -t tmpfs -o ro none /dev/shm && mount -o remount,bind,ro \(run) && mount -t tmpfs -o ro none \(run)"
      try await person.lab.withHost("workers-b", disks) {
        let result = try await person.ktrdr("deploy", "target", "workers-b", "backtest-worker-1")
        #expect(result.status == 1)
        #expect(
          result.error.contains("has no writable tmpfs for the registry login; nothing was changed"),
          "\(result.error)")
      }
      #expect(try await person.history() == ["failed"])
    }

    @Test func `a host key that is unknown or has changed is refused, and known_hosts is left alone`() async throws {
      let person = try await Operator()
      let real = String(
        decoding: try Data(contentsOf: URL(filePath: "\(person.lab.root)/known_hosts")), as: UTF8.self)
      // Another host's key under this host's name, as after a reinstallation or with somebody in between.
      let keys = real.split(separator: "\n").map { $0.split(separator: " ") }
      let swapped = keys.indices.map { "\(keys[$0][0]) " + keys[($0 + 1) % keys.count][1...].joined(separator: " ") }
      for (known, what) in [
        ("", "unknown host key for backend.ktrdr.lab"),
        (swapped.joined(separator: "\n") + "\n", "the host key of backend.ktrdr.lab has CHANGED"),
      ] {
        let (stranger, file) = try person.knowing(known)
        let result = try await stranger.ktrdr("deploy", "core", "backend")
        #expect(result.status == 69)
        #expect(result.error.contains(what), "\(result.error)")
        #expect(try Data(contentsOf: URL(filePath: file)) == Data(known.utf8), "known_hosts was changed")
      }
    }

    @Test func `the host's own Docker configuration stays byte for byte, and the pull does without it`() async throws {
      let person = try await Operator()
      let directory = "\(person.lab.root)/hosts/core/home/.docker"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      let mine = Data(#"{"auths": {"elsewhere.example": {"auth": "bWluZTptaW5l"}}}"#.utf8)
      try mine.write(to: URL(filePath: "\(directory)/config.json"))
      let good = try await person.ktrdr("deploy", "core", "backend")
      let bad = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-ffffff0")
      let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      let after = try Data(contentsOf: URL(filePath: "\(directory)/config.json"))
      try FileManager.default.removeItem(atPath: directory)
      #expect(good.status == 0, "\(good.error)")
      #expect(bad.status == 1)
      #expect(names == ["config.json"])
      #expect(after == mine)
      #expect(try await person.lab.loginsLeft() == [])
    }
  }
}
