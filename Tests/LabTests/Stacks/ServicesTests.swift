import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What services are to each other, to their images and to their containers.
  @Suite(.serialized) struct ServicesTests {
    private func image() async throws -> String { "\(try await Lab.shared().facts.registry)/kpiteira/ktrdr-backend" }

    private func tags() async throws -> (String, String) {
      let tags = try await Lab.shared().facts.tags_good
      return (tags[0], tags[1])
    }

    @Test func `a container that crashes after five seconds has not succeeded, whatever the inventory leaves out`()
      async throws
    {
      let services = """
          web:
            image: \(try await image()):${IMAGE_TAG}
            network_mode: none
            restart: unless-stopped
            entrypoint: ["/bin/sh", "-c", "echo up; sleep 5; echo lost the database; exit 1"]
        """
      try await OwnStack(services, stableFor: nil).use { stack in
        let result = try await stack.deploy(tags().0)
        #expect(result.status == 1)
        #expect(
          result.error.contains("web keeps crashing") || result.error.contains("not healthy after 20s"),
          "\(result.error)")
      }
    }

    @Test func `an up that does not come to an end is ended, and holds nothing for ever`() async throws {
      let services = """
          migrate:
            image: \(try await image()):${IMAGE_TAG}
            network_mode: none
            entrypoint: ["/bin/sh", "-c", "echo waiting for a lock; sleep 1000"]
          web:
            image: \(try await image()):${IMAGE_TAG}
            network_mode: none
            depends_on: {migrate: {condition: service_completed_successfully}}
        """
      try await OwnStack(services, keys: "up_timeout: 3s").use { stack in
        let result = try await stack.deploy(tags().0)
        #expect(result.status == 1)
        #expect(result.error.contains("up did not end within 3s"), "\(result.error)")
        #expect(result.error.contains("\n  not running: web\n"), "\(result.error)")
        // Suites run side by side, so only what is at work in this stack's directory counts.
        var left = try stack.processes
        for _ in 0..<50 where !left.isEmpty {
          try await Task.sleep(for: .milliseconds(100))
          left = try stack.processes
        }
        #expect(left == [])
        // The lock is free, and what had been started goes on.
        #expect(try await stack.deploy(tags().0).error.contains("up did not end within 3s"))
        #expect(try await stack.inspect("migrate", "{{.State.Status}}") == "running")
      }
    }

    @Test func `what Docker is stopping when up is ended does not count as running`() async throws {
      let lab = try await Lab.shared()
      for tag in ["st1", "st2"] {
        _ = try await lab.push("kpiteira/stopping", tag, kind: "stubborn", marker: "stopping-\(tag)")
      }
      let services = """
          web:
            image: \(lab.facts.registry)/kpiteira/stopping:${IMAGE_TAG}
            network_mode: none
            restart: unless-stopped
          api:
            image: \(lab.facts.registry)/kpiteira/stopping:${IMAGE_TAG}
            network_mode: none
            restart: unless-stopped
            depends_on: [web]
        """
      try await OwnStack(services, keys: "up_timeout: 4s").use { stack in
        try #require(try await stack.deploy("st1").status == 0)
        // It takes the engine ten seconds to stop one of them.
        let late = try await stack.deploy("st2")
        #expect(late.error.contains("up did not end within 4s"), "\(late.error)")
        #expect(late.error.contains("\n  not running: web\n"), "\(late.error)")
        #expect(late.error.contains("next: to start what does not run: ktrdr rollback"), "\(late.error)")
        // What is told at once is still so when the engine is done.
        for pause in [0, 11] {
          try await Task.sleep(for: .seconds(pause))
          let (verdicts, exit) = try await stack.status()
          #expect(verdicts == ["api": "in sync", "web": "stopped"] && exit == 3, "\(verdicts)")
        }
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(back.error.contains("web: does not run, started again on its last good image"), "\(back.error)")
        #expect(try await stack.status() == (["api": "in sync", "web": "in sync"], 0))
      }
    }

    @Test func `a service with image and build is pulled by name, and one that is only built is not`() async throws {
      let services = """
          web: {image: "\(try await image()):${IMAGE_TAG}", build: ., network_mode: none}
        """
      let (one, two) = try await tags()
      try await OwnStack(services).use { stack in
        #expect(try await stack.deploy(one).status == 0)
        let result = try await stack.deploy(two)
        #expect(result.status == 0, "\(result.error)")
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(two)")

        let compose = "name: \(stack.project)\nservices:\n\(services)\n  tool: {build: ., network_mode: none}\n"
        try stack.write(compose, to: "compose.yaml")
        let missing = try await stack.deploy(two)
        #expect(missing.status == 69)
        #expect(missing.error.contains("-tool, and that of tool is not pulled"), "\(missing.error)")
        _ = try await stack.docker("tag", "\(try await image()):\(one)", "\(stack.project)-tool")
        let built = try await stack.deploy(two)
        #expect(built.status == 0, "\(built.error)")
        #expect(try await stack.image(of: "tool") == "\(stack.project)-tool")
        _ = try await stack.docker("image", "rm", "-f", "\(stack.project)-tool")
      }
    }

    @Test func `a rollback to an image that was built on the host and is gone says so`() async throws {
      try await OwnStack("  web: {image: \"\(try await image()):${IMAGE_TAG}\", network_mode: none}").use { stack in
        try #require(try await stack.deploy(tags().0).status == 0)
        for tag in ["v1", "v2"] {
          let label = "LABEL version=\(tag)"
          _ = try await stack.docker("commit", "--change", label, "\(stack.project)-web-1", "\(stack.project):\(tag)")
        }
        try stack.write(
          """
          name: \(stack.project)
          services:
            web: {image: "\(stack.project):${IMAGE_TAG}", pull_policy: never, network_mode: none}
          """, to: "compose.yaml")
        for tag in ["v1", "v2"] {
          let result = try await stack.deploy(tag)
          try #require(result.status == 0, "\(result.error)")
        }
        _ = try await stack.docker("image", "rm", "\(stack.project):v1")
        let plan = try await stack.rollback("--dry-run")
        #expect(plan.status == 69 && plan.error.contains("no longer has the image sha256:"), "\(plan.error)")
        let result = try await stack.rollback()
        #expect(result.status == 1)
        let what = " that web ran (\(stack.project):v1), and no registry knows it; nothing was changed"
        #expect(result.error.contains("backend.ktrdr.lab no longer has the image sha256:"), "\(result.error)")
        #expect(result.error.contains(what), "\(result.error)")
        #expect(try await stack.image(of: "web") == "\(stack.project):v2")
        _ = try await stack.docker("image", "rm", "-f", "\(stack.project):v2")
      }
    }

    @Test func `pull_policy does not make up ask the registry, so a rollback needs none`() async throws {
      let services = """
          web: {image: "\(try await image()):${IMAGE_TAG}", pull_policy: always, network_mode: none}
        """
      let (one, two) = try await tags()
      try await OwnStack(services).use { stack in
        #expect(try await stack.deploy(one).status == 0)
        #expect(try await stack.deploy(two).status == 0)
        try await Lab.shared().without("core", "registry") {
          let result = try await stack.rollback()
          #expect(result.status == 0, "\(result.error)")
        }
        #expect(try await stack.inspect("web", "{{.Config.Image}}").contains(":\(one)"))
      }
    }

    @Test func `an image is pulled although its policy is to build, and never where that is its policy`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push("kpiteira/policy", "v1", marker: "policy")
      let image = "\(lab.facts.registry)/kpiteira/policy:${IMAGE_TAG}"
      let built = "  web: {image: \"\(image)\", build: ., pull_policy: build, network_mode: none}"
      try await OwnStack(built).use { stack in
        let result = try await stack.deploy("v1")
        #expect(result.status == 0, "\(result.error)")
        #expect(try await stack.image(of: "web") == "policy:v1")
      }
      _ = try await lab.push("kpiteira/never", "v1", marker: "never")
      let never =
        "  web: {image: \"\(image.replacing("policy", with: "never"))\", pull_policy: never, network_mode: none}"
      try await OwnStack(never).use { stack in
        let result = try await stack.deploy("v1")
        #expect(result.status == 69)
        #expect(result.error.contains("kpiteira/never:v1, and that of web is not pulled"), "\(result.error)")
        _ = try await stack.docker(
          "tag", "\(lab.facts.registry)/kpiteira/policy:v1", image.replacing("policy:${IMAGE_TAG}", with: "never:v1"))
        #expect(try await stack.deploy("v1").status == 0)
      }
    }

    @Test func `the container of a service that was renamed is orphaned`() async throws {
      let (one, two) = try await tags()
      let image = try await image()
      try await OwnStack("  worker: {image: \"\(image):${IMAGE_TAG}\", network_mode: none}").use { stack in
        #expect(try await stack.deploy(one).status == 0)
        let renamed = "  jobs: {image: \"\(image):${IMAGE_TAG}\", network_mode: none}"
        try stack.write("name: \(stack.project)\nservices:\n\(renamed)\n", to: "compose.yaml")
        #expect(try await stack.status() == (["worker": "orphaned"], 3))
        let result = try await stack.deploy(two)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.error.contains("no longer has worker, whose containers are still there"))
        #expect(try await stack.containers.count == 2, "nothing is removed by itself")
        #expect(try await stack.status() == (["worker": "orphaned", "jobs": "in sync"], 3))
      }
    }

    @Test func `a job that has ended is completed, and one that did not run is said`() async throws {
      let image = try await image()
      let services = """
          migrate: {image: "\(image):${IMAGE_TAG}", network_mode: none, entrypoint: ["/bin/true"]}
          web:
            image: "\(image):${IMAGE_TAG}"
            network_mode: none
            depends_on: {migrate: {condition: service_completed_successfully}}
        """
      let (one, two) = try await tags()
      try await OwnStack(services).use { stack in
        let all = try await stack.deploy(one)
        #expect(all.status == 0, "\(all.error)")
        #expect(try await stack.status() == (["migrate": "completed", "web": "in sync"], 0))
        let plan = try await stack.deploy(two, "web", "--dry-run")
        #expect(plan.output.contains("not run    migrate"), "\(plan.output)")
        let alone = try await stack.deploy(two, "web")
        #expect(alone.status == 0, "\(alone.error)")
        #expect(alone.error.contains("migrate will not run"), "\(alone.error)")
        #expect(try await stack.person.ktrdr("show", "2").output.contains("migrate did not run"))
        let failing = services.replacing("/bin/true", with: "/bin/false")
        try stack.write("name: \(stack.project)\nservices:\n\(failing)\n", to: "compose.yaml")
        let failed = try await stack.deploy(one)
        #expect(failed.status == 1)
        #expect(failed.error.contains("migrate"), "\(failed.error)")
      }
    }

    @Test func `what shares a network goes along, on the image that it runs`() async throws {
      let image = try await image()
      let services = """
          vpn: {image: "\(image):${IMAGE_TAG}"}
          torrent: {image: "\(image):${IMAGE_TAG}", network_mode: "service:vpn"}
          other: {image: "\(image):${IMAGE_TAG}"}
        """
      let (one, two) = try await tags()
      try await OwnStack(services).use { stack in
        #expect(try await stack.deploy(one).status == 0)
        let other = try await stack.inspect("other", "{{.Id}}")
        let plan = try await stack.deploy(two, "vpn", "--dry-run")
        #expect(plan.output.contains("go along   torrent"), "\(plan.output)")
        let result = try await stack.deploy(two, "vpn")
        #expect(result.status == 0, "\(result.error)")
        let vpn = try await stack.inspect("vpn", "{{.Id}}")
        #expect(try await stack.inspect("torrent", "{{.HostConfig.NetworkMode}}") == "container:\(vpn)")
        #expect(try await stack.inspect("torrent", "{{.State.Running}}") == "true")
        #expect(try await stack.inspect("torrent", "{{.Config.Image}}").contains(":\(one)"))
        #expect(try await stack.image(of: "vpn") == "ktrdr-backend:\(two)")
        #expect(try await stack.inspect("other", "{{.Id}}") == other)
        let networks = try await stack.docker("network", "ls", "-q", "--filter", "name=\(stack.project)")
        for id in try await stack.containers { _ = try await stack.docker("rm", "-f", id) }
        _ = try await stack.docker("network", "rm", networks)
      }
    }
  }
}
