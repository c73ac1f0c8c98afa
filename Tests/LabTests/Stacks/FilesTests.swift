import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What a stack's files say is what Compose makes of them.
  @Suite(.serialized) struct FilesTests {
    private static func web(_ more: String = "") async throws -> String {
      let registry = try await Lab.shared().facts.registry
      return """
          web:
            image: \(registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
            network_mode: none
            \(more)
        """
    }

    private func tags() async throws -> (String, String) {
      let tags = try await Lab.shared().facts.tags_good
      return (tags[0], tags[1])
    }

    @Test func `fields that take a size, a duration or a port get the inventory's plain values`() async throws {
      let services = """
          web:
            image: \(try await Lab.shared().facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}
            mem_limit: ${MEM}
            stop_grace_period: ${GRACE}
            ports: ["127.0.0.1:${PORT}:80"]
        """
      let keys = "environment: {MEM: 64m, GRACE: 2s, PORT: \"0\"}"
      try await OwnStack(services, keys: keys).use { stack in
        let result = try await stack.deploy(tags().0)
        #expect(result.status == 0, "\(result.error)")
        #expect(try await stack.inspect("web", "{{.HostConfig.Memory}}") == "\(64 << 20)")
      }
    }

    @Test func `what a file says may depend on a secret, which is read before anything is decided`() async throws {
      let lab = try await Lab.shared()
      let password = try await lab.field("grafana_password")
      try await lab.setField("grafana_password", to: "12345678ms")
      try await lab.mending({ try await lab.setField("grafana_password", to: password) }) {
        let keys = "secrets: {GRACE: grafana_password}"
        try await OwnStack(Self.web("stop_grace_period: ${GRACE}"), keys: keys).use { stack in
          let result = try await stack.deploy(tags().0)
          #expect(result.status == 0, "\(result.error)")
          #expect(try await stack.deploy("nosuch").error.contains("has no image with the tag nosuch"))
          let status = try await stack.person.ktrdr("status", "own")
          #expect(status.status == 0)
          #expect(
            status.error.contains("they are read without values: what they say depends on a secret"), "\(status.error)")
        }
        try await OwnStack(Self.web("stop_grace_period: ${GRACE}x"), keys: keys).use { stack in
          let result = try await stack.deploy(tags().0)
          #expect(result.status == 69)
          #expect(result.error.contains("Compose cannot read the files of own"), "\(result.error)")
          #expect(!result.error.contains("12345678ms"))
          #expect(try await stack.containers.isEmpty)
        }
      }
    }

    @Test func `compose files in a folder of their own are followed in deployment, record and status`() async throws {
      try await OwnStack("", keys: "compose_files: [deploy/compose.yml]").use { stack in
        try stack.write("name: \(stack.project)\nservices:\n\(try await Self.web())\n", to: "deploy/compose.yml")
        let (one, two) = try await tags()
        #expect(try await stack.deploy(one).status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
        #expect(try await stack.deploy(two, "web").status == 0)
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(two)")
        #expect(try await stack.person.ktrdr("show", "1").output.contains("ktrdr-backend:\(one)"))
        #expect(try await stack.rollback().status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }

    @Test func `a tag that no image takes is refused, and the right variable works`() async throws {
      let registry = try await Lab.shared().facts.registry
      let (one, two) = try await tags()
      let services = """
          web: {image: "\(registry)/kpiteira/ktrdr-backend:${TAG:-\(one)}", network_mode: none}
          db: {image: "\(registry)/kpiteira/ktrdr-backend:\(one)", network_mode: none}
        """
      try await OwnStack(services).use { stack in
        let result = try await stack.deploy(two)
        #expect(result.status == 69)
        #expect(result.error.contains("no image of own takes IMAGE_TAG"), "\(result.error)")
        #expect(result.error.contains("its images use TAG"))
        #expect(result.error.contains("tag_variable: TAG"))
        #expect(try await stack.containers.isEmpty)
      }
      try await OwnStack(services, keys: "tag_variable: TAG").use { stack in
        #expect(try await stack.deploy(two).status == 0)
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(two)")
        let alone = try await stack.deploy(two, "db")
        #expect(alone.status == 0)
        #expect(
          alone.error.contains("TAG chooses no image of what is deployed; by the compose file db runs"),
          "\(alone.error)")
      }
    }

    @Test func `a file that made the containers is not left out unasked`() async throws {
      let registry = try await Lab.shared().facts.registry
      let web = "  web: {image: \"\(registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}\", network_mode: none}"
      let both = "compose_files: [compose.yaml, prod.yaml]"
      let (one, two) = try await tags()
      try await OwnStack(web, keys: both).use { stack in
        try stack.write("services: {web: {restart: always}}\n", to: "prod.yaml")
        #expect(try await stack.deploy(one).status == 0)
        let path = try #require(stack.person.environment["KTRDR_CONFIG"])
        let inventory = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        try Data(inventory.replacing(both, with: "").utf8).write(to: URL(filePath: path))
        let refused = try await stack.deploy(two)
        #expect(refused.status == 69)
        let what = "web was created from compose.yaml, prod.yaml, and a deployment of own reads only compose.yaml"
        #expect(refused.error.contains(what), "\(refused.error)")
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(one)")
        let named = inventory.replacing(both, with: "compose_files: [compose.yaml]")
        try Data(named.utf8).write(to: URL(filePath: path))
        #expect(try await stack.deploy(two).status == 0)
      }
    }

    @Test func `the tag is seen through .env, and an include by a variable is read`() async throws {
      let registry = try await Lab.shared().facts.registry
      try await OwnStack("", keys: "environment: {WHERE: parts}").use { stack in
        try stack.write("APP=\(registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}\n", to: ".env")
        try stack.write("services:\n  extra: {image: \"${APP}\", network_mode: none}\n", to: "parts/x.yaml")
        try stack.write(
          """
          name: \(stack.project)
          include: ["${WHERE}/x.yaml"]
          services:
            web: {image: "${APP}", network_mode: none}
          """, to: "compose.yaml")
        let (one, two) = try await tags()
        #expect(try await stack.deploy(one).status == 0)
        let result = try await stack.deploy(two)
        #expect(result.status == 0, "\(result.error)")
        for service in ["web", "extra"] { #expect(try await stack.image(of: service) == "ktrdr-backend:\(two)") }
        #expect(try await stack.status().exit == 0)
      }
    }

    @Test func `the files and profiles that the host's own settings name count every time`() async throws {
      try await OwnStack(Self.web()).use { stack in
        try stack.write("COMPOSE_FILE=compose.yaml:prod.yaml\nCOMPOSE_PROFILES=debug\n", to: ".env")
        try stack.write(
          """
          services:
            web: {labels: {prod: "yes"}}
            probe: {image: "\(try await Lab.shared().facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}", network_mode: none, profiles: [debug]}
          """, to: "prod.yaml")
        let (one, two) = try await tags()
        #expect(try await stack.deploy(one).status == 0)
        #expect(try await stack.deploy(two).status == 0)
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        for service in ["web", "probe"] {
          #expect(try await stack.inspect(service, "{{.Config.Image}}").contains(":\(one)"), "\(service)")
        }
        #expect(try await stack.inspect("web", "{{.Config.Labels.prod}}") == "yes")
        #expect(try await stack.status().exit == 0)
        #expect(try await stack.deploy(two).status == 0)
        #expect(try await stack.containers.count == 2, "what the host's settings switched on stays")
      }
    }

    @Test func `a dollar sign that is meant as one is explained where a deployed service has it`() async throws {
      let registry = try await Lab.shared().facts.registry
      let services = """
          web: {image: "\(registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}", network_mode: none}
          proxy:
            image: "\(registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}"
            network_mode: none
            labels: {auth: "u:$apr1$abc$def"}
        """
      try await OwnStack(services).use { stack in
        let alone = try await stack.deploy(tags().0, "web")
        #expect(alone.status == 0, "\(alone.error)")
        let result = try await stack.deploy(tags().0, "proxy")
        #expect(result.status == 69)
        #expect(result.error.contains("apr1 is not set (compose.yaml, line 7)"), "\(result.error)")
        #expect(result.error.contains("$$ for a literal dollar sign"))
        #expect(try await stack.containers.count == 1)
      }
    }

    @Test func `two directories that are one project to Compose are told apart before anything changes`() async throws {
      try await OwnStack(Self.web()).use { stack in
        let (one, two) = try await tags()
        #expect(try await stack.deploy(one).status == 0)
        var other = stack.person
        let staging = "\(stack.directory)-staging"
        try FileManager.default.copyItem(atPath: stack.directory, toPath: staging)
        let inventory = String(
          decoding: try Data(contentsOf: URL(filePath: other.environment["KTRDR_CONFIG"] ?? "")), as: UTF8.self)
        try other.rewriteInventory { _ in inventory.replacing(stack.directory, with: staging) }
        let result = try await other.ktrdr("deploy", "target", "own", "--tag", two)
        #expect(result.status == 69)
        #expect(result.error.contains("\(staging) and \(stack.directory) on backend.ktrdr.lab"), "\(result.error)")
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(one)")

        try FileManager.default.removeItem(atPath: stack.directory)
        let moved = try await other.ktrdr("deploy", "target", "own", "--tag", two)
        #expect(moved.status == 0, "\(moved.error)")
        #expect(moved.error.contains("were created from \(stack.directory)"), "\(moved.error)")
        #expect(try await stack.image(of: "web") == "ktrdr-backend:\(two)")
      }
    }
  }
}
