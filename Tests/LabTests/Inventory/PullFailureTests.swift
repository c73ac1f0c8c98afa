import TestSupport
import Testing

extension LabSuites {
  /// Core has Docker Engine 20.10, workers-c 26.1 with containerd's store: their words differ.
  @Suite(.serialized) struct PullFailureTests {
    @Test(arguments: ["core", "workers-c"])
    func `the image whose name is misspelt is named, not the one beside it`(host: String) async throws {
      let lab = try await Lab.shared()
      let services = """
          web: {image: "\(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}", network_mode: none}
          job: {image: "\(lab.facts.registry)/kpiteira/ktrdr-bakcend:${IMAGE_TAG}", network_mode: none}
        """
      try await OwnStack(services, on: host).use { stack in
        let result = try await stack.deploy(lab.facts.tags_good[0])
        #expect(result.status == 1)
        #expect(result.error.contains("for kpiteira/ktrdr-bakcend: has CI finished building it?"), "\(result.error)")
        #expect(result.error.contains("nothing was changed"))
        #expect(try await stack.containers.isEmpty)
      }
    }

    @Test(arguments: ["core", "workers-c"])
    func `an image for another platform is told from one that is missing`(host: String) async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push("kpiteira/elsewhere", "v1", marker: "elsewhere", index: "linux/s390x")
      // Docker does not say which of the two it is.
      let services = """
          web: {image: "\(lab.facts.registry)/kpiteira/ktrdr-backend:${IMAGE_TAG}", network_mode: none}
          tool: {image: "\(lab.facts.registry)/kpiteira/elsewhere:v1", network_mode: none}
        """
      try await OwnStack(services, on: host).use { stack in
        let result = try await stack.deploy(lab.facts.tags_good[0])
        #expect(result.status == 1)
        let image = "\(lab.facts.registry)/kpiteira/elsewhere:v1"
        #expect(result.error.contains("\(image) exists, but not for"), "\(result.error)")
        #expect(result.error.contains("the platform of \(host == "core" ? "backend" : host).ktrdr.lab"))
        #expect(!result.error.contains("has CI finished"))
        #expect(try await stack.containers.isEmpty)
      }
    }
  }
}
